/**
 * The blocks of a parcel on their way in: only those that some message of its threads names, by a
 * manifest that came before. Whatever else is packed into it takes no room here.
 */

import { isDigestOf } from '../wire/codec.ts';
import { cidToBlockId, type BlockId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { manifestDecoder } from '../wire/mail.ts';
import type { Block } from '../wire/office.ts';
import type { JudgedLetter } from './parcel-letters.ts';
import type { Desk } from './ports.ts';
import { countRefusals } from './refusals.ts';

/** Blocks in one transaction: 4 MiB. */
const BATCH = 16;

export class TakenBlocks {
	readonly #desk: Desk;
	readonly #letters: readonly JudgedLetter[];
	#wanted: Set<BlockId> | null = null;
	#hasLeft = false;
	#batch: { readonly id: BlockId; readonly data: Uint8Array }[] = [];

	constructor(desk: Desk, letters: readonly JudgedLetter[]) {
		this.#desk = desk;
		this.#letters = letters;
	}

	async take({ cid, data }: Pick<Block, 'cid' | 'data'>): Promise<void> {
		const id = cidToBlockId(cid);
		this.#wanted ??= await this.#namedByMessages();
		if (!this.#wanted.has(id) || data.length > LIMITS.blockBytes) {
			this.#hasLeft = true;
			return;
		}
		if (!isDigestOf(cid, await this.#desk.suite.hashBlock(data))) {
			await countRefusals(this.#desk, ['wrong-hash']);
			return;
		}
		const manifest = manifestDecoder.decode(data);
		for (const link of manifest.ok ? manifest.value.links : []) {
			this.#wanted.add(cidToBlockId(link));
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
	async #namedByMessages(): Promise<Set<BlockId>> {
		const threads = new Set(this.#letters.map(({ knock }) => knock.thread));
		const wanted = new Set<BlockId>();
		for (const thread of threads) {
			for (const { mail, isWithdrawn } of await this.#desk.store.list('message', [thread])) {
				if (isWithdrawn === true) continue;
				for (const { manifest } of mail.attachments) wanted.add(cidToBlockId(manifest));
			}
		}
		return wanted;
	}
}
