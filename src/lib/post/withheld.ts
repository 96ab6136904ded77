/**
 * What a member lacks and cannot have from here: a text that was taken back, that ended, or that the user
 * let go of, while the header stays. It counts as here, and with the member it does not, so that two who
 * have no more to give each other would compare, and offer the header, at every connection. So the member
 * says once that it has the header alone (`bare` in wire/sync.ts), and from then on we count with it as it
 * does: without. Only what is withheld at the moment is left out; what we can give again is offered again.
 */

import { isWithheld, printWithout } from '../threads/entries.ts';
import { membersOf } from '../threads/members.ts';
import type { ThreadState } from '../threads/thread.ts';
import { addressToRootKey, rootKeyToAddress, type Address, type EntryId } from '../wire/ids.ts';
import type { ThreadId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Account } from './account.ts';
import type { Desk } from './ports.ts';
import type { ThreadRecord, Withheld } from './records.ts';
import { exclusiveThread, loadReplica, type Replica } from './replicas.ts';

/** What a thread's row remembers of it, after the thread has changed. */
export function withheldAfter(
	state: ThreadState,
	before: ThreadRecord['withheld']
): Pick<ThreadRecord, 'withheld'> {
	if (before === undefined) return {};
	const members = new Set(membersOf(state).map(({ root }) => rootKeyToAddress(root)));
	const left = Object.entries(before).flatMap(([name, { ids }]) => {
		const member = [...members].find((address) => address === name);
		const kept = member === undefined ? null : toWithheld(state, member, ids);
		return kept === null ? [] : [[name, kept] as const];
	});
	return left.length === 0 ? {} : { withheld: Object.fromEntries(left) };
}

/** The member has the headers of these, and not their bodies. */
export async function noteBare(
	desk: Desk,
	account: Account,
	member: Address,
	thread: ThreadId,
	ids: readonly EntryId[]
): Promise<void> {
	await exclusiveThread(desk, thread, async () => {
		const replica = await loadReplica(desk, account, thread);
		if (replica === null) return;
		await changeWithheld(desk, replica, member, (known) => [...new Set([...known, ...ids])]);
	});
}

/**
 * The member shows that it counts these: its key has ended, say, and it waits for no body any more. Call
 * it inside `thread(…)`.
 */
export async function noteCounted(
	desk: Desk,
	account: Account,
	member: Address,
	thread: ThreadId,
	ids: ReadonlySet<EntryId>
): Promise<void> {
	const replica = await loadReplica(desk, account, thread);
	if (replica?.record.withheld?.[member]?.ids.some((id) => ids.has(id)) !== true) return;
	await changeWithheld(desk, replica, member, (known) => known.filter((id) => !ids.has(id)));
}

/** The row's version stays, for the entries do: what is open in other tabs is still right. */
async function changeWithheld(
	{ store }: Pick<Desk, 'store'>,
	{ state, record }: Replica,
	member: Address,
	change: (ids: readonly EntryId[]) => readonly EntryId[]
): Promise<void> {
	if (!record.members.includes(member)) return;
	const before = record.withheld?.[member]?.ids ?? [];
	const after = toWithheld(state, member, change(before));
	if (isSame(before, after?.ids ?? [])) return;
	await store.update('thread', [state.id], (row) => {
		if (row?.version !== record.version) return [];
		const { withheld = {}, ...rest } = row;
		const { [member]: _old, ...others } = withheld;
		const all = { ...others, ...(after !== null && { [member]: after }) };
		const put = { ...rest, ...(Object.keys(all).length > 0 && { withheld: all }) };
		return [{ table: 'thread', key: [state.id], put }];
	});
}

function isSame(a: readonly EntryId[], b: readonly EntryId[]): boolean {
	return a.length === b.length && a.every((id, i) => id === b[i]);
}

/** `null`: nothing is. What a hostile member claims beyond the bound is offered to it for ever. */
function toWithheld(state: ThreadState, member: Address, ids: readonly EntryId[]): Withheld | null {
	const root = addressToRootKey(member);
	const kept = ids.filter((id) => isWithheld(state, root, id)).slice(0, LIMITS.withheldEntries);
	return kept.length === 0 ? null : { ids: kept, print: printWithout(state, kept) };
}
