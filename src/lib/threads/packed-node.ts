/**
 * What stands in a log of a message that came with a snapshot: all but its text, which stands in storage.
 * Classes of their own, for a header or a body from outside may have any further field.
 */

import type { CID } from 'multiformats/cid';

export class PackedHeader {
	readonly t = 'entry';
	readonly epoch: CID;
	readonly #parents: () => readonly CID[];

	constructor(epoch: CID, parents: () => readonly CID[]) {
		this.epoch = epoch;
		this.#parents = parents;
	}

	get parents(): readonly CID[] {
		return this.#parents();
	}
}

export class PackedMessage {
	readonly t = 'message';
	/** 16 bytes. */
	readonly id: Uint8Array;
	readonly cert: { readonly root: Uint8Array };
	readonly isBlind: boolean;

	constructor(id: Uint8Array, root: Uint8Array, isBlind: boolean) {
		this.id = id;
		this.cert = { root };
		this.isBlind = isBlind;
	}
}

/**
 * A text is asked for that a snapshot brought without. Whoever reads the thread does so once more, with
 * all its entries.
 */
export class TextsAway extends Error {
	override readonly name = 'TextsAway';
}
