/** The inside of a `ThreadState`. */

import type { CID } from 'multiformats/cid';
import type { Certificate } from '../wire/body.ts';
import { toHex } from '../wire/bytes.ts';
import type { EntryBundle } from '../wire/entry.ts';
import type { EntryId, ThreadId } from '../wire/ids.ts';
import type { Refusal } from '../wire/refusal.ts';
import type { RootHex } from './list.ts';
import { emptyLog, type LogView } from './log.ts';
import { NO_CLOCK } from './clock.ts';
import { NO_ENTRIES, type EntrySet } from './print.ts';
import { NO_SECRETS, type ThreadSecrets } from './secrets.ts';
import { NO_STANDING, type Standing } from './standing.ts';

export interface Replica {
	readonly thread: CID;
	readonly id: ThreadId;
	/** Salt of the first epoch. */
	readonly origin: Uint8Array;
	readonly view: LogView;
	readonly standing: Standing;
	/** Marks given so far: one for each epoch entry and each readable join. */
	readonly marks: number;
	/** Readable joins, in the order of the log. */
	readonly joins: readonly JoinFact[];
	/** Marks of epochs that are not readable here. */
	readonly closed: ReadonlySet<number>;
	/** Entries whose ancestors are not all here, by their id. */
	readonly pending: ReadonlyMap<EntryId, EntryBundle>;
	/** Found invalid, for good. Of these only plain entries stand in the log. */
	readonly refused: ReadonlyMap<EntryId, Refusal>;
	/** Every entry that is here (`isHere` in entries.ts). */
	readonly present: EntrySet;
	readonly secrets: ThreadSecrets;
	/** Certificates that entries carried and that verified, by root and writer key. */
	readonly certificates: ReadonlyMap<RootHex, ReadonlyMap<string, Certified>>;
	/** Members to whom this device's writer key was vouched for already, as `vouchName`. */
	readonly vouched: ReadonlySet<string>;
	/** Join keys of whose owner an authenticator made for us has convinced us, as `joinName`. */
	readonly believed: ReadonlySet<string>;
	readonly clock: Uint8Array;
}

/** A device of a member, and the join key that speaks for it. */
export interface Certified {
	readonly cert: Certificate;
	readonly join: string;
}

/** A `join` entry: the member's own key, signed by the seed that its epoch's maker gave it. */
export interface JoinFact {
	readonly mark: number;
	readonly root: RootHex;
	readonly join: string;
	readonly seed: string;
	readonly seedSig: Uint8Array;
	/** Roots that its epoch lists: who can read it. */
	readonly readers: ReadonlySet<RootHex>;
}

/** A writer key counts for one root: another's certificate for the same key proves nothing. */
export function writerName(root: Uint8Array, writer: Uint8Array): string {
	return `${toHex(root)}/${toHex(writer)}`;
}

/** An authenticator is made with one authentication key of its reader. */
export function vouchName(root: Uint8Array, auth: Uint8Array): string {
	return `${toHex(root)}/${toHex(auth)}`;
}

export function joinName(root: RootHex, join: string): string {
	return `${root}/${join}`;
}

export function emptyReplica(thread: CID, id: ThreadId, origin: Uint8Array): Replica {
	return {
		thread,
		id,
		origin,
		view: emptyLog(),
		standing: NO_STANDING,
		marks: 0,
		joins: [],
		closed: new Set(),
		pending: new Map(),
		refused: new Map(),
		present: NO_ENTRIES,
		secrets: NO_SECRETS,
		certificates: new Map(),
		vouched: new Set(),
		believed: new Set(),
		clock: NO_CLOCK
	};
}
