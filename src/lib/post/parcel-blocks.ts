/**
 * The blocks of a parcel on their way in: only those that some message of its threads names, by a
 * manifest that came before. Whatever else is packed into it takes no room here, nor what a list names
 * that is not the one of its place: nothing would ever delete it.
 */

import { isDigestOf } from '../wire/codec.ts';
import { cidToBlockId, type BlockId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Block } from '../wire/office.ts';
import { linksBelow, rootOf, type Link } from './manifest.ts';
import type { JudgedLetter } from './parcel-letters.ts';
import type { Desk } from './ports.ts';
import { countRefusals } from './refusals.ts';

/** Blocks in one transaction: 4 MiB. */
const BATCH = 16;

export class TakenBlocks {
	readonly #desk: Desk;
	readonly #letters: readonly JudgedLetter[];
	#wanted: Map<BlockId, Link> | null = null;
	#hasLeft = false;
	#batch: { readonly id: BlockId; readonly data: Uint8Array }[] = [];

	constructor(desk: Desk, letters: readonly JudgedLetter[]) {
		this.#desk = desk;
		this.#letters = letters;
	}

	async take({ cid, data }: Pick<Block, 'cid' | 'data'>): Promise<void> {
		const id = cidToBlockId(cid);
		this.#wanted ??= await this.#namedByMessages();
		const link = this.#wanted.get(id);
		if (link === undefined || data.length > LIMITS.blockBytes) {
			this.#hasLeft = true;
			return;
		}
		if (!isDigestOf(cid, await this.#desk.suite.hashBlock(data))) {
			await countRefusals(this.#desk, ['wrong-hash']);
			return;
		}
		for (const below of linksBelow(data, link) ?? []) {
			if (!this.#wanted.has(below.id)) this.#wanted.set(below.id, below);
		}
		if (await this.#desk.blocks.has(id)) return;
		this.#batch.push({ id, data });
		if (this.#batch.length === BATCH) await this.flush();
	}

	/** Did some come that no message here names? */
	get hasLeft(): boolean {
		return this.#hasLeft;
	}

	async flush(): Promise<void> {
		const batch = this.#batch;
		this.#batch = [];
		if (batch.length > 0) await this.#desk.blocks.put(batch);
	}

	/** The entries have come before. */
	async #namedByMessages(): Promise<Map<BlockId, Link>> {
		const threads = new Set(this.#letters.map(({ knock }) => knock.thread));
		const wanted = new Map<BlockId, Link>();
		for (const thread of threads) {
			for (const { mail, isWithdrawn } of await this.#desk.store.list('message', [thread])) {
				if (isWithdrawn === true) continue;
				for (const root of mail.attachments.map(rootOf)) wanted.set(root.id, root);
			}
		}
		return wanted;
	}
}
