/** What the service worker and the pages say to each other about files that are read as a stream. */

import * as v from 'valibot';

/** Under the app's own folder: `file/<token>/<name>`; the token is 128 random bits in hex. */
export const FILE_FOLDER = 'file/';
const token = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));

/** Which file a token means: an attachment of a stored message. It is in memory only, at both ends. */
const ticketSchema = v.object({
	thread: v.string(),
	message: v.string(),
	index: v.pipe(v.number(), v.integer(), v.minValue(0))
});
export type Ticket = Readonly<v.InferOutput<typeof ticketSchema>>;

/** From the worker to all pages of the app, each with a port of its own for the answer. */
export const askSchema = v.variant('type', [
	/** Answered with a ticket, or `null`: not mine. */
	v.object({ type: v.literal('file-whose'), token }),
	/**
	 * These blocks are read next, and are not here. Answered with `here`, `no-holder`, or `null`: another
	 * page looks after that. Until then the page answers whatever else comes over the port with `coming`.
	 */
	v.object({
		type: v.literal('file-want'),
		token,
		ticket: ticketSchema,
		ids: v.array(v.string())
	}),
	/** A file is being read; answered with `stay`, which keeps the worker awake. */
	v.object({ type: v.literal('file-busy') }),
	/** What was read is not what its message says. */
	v.object({ type: v.literal('file-damaged'), ticket: ticketSchema })
]);
export type Ask = v.InferOutput<typeof askSchema>;

/** The page is there, and at work. */
export const COMING = 'coming';

export const whoseAnswer = v.nullable(ticketSchema);
export const wantAnswer = v.nullable(v.picklist(['here', 'no-holder']));
export type WantAnswer = v.InferOutput<typeof wantAnswer>;
