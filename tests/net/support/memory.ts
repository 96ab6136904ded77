/** In-memory ends for sessions: pipes that cut, split and break, and replicas that hold entries. */
import type { Connection, Ground, Received, Recipient } from '../../../src/lib/post/ports.ts';
import type { Agreement } from '../../../src/lib/crypto/suite.ts';
import { nobleSuite } from '../../../src/lib/crypto/noble.ts';
import { Secret } from '../../../src/lib/crypto/secret.ts';
import type { MeetingPorts } from '../../../src/lib/net/meet.ts';
import { PipeGone, type Pipe } from '../../../src/lib/net/pipe.ts';
import { printOfEntries } from '../../../src/lib/threads/print.ts';
import { parentsFirst } from '../../../src/lib/net/parents-first.ts';
import { createCompare } from '../../../src/lib/threads/reconcile.ts';
import { cidOfObject } from '../../../src/lib/wire/codec.ts';
import {
	entryIdOf,
	headerDecoder,
	sortCids,
	type EntryBundle
} from '../../../src/lib/wire/entry.ts';
import {
	cidToEntryId,
	cidToThreadId,
	idToCid,
	rootKeyToAddress,
	type Address,
	type BlockId,
	type EntryId,
	type PeerName,
	type ThreadId
} from '../../../src/lib/wire/ids.ts';
import { encodeObject } from '../../../src/lib/wire/office.ts';
import type { Refusal } from '../../../src/lib/wire/refusal.ts';

/** A repeatable source of bytes: xorshift32. */
export function seededRandom(seed: number): Ground['random'] {
	let state = seed | 1;
	return (size) => {
		const bytes = new Uint8Array(size);
		for (let i = 0; i < size; i++) {
			state ^= state << 13;
			state ^= state >>> 17;
			state ^= state << 5;
			bytes[i] = state & 0xff;
		}
		return bytes;
	};
}

/* ---------------------------------------------------------------------- pipes */

export interface PipeFaults {
	/** Cuts what is sent into pieces of at most this many bytes. */
	readonly pieceBytes?: number;
	/** The pipe vanishes when so many bytes have gone through this end. */
	readonly breakAfterBytes?: number;
	/** Sees, and may change, what this end sends. */
	readonly onSend?: (bytes: Uint8Array) => Uint8Array;
}

/** Two ends of one pipe, named by their peers. */
export function createPipes(
	names: readonly [PeerName, PeerName],
	faults: readonly [PipeFaults, PipeFaults] = [{}, {}]
): [Pipe, Pipe] {
	const queues = [createQueue(), createQueue()] as const;
	const close = (): void => {
		for (const queue of queues) queue.end();
	};
	const end = (mine: 0 | 1): Pipe => {
		const { pieceBytes = Infinity, breakAfterBytes = Infinity, onSend } = faults[mine];
		const theirs = queues[mine === 0 ? 1 : 0];
		let sentBytes = 0;
		return {
			local: names[mine],
			remote: names[mine === 0 ? 1 : 0],
			incoming: queues[mine].items,
			close,
			async send(bytes) {
				if (theirs.hasEnded()) throw new PipeGone();
				const said = onSend?.(bytes) ?? bytes;
				for (let at = 0; at < said.length; at += pieceBytes) {
					const piece = said.subarray(at, at + pieceBytes);
					sentBytes += piece.length;
					if (sentBytes > breakAfterBytes) {
						close();
						throw new PipeGone();
					}
					theirs.push(piece.slice());
				}
			}
		};
	};
	return [end(0), end(1)];
}

interface Queue {
	push(piece: Uint8Array): void;
	end(): void;
	hasEnded(): boolean;
	readonly items: AsyncIterable<Uint8Array>;
}

function createQueue(): Queue {
	const pieces: Uint8Array[] = [];
	let isOver = false;
	let wake = (): void => undefined;
	async function* items(): AsyncGenerator<Uint8Array> {
		for (;;) {
			const piece = pieces.shift();
			if (piece !== undefined) yield piece;
			else if (isOver) return;
			else await new Promise<void>((resolve) => (wake = resolve));
		}
	}
	return {
		push(piece) {
			pieces.push(piece);
			wake();
		},
		end() {
			isOver = true;
			wake();
		},
		hasEnded: () => isOver,
		items: items()
	};
}

