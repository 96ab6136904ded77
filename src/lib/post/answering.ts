/**
 * Where an answer goes (docs/decisions/0007): on in its thread, on with people who are added to it, or
 * into a new thread that names the old one.
 */

import { archiveOf } from '../threads/archive.ts';
import { isBlind, mayBeBlind } from '../threads/blind.ts';
import { endOf, endRuleOf } from '../threads/ends.ts';
import { entriesInOrder } from '../threads/entries.ts';
import { addMembers, appendArchive } from '../threads/make.ts';
import { mayAdd } from '../threads/members.ts';
import { shownMessages } from '../threads/shown.ts';
import type { Made, MakeResult, Person, ShownMessage, ThreadState } from '../threads/thread.ts';
import type { ThreadId } from '../wire/ids.ts';
import { threadPorts, type Account } from './account.ts';
import type { Announcement } from './announcement.ts';
import type { Addressee } from './addressing.ts';
import { continuationOf } from './continuation.ts';
import { toPerson, type Correspondent } from './contacts.ts';
import type { LookUp } from './look-up.ts';
import type { Desk } from './ports.ts';
import type { DraftRecord } from './records.ts';
import { loadReplica, type Replica } from './replicas.ts';
import { seatIn } from './seats.ts';

/** A thread that goes on, and those of the recipients who are new in it. */
export interface Answering {
	readonly before: Replica;
	readonly newcomers: readonly Addressee[];
	/** A member to whom nobody writes, and to whom a new epoch is wrapped all the same. */
	readonly seat: Correspondent | null;
}

/** The thread goes on with the people whom this mail has more; with fewer, a new one begins. */
export async function answeringIn(
	desk: Desk,
	account: Account,
	thread: ThreadId | undefined,
	visible: readonly Addressee[],
	look: LookUp
): Promise<Answering | null> {
	const before = thread === undefined ? null : await loadReplica(desk, account, thread, look);
	if (before === null) return null;
	const isClosed = await isBlindState(desk, before.state);
	const mayGrow = !isClosed && mayAdd(before.state, account.root);
	const seat = await seatIn(desk, before.record, look);
	const members = before.record.members.filter((address) => address !== seat?.address);
	const circle = { members, mayAdd: mayGrow };
	const named = visible.map(({ who }) => who.address);
	const continuation = continuationOf(circle, account.record.address, named);
	if (continuation.kind === 'parts') return null;
	const added = continuation.kind === 'adds' ? continuation.added : [];
	const newcomers = visible.filter(({ who }) => added.includes(who.address));
	return { before, newcomers, seat };
}

/** A blind recipient's: nobody else may ever learn that it is there (protocol §4, "Bcc"). */
export async function isBlindThread(
	desk: Desk,
	account: Account,
	thread: ThreadId
): Promise<boolean> {
	const replica = await loadReplica(desk, account, thread);
	return replica !== null && isBlindState(desk, replica.state);
}

/** Where the text that says it has not come, or is gone, it is as if it had said so. */
async function isBlindState({ store }: Desk, state: ThreadState): Promise<boolean> {
	const known = isBlind(state);
	if (known !== null || mayBeBlind(state)) return known ?? true;
	const rows = await store.list('message', [state.id]);
	return rows.some(({ mail }) => mail.blind === true);
}

/** Adds the newcomers, and gives them what was written before if the writer wants it; `null`: nobody. */
export async function growCircle(
	desk: Desk,
	account: Account,
	draft: DraftRecord,
	{ before, newcomers }: Answering,
	people: readonly Person[]
): Promise<MakeResult | null> {
	if (newcomers.length === 0) return null;
	const ports = threadPorts(desk);
	const added = newcomers.map(({ who }) => toPerson(who));
	let grown = await addMembers(ports, account.me, before.state, added, people);
	const history = draft.history ?? before.record.history ?? 'none';
	for (const messages of history === 'all' ? archiveOf(lasting(before.state)) : []) {
		if (!grown.ok) return grown;
		const archive = await appendArchive(ports, account.me, grown.state, messages);
		// One that filled its own entry to the last byte: what names its writer has no room beside it.
		if (isAloneTooLarge(archive, messages)) continue;
		grown = archive.ok ? after(grown, archive) : archive;
	}
	return grown;
}

/** What ends is not handed on: whoever gets it would have it from another than its writer. */
function lasting(state: ThreadState): readonly ShownMessage[] {
	const rule = endRuleOf(state);
	return shownMessages(state).filter(({ mail }) => endOf(mail, rule) === null);
}

function isAloneTooLarge(made: MakeResult, messages: readonly unknown[]): boolean {
	return (
		!made.ok && made.kind === 'refused' && made.reason === 'too-large' && messages.length === 1
	);
}

/** What the newcomers have to get besides the new entries. */
export function pastOf({ before, newcomers }: Answering): Pick<Announcement, 'past'> {
	if (newcomers.length === 0) return {};
	const people = newcomers.map(({ who }) => who.address);
	return { past: { entries: entriesInOrder(before.state), for: people } };
}

/** Both, in this order, as if made at once. */
export function after(first: Made, second: Made): Made {
	return { ...second, bundles: [...first.bundles, ...second.bundles] };
}
