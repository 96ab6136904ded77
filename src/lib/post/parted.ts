/**
 * Whoever was removed from a thread cannot open the epoch that says so. A member that still was in touch
 * tells it, when they next compare what they have (`parted` in wire/sync.ts): since which epoch, and by
 * whom. It is that member's word. By the word of whoever may remove, the thread's creator, the user is out;
 * by another's, only this one is not spoken to about the thread any more. Neither gets what is newer.
 *
 * The epoch may be invented, so no word is for good. It ends where what can be read says otherwise, where
 * some member gives us the secret of an epoch that was made after it, and where whoever said it gives us
 * anything of the thread. What is true all the same is said again when the two next meet.
 */

import { isOpen } from '../threads/entries.ts';
import { creatorOf, lastGivenMs, mayAdd, membershipEvents, membersOf } from '../threads/members.ts';
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
function knowsBetter(state: ThreadState, account: Account, { epoch }: Parting): boolean {
	return isOpen(state, epoch) && isIn(state, account);
}

function isIn(state: ThreadState, { root }: Account): boolean {
	return membersOf(state).some((member) => equal(member.root, root));
}

/** What is still to be believed, after the thread has changed: who was added again can read that. */
export function partedAfter(
	state: ThreadState,
	account: Account,
	before: ThreadRecord['parted']
): Pick<ThreadRecord, 'parted'> {
	if (before === undefined) return {};
	const givenMs = isIn(state, account) ? (lastGivenMs(state, account.root) ?? 0) : 0;
	const left = Object.entries(before).filter(
		([, told]) => told.at >= givenMs && !knowsBetter(state, account, told)
	);
	return left.length === 0 ? {} : { parted: Object.fromEntries(left) };
}

/**
 * Whoever gives us entries of the thread counts us in again. The row's version stays, for the entries do.
 * Call it inside `thread(…)`.
 */
export async function endParting(
	desk: Desk,
	account: Account,
	from: Address,
	thread: ThreadId
): Promise<void> {
	const replica = await loadReplica(desk, account, thread);
	if (replica?.record.parted?.[from] === undefined) return;
	const { state, record } = replica;
	await desk.store.update('thread', [thread], (row) => {
		if (row?.version !== record.version) return [];
		const { parted = {}, circle, ...rest } = row;
		const left = Object.entries(parted).filter(([said]) => said !== from);
		const counted: ThreadRecord = {
			...rest,
			members: membersOf(state).map(({ root }) => rootKeyToAddress(root)),
			...(left.length > 0 && { parted: Object.fromEntries(left) }),
			...(circle && { circle: { ...circle, mayAdd: mayAdd(state, account.root) } }),
			updatedAt: Math.max(desk.now(), row.updatedAt + 1)
		};
		return [{ table: 'thread', key: [thread], put: withParted(counted, account) }];
	});
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
