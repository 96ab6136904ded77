/**
 * Leaving a thread, and removing somebody from it: an epoch without a message, which everybody who
 * stays is told of like of a message, so that what is written from then on is out of reach.
 */

import { leave, removeMember } from '../threads/make.ts';
import { membersOf } from '../threads/members.ts';
import type { Made, MakeResult, Person, ThreadState } from '../threads/thread.ts';
import { toHex } from '../wire/bytes.ts';
import { addressToRootKey, rootKeyToAddress, type Address, type ThreadId } from '../wire/ids.ts';
import { announce } from './announcement.ts';
import { threadPorts, type Account } from './account.ts';
import { toPerson, type Correspondent } from './contacts.ts';
import { knownMembers, learnMembers } from './members.ts';
import { keepSecrets } from './kept-secrets.ts';
import { StorageFull, type Desk, type Signalled } from './ports.ts';
import type { ThreadRecord } from './records.ts';
import { exclusiveThread, keepReplica, loadReplica, putEntries } from './replicas.ts';
import { putOpenable } from './snapshots.ts';
import { summarise } from './summary.ts';

export type MembershipProblem =
	/** Of this user, who is no member, or may not remove. */
	| { readonly kind: 'not-allowed' }
	/** A member to whom the next epoch has to be sealed, and whose card is not to be had now. */
	| { readonly kind: 'unknown-address'; readonly address: Address }
	| { readonly kind: 'storage-full' };

export type MembershipOutcome =
	{ readonly ok: true } | { readonly ok: false; readonly problem: MembershipProblem };

/** The thread goes to the archive; what others write in it from then on cannot be read here. */
export function leaveThread(
	desk: Desk,
	account: Account,
	thread: ThreadId,
	options: Signalled = {}
): Promise<MembershipOutcome> {
	const make: Make = (state, people) => leave(threadPorts(desk), account.me, state, people);
	return change(desk, account, thread, { make, gone: account.record.address }, options);
}

/** By whoever began the thread. */
export function removeFromThread(
	desk: Desk,
	account: Account,
	thread: ThreadId,
	address: Address,
	options: Signalled = {}
): Promise<MembershipOutcome> {
	const root = addressToRootKey(address);
	const make: Make = (state, people) =>
		removeMember(threadPorts(desk), account.me, state, root, people);
	return change(desk, account, thread, { make, gone: address }, options);
}

type Make = (state: ThreadState, people: readonly Person[]) => Promise<MakeResult>;

interface Going {
	readonly make: Make;
	readonly gone: Address;
}

async function change(
	desk: Desk,
	account: Account,
	thread: ThreadId,
	{ make, gone }: Going,
	options: Signalled
): Promise<MembershipOutcome> {
	const isStaying = (address: Address) => address !== account.record.address && address !== gone;
	const row = await desk.store.get('thread', [thread]);
	// Nobody who writes in the thread has to wait for the network: it is asked before the lock.
	await learnMembers(desk, account, row?.members.filter(isStaying) ?? [], options);
	return exclusiveThread(desk, thread, async () => {
		const before = await loadReplica(desk, account, thread);
		if (before === null) return { ok: false, problem: { kind: 'not-allowed' } };
		const others = membersOf(before.state).map(({ root }) => rootKeyToAddress(root));
		const staying = await knownMembers(desk, others.filter(isStaying));
		if (!staying.ok) {
			return { ok: false, problem: { kind: 'unknown-address', address: staying.missing } };
		}
		const made = await make(before.state, staying.people.map(toPerson));
		if (!made.ok) return { ok: false, problem: problemOf(made) };
		return commit(desk, account, {
			...{ before: before.record, made, gone },
			staying: staying.people
		});
	});
}

function problemOf(made: Exclude<MakeResult, Made>): MembershipProblem {
	const [root] = made.kind === 'needs-people' ? made.roots : [];
	return root === undefined
		? { kind: 'not-allowed' }
		: { kind: 'unknown-address', address: rootKeyToAddress(root) };
}

interface Changed {
	readonly before: ThreadRecord;
	readonly made: Made;
	readonly gone: Address;
	readonly staying: readonly Correspondent[];
}

async function commit(
	desk: Desk,
	account: Account,
	{ before, gone, staying, ...changed }: Changed
): Promise<MembershipOutcome> {
	const made = await keepSecrets(desk, changed.made);
	const { state, bundles } = made;
	const fresh = staying.map(({ address }) => [address, desk.random(32)] as const);
	const id = toHex(desk.random(16));
	const hasLeft = gone === account.record.address;
	let record = before;
	try {
		await desk.store.update('thread', [state.id], (row) => {
			const summary = summarise(desk, account, row, made, []);
			const dones = { ...Object.fromEntries(fresh), ...summary.dones };
			const left = { ...summary, dones, ...(hasLeft && { place: 'archive' as const }) };
			const put = putOpenable(desk, left, state);
			record = put.record;
			const parts = { state, bundles, dones, people: staying, introduction: '', files: [] };
			const outbox = {
				id,
				shownIn: state.id,
				...announce(account, parts),
				createdAt: record.updatedAt
			};
			return [
				...putEntries(state.id, bundles),
				...put.changes,
				...(staying.length > 0 ? [{ table: 'outbox', key: [id], put: outbox } as const] : [])
			];
		});
	} catch (problem) {
		if (problem instanceof StorageFull) return { ok: false, problem: { kind: 'storage-full' } };
		throw problem;
	}
	keepReplica(desk.store, { record, state });
	return { ok: true };
}
