/**
 * The byte stream under a session, whatever carries it: a data channel, a relayed stream, or two
 * queues in memory.
 */

import type { PeerName } from '../wire/ids.ts';
import { FrameReader } from '../wire/frame.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Refusal } from '../wire/refusal.ts';

/** In order and without loss while it lasts; it may vanish at any moment, in one or both directions. */
export interface Pipe {
	/** Ourselves, and the peer as the transport has authenticated it. */
	readonly local: PeerName;
	readonly remote: PeerName;
	/** Resolves when there is room for more; rejects with `PipeGone`. */
	send(bytes: Uint8Array): Promise<void>;
	/** What comes, in pieces of any size; ends when the pipe does. To be read once. */
	readonly incoming: AsyncIterable<Uint8Array>;
	/** Ends both directions; what was not yet sent may be lost. Harmless when repeated. */
	close(): void;
}

/** The stream has ended: a fact of life, nobody's fault. */
export class PipeGone extends Error {}

/** The peer broke the protocol: the session ends, and the reason is counted. */
export class Breach extends Error {
	readonly reason: Refusal;

	constructor(reason: Refusal) {
		super(reason);
		this.reason = reason;
	}
}

/** Payloads of the frames; throws `Breach` on one that is too large. A cut one at the end is no frame. */
export async function* framesOf(incoming: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	const reader = new FrameReader(LIMITS.frameBytes);
	for await (const piece of incoming) {
		const frames = reader.push(piece);
		if (!frames.ok) throw new Breach(frames.reason);
		yield* frames.value;
	}
}
