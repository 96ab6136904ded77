/**
 * What two replicas lack of each other, found out after the proof (protocol §5). First over threads:
 * an item is a thread's blinded tag and a fingerprint of its entries here, so that nobody learns of a
 * thread that it does not share. Then, for each that differs, over its entries.
 *
 * | frame | over | item, 32 bytes |
 * |---|---|---|
 * | `ranges` without `thread` | threads | tag ‖ print, 16 bytes each |
 * | `ranges` with its tag | entries | SHA-256 of the entry's CID |
 *
 * tag = HMAC(session key, {sync-tag, "thread", thread}); print = HMAC(session key, {sync-tag, "print",
 * `printOfEntries`}), both cut; so a thread that is alike need not be opened. Whoever learns of a difference acts on it: it sends
 * what the peer lacks, and asks for what it lacks itself.
 */

import { CID } from 'multiformats/cid';
import { create as createDigest } from 'multiformats/hashes/digest';
import type { Secret } from '../crypto/secret.ts';
import type { Parting } from '../post/ports.ts';
import type { Suite } from '../crypto/suite.ts';
import { concat, toHex } from '../wire/bytes.ts';
import { entryItems } from '../threads/print.ts';
import { DAG_CBOR } from '../wire/codec.ts';
import {
	addressToRootKey,
	cidToEntryId,
	idToCid,
	rootKeyToAddress,
	type EntryId,
	type ThreadId
} from '../wire/ids.ts';
import { LABELS, labelled } from '../wire/labels.ts';
import { encodeObject } from '../wire/office.ts';
import { TAG_BYTES, type Parted, type Ranges } from '../wire/sync.ts';
import { Breach } from './pipe.ts';
import type { Compare, Compared } from './reconcile.ts';

const SHA2_256 = 0x12;

/** What becomes of a difference. */
export interface CatchUpPorts {
	readonly suite: Suite;
	readonly key: Secret;
	readonly compare: Compare;
	/** The entries of a thread that differs. */
	idsOf(thread: ThreadId): Promise<readonly EntryId[]>;
	say(payload: Uint8Array): void;
	/** The peer lacks these. */
	offer(thread: ThreadId, ids: readonly EntryId[]): void;
	/** We lack these. */
	ask(thread: ThreadId, ids: readonly EntryId[]): void;
	/** How the peer came to be no member of a thread in which it was one; `null`: it is in. */
	partingOf(thread: ThreadId): Promise<Parting | null>;
	/** The peer says that of us; `false`: we know better. */
	parted(thread: ThreadId, parting: Parting): Promise<boolean>;
}

interface Shared {
	readonly thread: ThreadId;
	/** Tag ‖ print. */
	readonly item: Uint8Array;
	/** What both are known to have; with what is here, once that has been read. */
	readonly entries: Set<EntryId>;
	isRead: boolean;
}

export class CatchUp {
	readonly #ports: CatchUpPorts;
	readonly #byTag = new Map<string, Shared>();
	readonly #byThread = new Map<ThreadId, Shared>();
	/** By tag: threads that the peer once shared with us, until we have told it so. */
	readonly #former = new Map<string, ThreadId>();
	/** Tags of threads that we do not share, and have said so. */
	readonly #denied = new Set<string>();

	private constructor(ports: CatchUpPorts) {
		this.#ports = ports;
	}

	/**
	 * @param shared prints, as this replica entitles the peer, at this moment
	 * @param former threads that it shared before it left or was removed
	 */
	static async create(
		ports: CatchUpPorts,
		shared: ReadonlyMap<ThreadId, Uint8Array>,
		former: readonly ThreadId[]
	): Promise<CatchUp> {
		const catchUp = new CatchUp(ports);
		for (const [thread, print] of shared) {
			const tag = await cut(ports, 'thread', idToCid(thread).bytes);
			const item = concat(tag, await cut(ports, 'print', print));
			const one: Shared = { thread, item, entries: new Set(), isRead: false };
			catchUp.#byTag.set(toHex(tag), one);
			catchUp.#byThread.set(thread, one);
		}
		for (const thread of former) {
			const tag = await cut(ports, 'thread', idToCid(thread).bytes);
			catchUp.#former.set(toHex(tag), thread);
		}
		return catchUp;
	}

	/** The first word over threads: the dialler's. */
	async open(): Promise<void> {
		this.#say(null, await this.#ports.compare.open(this.#threadItems()));
	}

