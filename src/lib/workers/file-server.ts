/**
 * Files as streams, under a URL of the app's own origin: a player seeks in them before they are all
 * here, and the browser saves them without holding them. The service worker reads and opens the blocks;
 * for those that are not here it asks the pages, which fetch them before all others.
 */

import * as v from 'valibot';
import { FileUnavailable, openFile, openRange } from '../post/files.ts';
import type { Desk } from '../post/ports.ts';
import { parseMessageId, parseThreadId, type BlockId } from '../wire/ids.ts';
import type { Attachment } from '../wire/mail.ts';
import { headersOf, isPlayed, parseRange, type Range } from './file-answer.ts';
import { wantAnswer, whoseAnswer, type Ask, type Ticket } from './file-words.ts';

export type FileDesk = Pick<Desk, 'suite' | 'store' | 'blocks'>;

export interface FileServerPorts {
	/** Laid for one answer, and put away after it. */
	readonly layDesk: () => Promise<{ readonly desk: FileDesk; readonly close: () => void }>;
	/** Every page's answer, the first that comes first; ends when all have answered, or are gone. */
	readonly askPages: (ask: Ask, signal?: AbortSignal) => AsyncIterable<unknown>;
	readonly now: () => number;
}

/** A page that is loaded anew is back by then: so long a stream waits for one that brings what it lacks, ms. */
const AWAY_MS = 15_000;
/** Until pages are looked for again. */
const AGAIN_MS = 1_000;
/** Below the half minute after which browsers end a worker that hears nothing. */
const BUSY_MS = 10_000;
/** Chunks that the stream holds ready: more would be read for nothing when a player seeks away. */
const READY_CHUNKS = 2;

export class FileServer {
	readonly #ports: FileServerPorts;
	#saidAt = 0;

	constructor(ports: FileServerPorts) {
		this.#ports = ports;
	}

	/** @param path what follows `file/`, as in the URL */
	async answer(
		request: Pick<Request, 'destination' | 'headers' | 'signal'>,
		path: string
	): Promise<Response> {
		const [token = '', encoded = ''] = path.split('/');
		const ticket = await this.#ticketOf(token);
		if (ticket === null) return new Response(null, { status: 404 });
		const { desk, close } = await this.#ports.layDesk();
		try {
			const file = await findFile(desk, ticket);
			if (file === null) {
				close();
				return new Response(null, { status: 404 });
			}
			const { size, type } = file;
			const asked = { destination: request.destination, type, name: decode(encoded) };
			const range = parseRange(request.headers.get('range'), size);
			if (range === 'beyond') {
				close();
				const headers = { 'content-range': `bytes */${String(size)}` };
				return new Response(null, { status: 416, headers });
			}
			const headers = headersOf(asked, size, range);
			const reading: Reading = { token, ticket, file, isPlayed: isPlayed(asked), close };
			const body = this.#read(desk, reading, range);
			return new Response(body, { status: range === 'whole' ? 200 : 206, headers });
		} catch (error) {
			close();
			throw error;
		}
	}

	/** Asked each time: a token means something as long as its page is there. */
	async #ticketOf(token: string): Promise<Ticket | null> {
		if (!/^[0-9a-f]{32}$/.test(token)) return null;
		for await (const said of this.#ports.askPages({ type: 'file-whose', token })) {
			const ticket = v.safeParse(whoseAnswer, said);
			if (ticket.success && ticket.output !== null) return ticket.output;
		}
		return null;
	}

	#read(desk: FileDesk, reading: Reading, range: Range | 'whole'): ReadableStream<Uint8Array> {
		const { file, ticket, token, close } = reading;
		const abort = new AbortController();
		const options = {
			signal: abort.signal,
			bring: (ids: readonly BlockId[]) => this.#bring(token, ticket, ids, abort.signal)
		};
		const isSaved = range === 'whole' && !reading.isPlayed;
		const part = range === 'whole' ? { start: 0, end: file.size } : range;
		const pieces = isSaved
			? openFile(desk, desk.blocks, file, options)
			: openRange(desk, desk.blocks, file, part, options);
		return new ReadableStream<Uint8Array>(
			{
				pull: async (controller) => {
					this.#stayAwake();
					try {
						const next = await pieces.next();
						if (next.done !== true) return controller.enqueue(next.value);
						controller.close();
					} catch (error) {
						if (error instanceof FileUnavailable && error.problem === 'damaged') {
							void drain(this.#ports.askPages({ type: 'file-damaged', ticket }));
						}
						controller.error(error);
					}
					close();
				},
				cancel: () => {
					abort.abort();
					close();
				}
			},
			{ highWaterMark: READY_CHUNKS }
		);
	}

	/** Where no page looks after it (one is loaded anew, another takes the lead), pages are asked again. */
	async #bring(
		token: string,
		ticket: Ticket,
		ids: readonly BlockId[],
		signal: AbortSignal
	): Promise<void> {
		const ask = { type: 'file-want' as const, token, ticket, ids: [...ids] };
		const until = this.#ports.now() + AWAY_MS;
		while (this.#ports.now() <= until) {
			for await (const said of this.#ports.askPages(ask, signal)) {
				const answer = v.safeParse(wantAnswer, said);
				if (answer.success && answer.output === 'here') return;
				if (answer.success && answer.output === 'no-holder') throw new FileUnavailable('no-holder');
			}
			signal.throwIfAborted();
			await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
		}
		throw new FileUnavailable('no-holder');
	}

	/** Pages answer, and a worker that is spoken to goes on. */
	#stayAwake(): void {
		if (this.#ports.now() - this.#saidAt < BUSY_MS) return;
		this.#saidAt = this.#ports.now();
		void drain(this.#ports.askPages({ type: 'file-busy' }));
	}
}

interface Reading {
	readonly token: string;
	readonly ticket: Ticket;
	readonly file: Attachment;
	readonly isPlayed: boolean;
	readonly close: () => void;
}

async function findFile({ store }: FileDesk, ticket: Ticket): Promise<Attachment | null> {
	const thread = parseThreadId(ticket.thread);
	const message = parseMessageId(ticket.message);
	const row = thread && message && (await store.get('message', [thread, message]));
	return row?.mail.attachments[ticket.index] ?? null;
}

function decode(name: string): string {
	try {
		return decodeURIComponent(name);
	} catch {
		return 'file'; // no name that we gave
	}
}

async function drain(answers: AsyncIterable<unknown>): Promise<void> {
	for await (const _ of answers);
}
