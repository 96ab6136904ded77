/**
 * Which attachment blocks a peer may have: those of messages in threads that it is a member of. Built
 * as it asks: a manifest opens its chunks.
 */

import { cidToBlockId, type Address, type BlockId } from '../wire/ids.ts';
import { manifestDecoder } from '../wire/mail.ts';
import type { Desk } from './ports.ts';

export class FileGate {
	readonly #desk: Desk;
	readonly #allowed = new Map<Address, Set<BlockId>>();

	constructor(desk: Desk) {
		this.#desk = desk;
	}

	/** `null`: not here, or not for this peer. */
	async take(address: Address, id: BlockId): Promise<Uint8Array | null> {
		const data = await this.#desk.blocks.get(id);
		if (data === null) return null;
		const allowed = await this.#allowedFor(address, id);
		if (!allowed.has(id)) return null;
		const node = manifestDecoder.decode(data);
		if (node.ok) for (const link of node.value.links) allowed.add(cidToBlockId(link));
		return data;
	}

	/** A block that is here but not known yet may be of a message that came since the last look. */
	async #allowedFor(address: Address, id: BlockId): Promise<Set<BlockId>> {
		const known = this.#allowed.get(address) ?? new Set<BlockId>();
		if (known.has(id)) return known;
		for (const thread of await this.#desk.store.list('thread')) {
			if (!thread.hasAttachment || !thread.members.includes(address)) continue;
			for (const { mail, isWithdrawn } of await this.#desk.store.list('message', [thread.id])) {
				if (isWithdrawn === true) continue;
				for (const { manifest } of mail.attachments) known.add(cidToBlockId(manifest));
			}
		}
		this.#allowed.set(address, known);
		return known;
	}
}
