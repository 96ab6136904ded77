/**
 * What the story needs from the world. `store/` and `net/` implement these; the simulator has doubles
 * that pass the same conformance suites.
 */

import type { Signer, Suite } from '../crypto/suite.ts';
import type { Random } from '../crypto/random.ts';
import type { Address, BlockId, EntryId, PeerName, ThreadId } from '../wire/ids.ts';
import type { EntryBundle } from '../wire/entry.ts';
import type { Bundle } from '../wire/identity.ts';
import type { Block, Knocked, Send, Sent, Terms } from '../wire/office.ts';
import type { Refusal, Result } from '../wire/refusal.ts';
import type { LookUp } from './look-up.ts';
import type { MessageRecord, TableName, Tables, ThreadRecord } from './records.ts';

export type Clock = () => number;

export interface Signalled {
	readonly signal?: AbortSignal;
}

/** Cryptography, chance and time, as every part of the story takes them. */
export interface Ground {
	readonly suite: Suite;
	readonly random: Random;
	readonly now: Clock;
}

/** Runs one piece of work at a time for each name, across tabs and workers of this profile. */
export type Exclusive = <T>(
	name: string,
	work: () => Promise<T>,
	options?: Signalled
) => Promise<T>;

/**
 * What the user's rules make of a thread's row and of the messages that have just come to it. Decides
 * alone, and changes nothing outside: it stands inside the transaction that stores them, so that each
 * message is sorted once, and none is shown where a rule does not want it.
 */
export type Sort = (
	row: ThreadRecord,
	added: readonly MessageRecord[],
	/** The row as it stood before they came; null: they begin the thread. */
	before: ThreadRecord | null
) => { readonly row: ThreadRecord; readonly changed: readonly MessageRecord[] };

/** All that a step of the story works with; the composition root lays it out once. */
export interface Desk extends Ground {
	readonly store: MailStore;
	readonly blocks: BlockStore;
	readonly keys: KeyStore;
	readonly ring: KeyRing;
	readonly offices: Offices;
	readonly exclusive: Exclusive;
	/** Base URL of the app, for invite links. */
	readonly appUrl: string;
	/** Reads the user's rules for what arrives. Absent: there are none. */
	readonly sorter?: (look?: LookUp) => Promise<Sort>;
	/**
	 * Between pieces of long work: lets the page paint and answer, if it has waited for some ms. Absent:
	 * nobody watches.
	 */
	readonly breathe?: () => Promise<void>;
	/** Absent: as is best for long threads. */
	readonly snapshotPace?: SnapshotPace;
}

/** A new snapshot of a thread is due after so many entries, and this share of those that the last one has. */
export interface SnapshotPace {
	readonly entries: number;
	readonly share: number;
}

/* ------------------------------------------------------------------- storage */

export type Key = readonly string[];

export type Change = {
	[T in TableName]:
		| { readonly table: T; readonly key: Key; readonly put: Tables[T] }
		| { readonly table: T; readonly key: Key; readonly remove: true };
}[TableName];

/** Thrown by every write for which there is no room; nothing of that write is stored. */
export class StorageFull extends Error {
	override readonly name = 'StorageFull';
}

/** A row that a decision was made upon is another by now: nothing was written; read, and decide anew. */
export class Overtaken extends Error {
	override readonly name = 'Overtaken';
}

/** A row as it was remembered; `update` tells whether it still was so. */
export interface Recalled<T extends TableName = TableName> {
	readonly row: Tables[T] | null;
}

interface UpdateOptions {
	readonly recalled?: readonly Recalled[];
	/**
	 * Names of `Exclusive`: the store takes these locks itself, in their order, and writes under them;
	 * only where it `takesLocks`. The caller holds none of them. What throws then is tried without.
	 */
	readonly locks?: readonly string[] | undefined;
	/** Called when all of it is durable, in that very task, before the listeners are. */
	readonly onStored?: () => void;
}