/* ------------------------------------------------------------------- replicas */

/** An entry of a thread; without parents its first. Bodies are of the given length. */
export function makeEntry(
	seed: Ground['random'],
	thread: ThreadId | null,
	parents: readonly EntryId[],
	bodyBytes = 40
): EntryBundle {
	const salt = seed(32);
	const cids = sortCids(parents.map(idToCid));
	const header =
		thread === null
			? encodeObject('epoch', {
					parents: [],
					salt,
					body: new Uint8Array(32),
					commit: new Uint8Array(32),
					listCommit: new Uint8Array(32),
					eph: new Uint8Array(32),
					wraps: [{ block: cidOfObject(salt), first: new Uint8Array(8) }]
				})
			: encodeObject('entry', {
					thread: idToCid(thread),
					parents: cids,
					epoch: idToCid(thread),
					salt,
					body: new Uint8Array(32)
				});
	return { header, body: new Uint8Array(bodyBytes).fill(salt[0] ?? 0), wraps: [] };
}

export function threadOf({ header }: EntryBundle): ThreadId {
	const decoded = headerDecoder.decode(header);
	if (!decoded.ok) throw new Error(decoded.reason);
	return cidToThreadId(decoded.value.thread ?? cidOfObject(header));
}

export function parentsOf({ header }: EntryBundle): EntryId[] {
	const decoded = headerDecoder.decode(header);
	return decoded.ok ? decoded.value.parents.map(cidToEntryId) : [];
}

/** A `Recipient` that shares everything with everybody whom it knows, and logs what it is told. */
export class Replica implements Recipient {
	readonly root: Uint8Array;
	readonly auth: Agreement;
	readonly address: Address;
	readonly peer: PeerName;
	readonly entries = new Map<EntryId, EntryBundle>();
	readonly blocks = new Map<BlockId, Uint8Array>();
	readonly known = new Map<Address, Uint8Array>();
	readonly acked: EntryId[] = [];
	/** Threads whose entries a comparison asked for. */
	readonly opened: ThreadId[] = [];
	readonly nacked: { id: EntryId; reason: Refusal }[] = [];
	readonly counted: Refusal[] = [];
	readonly connections: Connection[] = [];
	/** Whether parents came before children, and nothing came twice. */
	arrivals = { early: 0, repeated: 0 };
	/** Entries whose header came first. */
	readonly outlined = new Set<EntryId>();
	/** Entries as their bodies came. */
	readonly order: EntryId[] = [];
	refuse: ((bundle: EntryBundle) => Refusal | null) | null = null;
	beforeStoring: (() => Promise<void>) | null = null;

	private constructor(root: Uint8Array, auth: Agreement, peer: PeerName) {
		this.root = root;
		this.auth = auth;
		this.address = rootKeyToAddress(root);
		this.peer = peer;
	}

	static async create(name: number): Promise<Replica> {
		const auth = await nobleSuite.agreement(new Secret(new Uint8Array(32).fill(name)));
		const peer = `12D3KooW${String.fromCharCode(64 + name).repeat(44)}` as PeerName;
		return new Replica(new Uint8Array(32).fill(name), auth, peer);
	}

	meets(other: Replica): void {
		this.known.set(other.address, other.auth.publicKey);
	}

	add(...bundles: readonly EntryBundle[]): void {
		for (const bundle of bundles) this.entries.set(entryIdOf(bundle.header), bundle);
	}

	async authKeyOf(root: Uint8Array): Promise<Uint8Array | null> {
		return this.known.get(rootKeyToAddress(root)) ?? null;
	}

