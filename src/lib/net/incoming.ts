/** The credit that a peer has with us: what it may send of `entries` and `block` before we grant more. */

import { LIMITS } from '../wire/limits.ts';
import { encodeObject } from '../wire/office.ts';
import type { Outgoing } from './outgoing.ts';
import { Breach } from './pipe.ts';

export class Incoming {
	readonly #outgoing: Outgoing;
	#leftBytes: number = LIMITS.creditBytes;

	constructor(outgoing: Outgoing) {
		this.#outgoing = outgoing;
	}

	/** Lets the peer send so much more before it has to wait: for blocks that we asked for. */
	widen(bytes: number): void {
		this.#leftBytes += bytes;
		this.#outgoing.small(encodeObject('credit', { bytes }));
	}

	/**
	 * Books a frame that came. Throws `Breach` on one beyond the credit. The function that it gives
	 * returns the credit when the frame is dealt with; a second call does nothing.
	 */
	take(bytes: number): () => void {
		if (bytes > this.#leftBytes) throw new Breach('rate-limited');
		this.#leftBytes -= bytes;
		let isReturned = false;
		return () => {
			if (isReturned) return;
			isReturned = true;
			this.#leftBytes += bytes;
			this.#outgoing.small(encodeObject('credit', { bytes }));
		};
	}
}