/** Each write of a thread's row notes it in `touched`, in the same transaction. */
export interface MailStore {
	get<T extends TableName>(table: T, key: Key): Promise<Tables[T] | null>;
	/** As this tab saw it last, which another may have changed since; read where it does not remember. */
	recall<T extends TableName>(table: T, key: Key): Promise<Recalled<T>>;
	/**
	 * As `recall`, but where this tab does not remember it, it counts as absent: nothing is read. For ids
	 * that were drawn just now.
	 */
	presume<T extends TableName>(table: T, key: Key): Promise<Recalled<T>>;
	/** All rows of a table as they are stored now, in no order, for an `update` that relies on them. */
	recallAll<T extends TableName>(table: T): Promise<readonly Recalled<T>[]>;
	/** Rows whose key starts with these parts (whole parts), in no order. */
	list<T extends TableName>(table: T, prefix?: Key): Promise<Tables[T][]>;
	/** Can `update` take locks now? What a person waits for is written sooner so. */
	takesLocks(): boolean;
	/**
	 * All changes or none, in one transaction with strict durability; resolves when it is on disk.
	 * Throws `StorageFull` where there is no room.
	 *
	 * @param mayUseReserve what is set aside for it: it makes room, and must not need any first
	 */
	commit(changes: readonly Change[], options?: { readonly mayUseReserve?: boolean }): Promise<void>;
	/**
	 * Reads rows and writes changes that depend on them, with no other writer of any tab between.
	 * `decide` waits for nothing and changes nothing outside: it runs again, on the newer row, each
	 * time another writer was faster. Throws `Overtaken`, and writes nothing, where one of `recalled`
	 * was written since, be it as it was.
	 */
	update<T extends TableName>(
		table: T,
		key: Key,
		decide: (row: Tables[T] | null) => readonly Change[],
		options?: UpdateOptions
	): Promise<void>;
	/**
	 * Told after each commit of this profile, in whichever tab or worker; returns the way out. `writes`:
	 * what was written, where it was this tab, in the order of the commits; `null`: another's.
	 */
	subscribe(
		listener: (changed: ReadonlySet<TableName>, writes: readonly Change[] | null) => void
	): () => void;
}

/**
 * Blocks of mail by CID: sealed attachments. Never Helia's blockstore, which Bitswap serves to whoever
 * asks: what is public stands there, under another kind of key.
 */
export interface BlockStore {
	has(id: BlockId): Promise<boolean>;
	get(id: BlockId): Promise<Uint8Array | null>;
	/** Those of them that are not here, in their order: one read, however many they are. */
	missing(ids: readonly BlockId[]): Promise<BlockId[]>;
	/** One transaction; relaxed durability. Throws `StorageFull`. The caller has checked the hashes. */
	put(blocks: readonly { readonly id: BlockId; readonly data: Uint8Array }[]): Promise<void>;
	remove(ids: readonly BlockId[]): Promise<void>;
}

export interface KeyStore {
	/** The device's Ed25519 key, made on first use; non-extractable where WebCrypto has it. */
	deviceSigner(): Promise<Signer>;
}

/** Names one key of the ring and says nothing of it: 28 bytes. */
export type RingKey = Uint8Array;

/** The ring is in another's hand, or cannot be read now: what is sealed under it is not gone. */
export class RingAway extends Error {
	override readonly name = 'RingAway';
}

/**
 * Keys that can be destroyed. What a database deletes may stay in the browser's files for long; each
 * key here has a place on the disk that is overwritten. So whatever is to end is sealed under a key of
 * its own.
 */
