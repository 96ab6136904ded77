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
	/** When the first of their messages ends, Unix ms. */
	readonly until: number;
	/** What was written since may say otherwise. */
	readonly writes: number;
}

/** Something is written while we look up: so often we look again, then it is not allowed now. */
const LOOKS = 3;

export class FileGate {
	readonly #desk: Desk;
	readonly #allowed = new Map<Address, Allowed>();
	#writes = 0;

	constructor(desk: Desk) {
		this.#desk = desk;
		// Who is a member of what, what there is to have, and who is blocked.
		desk.store.subscribe((changed) => {
			if (!changed.has('thread') && !changed.has('message') && !changed.has('contact')) return;
			this.#writes++;
			this.#allowed.clear();
		});
	}

	/** `null`: not here, or not for this peer. */
	async take(address: Address, id: BlockId): Promise<Uint8Array | null> {
		const data = await this.#desk.blocks.get(id);
		if (data === null) return null;
		for (let look = 0; look < LOOKS; look++) {
			const known = this.#allowed.get(address);
			const isOld = known === undefined || known.until <= this.#desk.now();
			const allowed = isOld ? await this.#lookUp(address) : known;
			if (!allowed.blocks.has(id)) await this.#listAll(allowed);
			if (allowed.writes !== this.#writes) continue;
			this.#allowed.set(address, allowed);
			return allowed.blocks.has(id) ? data : null;
		}
		return null;
	}

	async #lookUp(address: Address): Promise<Allowed> {
		const { store, now } = this.#desk;
		const writes = this.#writes;
		const blocks = new Set<BlockId>();
		const files = new Map<BlockId, FileName>();
		let until = Infinity;
		const contact = await store.get('contact', [address]);
		const threads = contact?.tier === 'blocked' ? [] : await store.list('thread');
		for (const thread of threads) {
			if (!thread.hasAttachment || !thread.members.includes(address)) continue;
			for (const message of await store.list('message', [thread.id])) {
				const { mail, isWithdrawn, endsAt = Infinity } = message;
				if (isWithdrawn === true || endsAt <= now()) continue;
				until = Math.min(until, endsAt);
				for (const file of mail.attachments) {
					const root = cidToBlockId(file.manifest);
					blocks.add(root);
					files.set(root, file);
				}
			}
		}
		return { blocks, files, until, writes };
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
