/**
 * Which attachment blocks a peer may have: those of messages in threads that it is a member of. What
 * is allowed is looked up where it is asked for: a file that was begun with another session, or another
 * holder, goes on here.
 */

import { cidToBlockId, type Address, type BlockId } from '../wire/ids.ts';
import { listBlocks, type FileName } from './manifest.ts';
import type { Desk } from './ports.ts';

interface Allowed {
	readonly blocks: Set<BlockId>;
	/** Not listed yet, because nobody asked for a chunk of theirs. */
	readonly files: Map<BlockId, FileName>;
}

export class FileGate {
	readonly #desk: Desk;
	readonly #allowed = new Map<Address, Allowed>();

	constructor(desk: Desk) {
		this.#desk = desk;
		// Who is a member of what, and what there is to have.
		desk.store.subscribe((changed) => {
			if (changed.has('thread') || changed.has('message')) this.#allowed.clear();
		});
	}

	/** `null`: not here, or not for this peer. */
	async take(address: Address, id: BlockId): Promise<Uint8Array | null> {
		const data = await this.#desk.blocks.get(id);
		if (data === null) return null;
		const allowed = this.#allowed.get(address) ?? (await this.#lookUp(address));
		if (!allowed.blocks.has(id)) await this.#listAll(allowed);
		return allowed.blocks.has(id) ? data : null;
	}

	async #lookUp(address: Address): Promise<Allowed> {
		const allowed: Allowed = { blocks: new Set(), files: new Map() };
		for (const thread of await this.#desk.store.list('thread')) {
			if (!thread.hasAttachment || !thread.members.includes(address)) continue;
			for (const { mail, isWithdrawn } of await this.#desk.store.list('message', [thread.id])) {
				if (isWithdrawn === true) continue;
				for (const file of mail.attachments) {
					const root = cidToBlockId(file.manifest);
					allowed.blocks.add(root);
					allowed.files.set(root, file);
				}
			}
		}
		this.#allowed.set(address, allowed);
		return allowed;
	}

	/** What is not whole here yet is listed again when more is asked of it. */
	async #listAll({ blocks, files }: Allowed): Promise<void> {
		for (const [root, file] of files) {
			const listing = await listBlocks((id) => this.#desk.blocks.get(id), file);
			for (const id of [...listing.nodes, ...listing.chunks]) blocks.add(id);
			if (listing.kind !== 'absent') files.delete(root);
		}
	}
}
