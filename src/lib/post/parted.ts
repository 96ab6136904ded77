/**
 * Whoever was removed from a thread cannot open the epoch that says so. A member that still was in touch
 * tells it, when they next compare what they have (`parted` in wire/sync.ts): since which epoch, and by
 * whom. It is that member's word. By the word of whoever may remove, the thread's creator, the user is out;
 * by another's, only this one is not spoken to about the thread any more. Neither gets what is newer.
 */

import { isOpen } from '../threads/entries.ts';
import { creatorOf, membershipEvents, membersOf } from '../threads/members.ts';
import type { ThreadState } from '../threads/thread.ts';
import { equal } from '../wire/bytes.ts';
import { addressToRootKey, rootKeyToAddress, type Address, type ThreadId } from '../wire/ids.ts';
import type { Account } from './account.ts';
import { listThreads } from './listing.ts';
import type { Desk, Parting } from './ports.ts';
import type { ThreadRecord, ToldParting } from './records.ts';
import { exclusiveThread, keepReplica, loadReplica } from './replicas.ts';

/** Threads in which this identity was once a member with us, and is no more. */
export async function partedFrom(
	desk: Pick<Desk, 'store' | 'now'>,
	address: Address
): Promise<readonly ThreadId[]> {
	const threads = await listThreads(desk);
	return threads.flatMap(({ id, circle }) => (circle?.former?.includes(address) ? [id] : []));
}

/** By our fold; `null`: it is a member, or never was one. */
export async function partingOf(
	desk: Desk,
	account: Account,
	address: Address,
	thread: ThreadId
): Promise<Parting | null> {
	const replica = await exclusiveThread(desk, thread, () => loadReplica(desk, account, thread));
	if (replica === null || replica.record.members.includes(address)) return null;
	const root = addressToRootKey(address);
	const event = membershipEvents(replica.state).findLast(({ gone }) =>
		gone.some((one) => equal(one, root))
	);
	return event === undefined ? null : { epoch: event.entry, by: rootKeyToAddress(event.by) };
}

/**
 * A member says that we are out. `false`: we know better, for we can read that epoch and are in, or it
 * names one who could not have done it.
 */
export async function takeParting(
	desk: Desk,
	account: Account,
	from: Address,
	thread: ThreadId,
	parting: Parting
): Promise<boolean> {
	return exclusiveThread(desk, thread, async () => {
		const replica = await loadReplica(desk, account, thread);
		if (replica?.record.members.includes(from) !== true) return false;
		const { state } = replica;
		const creator = creatorOf(state);
		const mayPart = [account.record.address, creator && rootKeyToAddress(creator)];
		if (knowsBetter(state, account, parting) || !mayPart.includes(parting.by)) return false;
		const written: ThreadRecord[] = [];
		await desk.store.update('thread', [thread], (row) => {
			written.length = 0;
			if (row === null || row.parted?.[from]?.epoch === parting.epoch) return [];
			const told = { ...parting, at: desk.now() };
			const parted = { ...row.parted, [from]: told };
			const record = withParted({ ...row, parted }, account);
			const version = row.version + 1;
			const updatedAt = Math.max(told.at, row.updatedAt + 1);
			const put = { ...record, version, updatedAt };
			if (row.version === replica.record.version) written.push(put);
			return [{ table: 'thread', key: [thread], put }];
		});
		for (const record of written) keepReplica(desk.store, { record, state });
		return true;
	});
}

/** What we can read of the thread says that we are a member, and knows of that epoch. */
function knowsBetter(state: ThreadState, { root }: Account, { epoch }: Parting): boolean {
	return isOpen(state, epoch) && membersOf(state).some((member) => equal(member.root, root));
}

/** What is still to be believed, after the thread has changed: who was added again can read that. */
export function partedAfter(
	state: ThreadState,
	account: Account,
	before: ThreadRecord['parted']
): Pick<ThreadRecord, 'parted'> {
	const left = Object.entries(before ?? {}).filter(
		([, told]) => !knowsBetter(state, account, told)
	);
	return left.length === 0 ? {} : { parted: Object.fromEntries(left) };
}

/** A row, as computed from what can be read here, after what we were told. */
export function withParted(record: ThreadRecord, { record: { address } }: Account): ThreadRecord {
	if (!isOut(record)) return record;
	const { circle, ...rest } = record;
	return {
		...rest,
		members: record.members.filter((member) => member !== address),
		...(circle && { circle: { ...circle, mayAdd: false } })
	};
}

function isOut({ parted = {} }: ThreadRecord): boolean {
	return Object.entries(parted).some(([from, told]) => isSure(from, told));
}

/** Whoever removed says it itself. */
export function isSure(from: string, { by }: ToldParting): boolean {
	return from === by;
}