	async sharedWith(): Promise<ReadonlyMap<ThreadId, Uint8Array>> {
		return new Map([...this.#threads()].map(([id, ids]) => [id, printOfEntries(ids)]));
	}

	async entryIdsFor(_address: Address, thread: ThreadId): Promise<readonly EntryId[]> {
		this.opened.push(thread);
		return this.#threads().get(thread) ?? [];
	}

	#threads(): Map<ThreadId, EntryId[]> {
		const threads = new Map<ThreadId, EntryId[]>();
		for (const [id, bundle] of this.entries) {
			const thread = threadOf(bundle);
			const ids = threads.get(thread) ?? [];
			ids.push(id);
			threads.set(thread, ids);
		}
		return threads;
	}

	async entriesFor(
		_address: Address,
		thread: ThreadId,
		ids: readonly EntryId[],
		what: 'whole' | 'outline' = 'whole'
	): Promise<EntryBundle[]> {
		const found = ids.flatMap((id) => this.entries.get(id) ?? []);
		const own = found.filter((one) => threadOf(one) === thread);
		if (what === 'whole') return own;
		return own.map((one) =>
			isStructure(one) ? one : { ...one, body: null, later: true as const }
		);
	}

	async inOrder(
		_address: Address,
		thread: ThreadId,
		ids: readonly EntryId[]
	): Promise<readonly EntryId[]> {
		const found = await this.entriesFor(_address, thread, ids);
		return parentsFirst(found, ({ header }) => header).map(({ header }) => entryIdOf(header));
	}

	async receive(_from: Address, bundles: readonly EntryBundle[]): Promise<Received> {
		await this.beforeStoring?.();
		const stored: EntryId[] = [];
		const refused: { id: EntryId; reason: Refusal }[] = [];
		const missing = new Map<ThreadId, EntryId[]>();
		for (const bundle of bundles) {
			const id = entryIdOf(bundle.header);
			const reason = this.refuse?.(bundle) ?? null;
			if (reason !== null) {
				refused.push({ id, reason });
				continue;
			}
			if (bundle.later === true) this.outlined.add(id);
			else if (this.entries.has(id)) this.arrivals.repeated++;
			for (const parent of parentsOf(bundle)) {
				if (this.entries.has(parent) || this.outlined.has(parent)) continue;
				this.arrivals.early++;
				const thread = threadOf(bundle);
				missing.set(thread, [...(missing.get(thread) ?? []), parent]);
			}
			if (bundle.later === true) continue;
			this.entries.set(id, bundle);
			this.order.push(id);
			stored.push(id);
		}
		return { stored, refused, missing: [...missing].map(([thread, ids]) => ({ thread, ids })) };
	}

	async blockFor(_address: Address, id: BlockId): Promise<Uint8Array | null> {
		return this.blocks.get(id) ?? null;
	}

	async acknowledged(_from: Address, ids: readonly EntryId[]): Promise<void> {
		this.acked.push(...ids);
	}

	async declined(_from: Address, id: EntryId, reason: Refusal): Promise<void> {
		this.nacked.push({ id, reason });
	}

	async tookBare(): Promise<void> {
		throw new Error('everything here has its body');
	}

	async partedFrom(): Promise<readonly ThreadId[]> {
		return [];
	}

	async partingOf(): Promise<null> {
		return null;
	}

	async parted(): Promise<boolean> {
		return false;
	}

	connected(connection: Connection): void {
		this.connections.push(connection);
	}

	disconnected(connection: Connection): void {
		this.connections.splice(this.connections.indexOf(connection), 1);
	}

	/** What a session of this replica needs. Time stands still unless `timer` or `now` are given. */
	ports(
		seed: number,
		timer: MeetingPorts['timer'] = () => () => undefined,
		now = () => 0
	): MeetingPorts {
		const random = seededRandom(seed);
		const ground = { suite: nobleSuite, random, now };
		return {
			ground,
			recipient: this,
			compare: createCompare(ground),
			timer,
			count: (reason) => this.counted.push(reason),
			prover: {
				ground,
				root: this.root,
				auth: this.auth,
				authKeyOf: (root) => this.authKeyOf(root)
			}
		};
	}
}

/** The first entry stands for all on which others' verdicts depend. */
function isStructure({ header }: EntryBundle): boolean {
	const decoded = headerDecoder.decode(header);
	return decoded.ok && decoded.value.parents.length === 0;
}