export interface KeyRing {
	/** Can keys be erased here? Else there are none, and what ends is deleted only. */
	erases(): Promise<boolean>;
	/**
	 * Fresh keys, on the disk when it resolves. `null`: none to be had here, or not now; then what they
	 * were for is kept without.
	 */
	claim(count: number): Promise<readonly RingKey[] | null>;
	/** Under a key that was destroyed nobody opens it any more. Throws `RingAway`. */
	seal(key: RingKey, plaintext: Uint8Array): Promise<Uint8Array>;
	/** `null`: the key was destroyed, or the ring was lost. Throws `RingAway`: it may be there later. */
	open(key: RingKey, sealed: Uint8Array): Promise<Uint8Array | null>;
	/** Overwritten when it resolves with `true`; `false`: not now. Once more is no error. */
	destroy(keys: readonly RingKey[]): Promise<boolean>;
}

/* ------------------------------------------------------------------- network */

/** A post office could not be asked: no network, no answer, not ours. Try again later. */
export class Unreachable extends Error {
	override readonly name = 'Unreachable';
}

/** How a request proves who asks. */
export interface OfficeAccount {
	readonly root: Uint8Array;
	readonly device: Signer;
}

/** One post office over HTTP. Refusals are values; `Unreachable` is thrown. */
export interface Office {
	terms(options?: Signalled): Promise<Terms>;
	publish(address: Address, bundle: Uint8Array, options?: Signalled): Promise<Result<null>>;
	/** `null`: it knows no such address. Unverified bytes. */
	find(address: Address, options?: Signalled): Promise<Bundle | null>;
	/** `sign` makes the card key's word for the device. */
	enrol(
		account: OfficeAccount,
		sign: (message: Uint8Array) => Promise<Uint8Array>,
		options?: Signalled
	): Promise<Result<null>>;
	/** Durable when it resolves. */
	keep(
		account: OfficeAccount,
		blocks: readonly Block[],
		options?: Signalled
	): Promise<Result<null>>;
	/**
	 * Those of them that this address does not keep there; all of them where the office cannot say, which
	 * none can before 0.5.
	 */
	missing(
		account: OfficeAccount,
		ids: readonly BlockId[],
		options?: Signalled
	): Promise<readonly BlockId[]>;
	/** What this address keeps there no more; what is not there is no error. */
	release(account: OfficeAccount, ids: readonly BlockId[], options?: Signalled): Promise<void>;
	/** Those of the asked that it has; each verified against its CID. */
	fetch(ids: readonly BlockId[], options?: Signalled): AsyncIterable<Block>;
	/** Parents first; unverified bundles. */
	ancestors(
		heads: readonly EntryId[],
		have: readonly EntryId[],
		options?: Signalled
	): AsyncIterable<EntryBundle>;
	openSlots(
		account: OfficeAccount,
		secrets: readonly Uint8Array[],
		kind: { readonly isPublic: boolean },
		options?: Signalled
	): Promise<Result<null>>;
	allowToken(
		account: OfficeAccount,
		token: { readonly hash: Uint8Array; readonly uses: number; readonly until: number },
		options?: Signalled
	): Promise<Result<null>>;
	/** Hands over the duty to knock; durable when it resolves. */
	send(
		account: OfficeAccount,
		send: Pick<Send, 'url' | 'slot' | 'knock' | 'sealed' | 'token' | 'keeps'>,
		options?: Signalled
	): Promise<Result<Sent>>;
	pending(account: OfficeAccount, options?: Signalled): Promise<Sent[]>;
	/** Ends its duty, and takes its receipt away. */
	forget(account: OfficeAccount, knocks: readonly Uint8Array[], options?: Signalled): Promise<void>;
	/** What waits, and then, unless `once`, what comes, until the office or the signal ends it. */
	events(
		account: OfficeAccount,
		options: Signalled & { readonly once: boolean }
	): AsyncIterable<Knocked | Sent>;
	deleteNotices(
		account: OfficeAccount,
		hashes: readonly Uint8Array[],
		options?: Signalled
	): Promise<void>;
	/** Bearer. */
	done(
		word: { readonly done: Uint8Array; readonly hash: Uint8Array; readonly receipt?: Uint8Array },
		options?: Signalled
	): Promise<Result<null>>;
}

/** The office at a base URL. One object per URL; makes no request by itself. */
export type Offices = (url: string) => Office;