	/** Throws `Breach` on a message that is none. */
	async answer({ thread: tag, data }: Ranges): Promise<void> {
		if (tag === undefined) await this.#answerThreads(data);
		else await this.#answerEntries(tag, data);
	}

	/** The peer says that we are no member of a thread any more. */
	async parted({ thread: tag, epoch, by }: Parted): Promise<void> {
		const name = toHex(tag);
		const shared = this.#byTag.get(name);
		if (shared === undefined) return;
		const parting = { epoch: cidToEntryId(epoch), by: rootKeyToAddress(by) };
		if (!(await this.#ports.parted(shared.thread, parting))) return;
		this.#byTag.delete(name);
		this.#byThread.delete(shared.thread);
		this.#denied.add(name);
	}

	/** Both have these now. */
	note(thread: ThreadId, ids: readonly EntryId[]): void {
		const shared = this.#byThread.get(thread);
		for (const id of ids) shared?.entries.add(id);
	}

	async #answerThreads(data: Uint8Array): Promise<void> {
		const { reply, lacking, offered } = await this.#compare(this.#threadItems(), data);
		if (reply !== null) this.#say(null, reply);
		const differing = new Map<string, Uint8Array>();
		for (const item of [...lacking, ...offered]) {
			const tag = item.slice(0, TAG_BYTES);
			differing.set(toHex(tag), tag);
		}
		// A thread that the peer does not name may be new to it, or one in which it knows that we are none.
		for (const [name, tag] of differing) {
			const shared = this.#byTag.get(name);
			await this.#tellParting(name, tag);
			const items = shared === undefined ? [] : await this.#itemsOf(shared);
			this.#say(tag, await this.#ports.compare.open(items));
		}
	}

	async #answerEntries(tag: Uint8Array, data: Uint8Array): Promise<void> {
		const shared = this.#byTag.get(toHex(tag));
		await this.#tellParting(toHex(tag), tag);
		if (shared === undefined) return this.#deny(tag);
		const { reply, lacking, offered } = await this.#compare(await this.#itemsOf(shared), data);
		if (reply !== null) this.#say(tag, reply);
		if (offered.length > 0) this.#ports.offer(shared.thread, offered.map(itemToEntryId));
		if (lacking.length > 0) this.#ports.ask(shared.thread, lacking.map(itemToEntryId));
	}

	/** Once, and before we say that we have nothing of it: it would send us all it has. */
	async #tellParting(name: string, tag: Uint8Array): Promise<void> {
		const thread = this.#former.get(name);
		if (thread === undefined) return;
		this.#former.delete(name);
		const parting = await this.#ports.partingOf(thread);
		if (parting === null) return;
		const fields = { epoch: idToCid(parting.epoch), by: addressToRootKey(parting.by) };
		this.#ports.say(encodeObject('parted', { thread: tag, ...fields }));
	}

	/** "We have nothing of it": if the thread is new to us, the peer sends it whole. */
	async #deny(tag: Uint8Array): Promise<void> {
		const name = toHex(tag);
		if (this.#denied.has(name)) return;
		this.#denied.add(name);
		this.#say(tag, await this.#ports.compare.open([]));
	}

	async #compare(items: readonly Uint8Array[], message: Uint8Array): Promise<Compared> {
		const compared = await this.#ports.compare.answer(items, message);
		if (!compared.ok) throw new Breach(compared.reason);
		return compared.value;
	}

	#threadItems(): Uint8Array[] {
		return [...this.#byTag.values()].map(({ item }) => item);
	}

	async #itemsOf(shared: Shared): Promise<Uint8Array[]> {
		if (!shared.isRead) {
			for (const id of await this.#ports.idsOf(shared.thread)) shared.entries.add(id);
			shared.isRead = true;
		}
		return entryItems(shared.entries);
	}

	#say(thread: Uint8Array | null, data: Uint8Array): void {
		this.#ports.say(encodeObject('ranges', { thread: thread ?? undefined, data }));
	}
}

async function cut(
	{ suite, key }: CatchUpPorts,
	what: 'thread' | 'print',
	bytes: Uint8Array
): Promise<Uint8Array> {
	const mac = await suite.hmac(key, labelled(LABELS.syncTag, what, bytes));
	return mac.slice(0, TAG_BYTES);
}

function itemToEntryId(item: Uint8Array): EntryId {
	return cidToEntryId(CID.createV1(DAG_CBOR, createDigest(SHA2_256, item)));
}
