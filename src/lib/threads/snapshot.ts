/**
 * A thread's replica as of one moment, in one small piece beside its entries: so that opening it takes
 * time for what came since, and some microseconds for each entry before (docs/decisions/0016). It is
 * never believed over the entries; whoever keeps it says which of them it stands for, and opens all of
 * them where the two do not fit.
 */

import type { Certificate } from '../wire/body.ts';
import { toHex } from '../wire/bytes.ts';
import type { EntryId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { nodeAt } from './log.ts';
import { packLog, unpackLog, type Packed, type UnpackedEntry } from './packed.ts';
import type { Certified, Replica } from './replica.ts';
import type { ThreadState } from './thread.ts';

export interface Snapshot extends Packed {
	/** How many entries of the log it has. */
	readonly size: number;
	readonly clock: Uint8Array;
	/** As the replica has them; see there. */
	readonly vouched: readonly string[];
	readonly believed: readonly string[];
	readonly certified: readonly { readonly cert: Certificate; readonly join: string }[];
}

/** Entries that came since and on which no other stands: all that came since lies behind them. */
const MAX_TIPS = LIMITS.parents;

/** Named besides, so that what came since is not found one after the other. */
const WAYMARKS = 16;

/** Entries that are read one by one: with more than this share of a thread, all are as quickly read. */
const READ_SHARE = 16;
const FEW_READ = 16;

/** `null`: of this thread there is nothing to gain by it, or something still waits for its parents. */
export function takeSnapshot({ replica }: ThreadState): Snapshot | null {
	if (replica.pending.size > 0) return null;
	const { writers, entries, size, read } = packLog(replica.view);
	if (read > FEW_READ + size / READ_SHARE) return null;
	const certified = [...replica.certificates.values()].flatMap((each) => [...each.values()]);
	return {
		...{ writers, entries, size },
		clock: replica.clock,
		vouched: [...replica.vouched],
		believed: [...replica.believed],
		certified: certified.map(({ cert, join }) => ({ cert, join }))
	};
}

/** Would some question of its texts throw `TextsAway`? */
export function lacksTexts({ replica: { view } }: ThreadState): boolean {
	return view.log.isPacked;
}

/** What this state's log began with, where that is stored. */
export function snapshotOf({ replica: { view } }: ThreadState): StoredSnapshot | null {
	const { snapshot } = view.log;
	return snapshot !== null && snapshot.size <= view.length ? snapshot : null;
}

/** It is stored, and begins this state's log. */
export function noteSnapshot({ replica: { view } }: ThreadState, snapshot: StoredSnapshot): void {
	view.log.snapshot = snapshot;
}

export interface StoredSnapshot {
	/** Of the thread's row that was stored with it. */
	readonly version: number;
	readonly size: number;
}

/**
 * Entries from which all that came since is found by walking back. `null`: too many, or something waits for its
 * parents and lies behind none of them.
 */
export function trailSince({ replica }: ThreadState, size: number): readonly EntryId[] | null {
	const { view, pending } = replica;
	if (pending.size > 0) return null;
	const named = new Set<number>();
	const tips: EntryId[] = [];
	const waymarks: EntryId[] = [];
	const stride = Math.max(WAYMARKS, Math.ceil((view.length - size) / WAYMARKS));
	for (let place = view.length - 1; place >= size; place--) {
		const { id, parents } = nodeAt(view, place);
		if (!named.has(place)) tips.push(id);
		else if ((place - size) % stride === 0) waymarks.push(id);
		for (const parent of parents) named.add(parent);
	}
	return tips.length > MAX_TIPS ? null : [...tips, ...waymarks];
}

/** Its entries; `null`: it is damaged. */
export function entriesOfSnapshot(snapshot: Snapshot): readonly UnpackedEntry[] | null {
	const entries = unpackLog(snapshot);
	return entries?.length === snapshot.size ? entries : null;
}

/** What the messages in it have told the replica besides. */
export function learnedFrom(
	snapshot: Snapshot
): Pick<Replica, 'clock' | 'vouched' | 'believed' | 'certificates'> {
	const certificates = new Map<string, Map<string, Certified>>();
	for (const { cert, join } of snapshot.certified) {
		const root = toHex(cert.root);
		const known = certificates.get(root) ?? new Map<string, Certified>();
		certificates.set(root, known.set(toHex(cert.writer), { cert, join }));
	}
	return {
		clock: snapshot.clock,
		vouched: new Set(snapshot.vouched),
		believed: new Set(snapshot.believed),
		certificates
	};
}
