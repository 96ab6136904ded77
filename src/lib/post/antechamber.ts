/**
 * Where the entries of a thread wait that is new here, until the epoch comes that is wrapped to us: a
 * newcomer cannot read the first ones of a long thread, and needs them to read the rest. In memory
 * only: nothing of it is acknowledged, so whoever has it gives it again.
 */

import type { EntryBundle } from '../wire/entry.ts';
import { entryIdOf, headerDecoder } from '../wire/entry.ts';
import { cidToEntryId, type ThreadId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { MailStore } from './ports.ts';

export interface Waiting {
	/** In the order in which they came. */
	readonly bundles: readonly EntryBundle[];
	/** None of the epochs that are here is wrapped to us. */
	readonly isClosed: boolean;
}

const waitingByStore = new WeakMap<MailStore, Map<ThreadId, Waiting>>();

/** `null`: nothing of this thread waits. */
export function waitingOf(store: MailStore, thread: ThreadId): Waiting | null {
	return roomOf(store).get(thread) ?? null;
}

/**
 * May these make readable what waits? Without an epoch entry that has wraps they cannot: those from
 * before we were added come without, and are read by the list keys of a later one.
 */
export function bringsWraps(bundles: readonly EntryBundle[]): boolean {
	return bundles.some(({ header, wraps }) => {
		if (wraps.length === 0) return false;
		const decoded = headerDecoder.decode(header);
		return decoded.ok && decoded.value.t === 'epoch';
	});
}

/**
 * Do all ancestors of these stand among them? Else the epoch that opens them may be one that has not
 * come: nothing is final.
 */
export function isWhole(bundles: readonly EntryBundle[]): boolean {
	const ids = new Set(bundles.map(({ header }) => entryIdOf(header)));
	return bundles.every(({ header }) => {
		const decoded = headerDecoder.decode(header);
		return decoded.ok && decoded.value.parents.every((parent) => ids.has(cidToEntryId(parent)));
	});
}

/**
 * Instead of what waited of this thread. Over `newcomerBytes` the texts go first: most are from before we
 * were added, and those that are for us are asked for again when it is open. Then the threads that wait
 * longest.
 */
export function letWait(store: MailStore, thread: ThreadId, waiting: Waiting): void {
	const room = roomOf(store);
	room.delete(thread);
	room.set(thread, waiting);
	if (sum(sizesIn(room).map(({ bytes }) => bytes)) > LIMITS.newcomerBytes) {
		for (const [id, each] of [...room]) {
			room.set(id, { ...each, bundles: each.bundles.map(withoutText) });
		}
	}
	const sizes = sizesIn(room);
	let bytes = sum(sizes.map((each) => each.bytes));
	for (const oldest of sizes) {
		if (bytes <= LIMITS.newcomerBytes) break;
		room.delete(oldest.id);
		bytes -= oldest.bytes;
	}
}

function sizesIn(room: ReadonlyMap<ThreadId, Waiting>): { id: ThreadId; bytes: number }[] {
	return [...room].map(([id, { bundles }]) => ({ id, bytes: sum(bundles.map(sizeOf)) }));
}

/** An epoch entry as it is: its body is needed for the fold. */
function withoutText(bundle: EntryBundle): EntryBundle {
	const decoded = headerDecoder.decode(bundle.header);
	const isPlain = decoded.ok && decoded.value.t === 'entry';
	return isPlain && bundle.body !== null ? { ...bundle, body: null } : bundle;
}

/** It is open. */
export function endWait(store: MailStore, thread: ThreadId): void {
	roomOf(store).delete(thread);
}

function roomOf(store: MailStore): Map<ThreadId, Waiting> {
	const known = waitingByStore.get(store);
	if (known !== undefined) return known;
	const made = new Map<ThreadId, Waiting>();
	waitingByStore.set(store, made);
	return made;
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, number) => total + number, 0);
}

function sizeOf({ header, body, wraps }: EntryBundle): number {
	return header.length + (body?.length ?? 0) + sum(wraps.map((wrap) => wrap.length));
}