export type Path = 'direct' | 'relay';

/** A proved connection to another identity. */
export interface Connection {
	readonly address: Address;
	readonly peer: PeerName;
	readonly path: Path;
}

/** What the courier brings to the story, and asks of it. */
export interface Recipient {
	/** The X25519 key against which a peer that claims this root must prove itself; null: a stranger. */
	authKeyOf(root: Uint8Array): Promise<Uint8Array | null>;
	/** Threads shared with it, as this replica's fold entitles it, each with its `printOfEntries`. */
	sharedWith(address: Address): Promise<ReadonlyMap<ThreadId, Uint8Array>>;
	/** What is here of a thread whose print differs from the peer's; empty where it is not shared. */
	entryIdsFor(address: Address, thread: ThreadId): Promise<readonly EntryId[]>;
	/**
	 * Bundles for ids that it may have; withheld ones are left out. `outline`: without the texts that it
	 * may have, which are marked as to come `later`.
	 */
	entriesFor(
		address: Address,
		thread: ThreadId,
		ids: readonly EntryId[],
		what: 'whole' | 'outline'
	): Promise<EntryBundle[]>;
	/** Those of these entries that are here, parents before children; none where it is not shared. */
	inOrder(address: Address, thread: ThreadId, ids: readonly EntryId[]): Promise<readonly EntryId[]>;
	/** Verifies and stores; resolves after they are durable. */
	receive(from: Address, bundles: readonly EntryBundle[]): Promise<Received>;
	/** `null`: not here, or not for it. */
	blockFor(address: Address, id: BlockId): Promise<Uint8Array | null>;
	/** It has these now. */
	acknowledged(from: Address, ids: readonly EntryId[]): Promise<void>;
	/** It will never take this one. */
	declined(from: Address, id: EntryId, reason: Refusal): Promise<void>;
	/** It has the headers of these, and no bodies. */
	tookBare(from: Address, thread: ThreadId, ids: readonly EntryId[]): Promise<void>;
	/** Threads that were shared with it, before it left or was removed. */
	partedFrom(address: Address): Promise<readonly ThreadId[]>;
	/** How that came; `null`: it is in, by our fold. */
	partingOf(address: Address, thread: ThreadId): Promise<Parting | null>;
	/** It says that we are out. `false`: we know better. */
	parted(from: Address, thread: ThreadId, parting: Parting): Promise<boolean>;
	connected(connection: Connection): void;
	disconnected(connection: Connection): void;
}

/** Somebody is no member of a thread any more: since this epoch entry, made by this member. */
export interface Parting {
	readonly epoch: EntryId;
	readonly by: Address;
}

export interface Received {
	readonly stored: readonly EntryId[];
	readonly refused: readonly { readonly id: EntryId; readonly reason: Refusal }[];
	/** Parents to ask for before these can count. */
	readonly missing: readonly { readonly thread: ThreadId; readonly ids: readonly EntryId[] }[];
	/** Of these the headers are stored, and the bodies, which could be read here, did not come. */
	readonly bare?: readonly { readonly thread: ThreadId; readonly ids: readonly EntryId[] }[];
}

/** Peers: one long-lived stream each. Runs in the leader page only. */
export interface Courier {
	readonly connections: readonly Connection[];
	/** Tries to reach this identity's devices; resolves when one is proved or none can be. */
	reach(target: ReachTarget, options?: Signalled): Promise<Connection | null>;
	/** Sends at once to every proved connection of this identity; acknowledged by `Recipient`. */
	push(address: Address, bundles: readonly EntryBundle[]): void;
	/** From a connected peer; each verified against its CID, missing ones left out. */
	fetch(address: Address, ids: readonly BlockId[], options?: Signalled): AsyncIterable<Block>;
}

export interface ReachTarget {
	readonly address: Address;
	readonly peers: readonly PeerName[];
	/** Base URLs of its post offices: their circuit relays find it. */
	readonly offices: readonly string[];
}
