/**
 * Bounds of one office that are not part of the protocol: another office may choose others. The
 * protocol's own stand in `wire/limits.ts`.
 */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const GIB = 1024 ** 3;

export const BOUNDS = {
	/** Addresses that register here, and bytes of all together, unless the operator says otherwise. */
	accounts: 10_000,
	totalBytes: 64 * GIB,
	/** Devices of one address; the one enrolled longest ago gives way, and enrols anew if it lives. */
	devices: 32,
	/** What a row costs beside its content: charged to the quota, so that empty blocks cost too. */
	rowBytes: 256,
	/** A send with its notice, its receipt and its rows. */
	sendBytes: 8192,
	/** Sends that one address may have open at once. */
	sendsPerAddress: 20_000,
	/** Headers visited for one question about ancestors, and such walks under way at once. */
	walk: 65_536,
	walksAtOnce: 4,
	/** Headers visited before others get their turn. */
	walkStep: 128,
	/** Headers whose parents are kept in memory, about 300 bytes each. */
	knownParents: 100_000,
	/** Notices in memory for one address (8 MiB) and for all (512 MiB). */
	noticesPerAddress: 2048,
	notices: 131_072,
	/** Streams of events open for one address; the oldest gives way. */
	listenersPerAddress: 32,
	/** Events that a listener may leave unread before it is dropped: 4 KiB each. */
	unreadEvents: 4096,
	/** Nonces of signed requests remembered, each for twice `requestAgeMs`. */
	nonces: 200_000,
	/** Old ones forgotten with each new one: what has piled up goes step by step. */
	noncesForgotten: 16,
	/** Other offices that are being called at once; each gets its drops one by one. */
	officesAtOnce: 8,
	/** Sends looked at in one round of repeats. */
	dueAtOnce: 256,
	dropMs: 15_000,
	/** First pause after a drop that failed; it doubles up to `repeatMaxMs`. */
	retryMs: 15_000,
	/** Due sends are looked for this often. */
	dueMs: 5_000,
	/** How long an ended send waits for its writer to take the news. */
	endedKeptMs: 180 * DAY,
	/** What expires is looked for this often. */
	sweepMs: 6 * 60 * MINUTE,
	pingMs: 15_000
} as const;
