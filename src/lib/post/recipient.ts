/** What this mailbox tells proved peers, and takes from them: the courier's other side. */

import { cardDecoder } from '../wire/identity.ts';
import {
	addressToRootKey,
	rootKeyToAddress,
	type Address,
	type EntryId,
	type ThreadId
} from '../wire/ids.ts';
import { equal } from '../wire/bytes.ts';
import {
	entriesInOrder,
	entryIds,
	headerOf,
	isText,
	mayHaveBody,
	printOfThread
} from '../threads/entries.ts';
import type { ThreadState } from '../threads/thread.ts';
import { entryIdOf, type EntryBundle } from '../wire/entry.ts';
import type { Refusal } from '../wire/refusal.ts';
import type { Account } from './account.ts';
import { entryReader, listEntries, type ReadEntry } from './entry-rows.ts';
import { FileGate } from './file-gate.ts';
import type { ListedThread } from './listed.ts';
import { listThreads } from './listing.ts';
import { partedFrom, partingOf, takeParting } from './parted.ts';
import { readRow, untilSettled, type LookUp } from './look-up.ts';
import type { Connection, Desk, Recipient } from './ports.ts';
import { hasFiles } from './outbox-files.ts';
import { hasEnded, moveKnock } from './progress.ts';
import { receive, refuseAll } from './receive.ts';
import type { OutboxRecord } from './records.ts';
import { atOwnOffice } from './registration.ts';
import { exclusiveThread, loadReplica } from './replicas.ts';
import { noteBare } from './withheld.ts';
import { accept } from '../wire/refusal.ts';
import type { Tier } from '../trust/policy.ts';

/** Entries that are read one by one: a list of all has a price of its own. */
const FEW = 16;

export interface RecipientHooks {
	/** Entries came from this peer and are stored. */
	readonly onReceived: (from: Address, threads: readonly ThreadId[]) => void;
	readonly onConnections: (change: 'connected' | 'disconnected', connection: Connection) => void;
}

export function createRecipient(desk: Desk, account: Account, hooks: RecipientHooks): Recipient {
	const gate = new FileGate(desk);
	return {
		authKeyOf: (root) => authKeyOf(desk, root),
		sharedWith: (address) => sharedWith(desk, account, address),
		entryIdsFor: (address, thread) => entryIdsFor(desk, account, address, thread),
		entriesFor: (address, thread, ids, what) =>
			entriesFor(desk, account, address, { thread, ids, what }),
		inOrder: (address, thread, ids) => inOrder(desk, account, address, thread, ids),
		receive: async (from, bundles) => {
			const received = await untilSettled(async (look) => {
				const tier = await tierOf(desk, from, look);
				// Blocked while connected: the proof was given before.
				if (tier === 'blocked') return refuseAll(bundles, 'blocked');
				const mayBegin = isLetIn(tier);
				const admission = { from, mayBegin, makesContact: false };
				return receive(desk, account, admission, bundles, look);
			});
			if (received.stored.length > 0) hooks.onReceived(from, []);
			return received;
		},
		blockFor: (address, id) => gate.take(address, id),
		acknowledged: (from, ids) => acknowledged(desk, account, from, ids),
		declined: (from, id, reason) => declined(desk, from, id, reason),
		partedFrom: (address) => partedFrom(desk, address),
		partingOf: (address, thread) => partingOf(desk, account, address, thread),
		parted: (from, thread, parting) => takeParting(desk, account, from, thread, parting),
		tookBare: (from, thread, ids) => noteBare(desk, account, from, thread, ids),
		connected: (connection) => {
			hooks.onConnections('connected', connection);
		},
		disconnected: (connection) => {
			hooks.onConnections('disconnected', connection);
		}
	};
}

async function authKeyOf(desk: Desk, root: Uint8Array): Promise<Uint8Array | null> {
	const contact = await desk.store.get('contact', [rootKeyToAddress(root)]);
	if (contact?.keys === undefined || contact.tier === 'blocked') return null;
	const card = cardDecoder.decode(contact.keys.card);
	return card.ok ? card.value.auth : null;
}

/**
 * What lets in may be remembered, for the write finds out where it is old. What keeps out is read: a
 * refusal is final, and nothing is written that could find out that another tab has let them in.
 */
async function tierOf({ store }: Desk, from: Address, look: LookUp): Promise<Tier | undefined> {
	const remembered = await readRow(store, 'contact', [from], look);
	if (isLetIn(remembered?.tier)) return remembered?.tier;
	return (await store.get('contact', [from]))?.tier;
}

function isLetIn(tier: Tier | undefined): boolean {
	return tier === 'known' || tier === 'trusted';
}

async function sharedWith(
	desk: Desk,
	account: Account,
	address: Address
): Promise<ReadonlyMap<ThreadId, Uint8Array>> {
	const shared = new Map<ThreadId, Uint8Array>();
	for (const record of await listThreads(desk)) {
		if (!record.members.includes(address) || record.parted?.[address] !== undefined) continue;
		const print = record.withheld?.[address]?.print ?? record.entriesPrint;
		shared.set(record.id, print ?? (await printAnew(desk, account, record)));
	}
	return shared;
}

/** Of a row that was written before rows had prints. */
async function printAnew(desk: Desk, account: Account, { id }: ListedThread): Promise<Uint8Array> {
	const replica = await exclusiveThread(desk, id, () => loadReplica(desk, account, id));
	if (replica === null) throw new Error('a listed thread stands in this mailbox');
	return printOfThread(replica.state);
}

async function entryIdsFor(
	desk: Desk,
	account: Account,
	address: Address,
	thread: ThreadId
): Promise<readonly EntryId[]> {
	const known = await desk.store.get('thread', [thread]);
	if (known?.members.includes(address) !== true) return [];
	const replica = await exclusiveThread(desk, thread, () => loadReplica(desk, account, thread));
	if (replica === null) return [];
	const withheld = new Set(replica.record.withheld?.[address]?.ids ?? []);
	return entryIds(replica.state).filter((id) => !withheld.has(id));
}

async function inOrder(
	desk: Desk,
	account: Account,
	address: Address,
	thread: ThreadId,
	ids: readonly EntryId[]
): Promise<readonly EntryId[]> {
	const replica = await exclusiveThread(desk, thread, () => loadReplica(desk, account, thread));
	if (replica?.record.members.includes(address) !== true) return [];
	const asked = new Set(ids);
	const placed = entriesInOrder(replica.state).filter((id) => asked.delete(id));
	return [...placed, ...asked];
}

interface Wanted {
	readonly thread: ThreadId;
	readonly ids: readonly EntryId[];
	readonly what: 'whole' | 'outline';
}

/** Of plain entries from before it was a member the peer gets the header alone. */
export async function entriesFor(
	desk: Desk,
	account: Account,
	address: Address,
	{ thread, ids, what }: Wanted
): Promise<EntryBundle[]> {
	const replica = await exclusiveThread(desk, thread, () => loadReplica(desk, account, thread));
	if (replica?.record.members.includes(address) !== true) return [];
	const root = addressToRootKey(address);
	const later = true as const;
	const readEntry = await readerFor(desk, thread, replica.state, ids, what);
	const rows = await Promise.all(
		ids.map(async (id) => {
			const isAllowed = mayHaveBody(replica.state, root, id);
			const isLater = what === 'outline' && isAllowed && isText(replica.state, id);
			const known = isLater ? headerOf(replica.state, id) : null;
			if (known !== null) return { header: known, body: null, wraps: [], later };
			const row = await readEntry(id);
			if (row === null) return null;
			const { header, body, wraps } = row;
			if (isLater) return { header, body: null, wraps: [], later };
			// Promised to us, too: else whoever gets the header from us would not know that a text belongs to it.
			const isToCome = isAllowed && body === null && row.promisedAt !== undefined;
			return { header, body: isAllowed ? body : null, wraps, ...(isToCome && { later }) };
		})
	);
	return rows.filter((row) => row !== null);
}

/** Where most of a thread is asked for, one read brings all of it. */
async function readerFor(
	desk: Pick<Desk, 'store'>,
	thread: ThreadId,
	{ size }: ThreadState,
	ids: readonly EntryId[],
	what: 'whole' | 'outline'
): Promise<ReadEntry> {
	const isMost = what === 'whole' && ids.length > FEW && 2 * ids.length >= size;
	if (!isMost) return entryReader(desk, thread);
	const rows = await listEntries(desk, thread);
	const known = new Map(rows.map((row) => [entryIdOf(row.header), row]));
	return async (id) => Promise.resolve(known.get(id) ?? null);
}

/**
 * It has these entries now. That is delivery, unless the message carries attachments: then `done`,
 * which comes after the last block, is.
 */
async function acknowledged(
	desk: Desk,
	account: Account,
	from: Address,
	ids: readonly EntryId[]
): Promise<void> {
	for (const record of await announcing(desk, from, ids)) {
		if (hasFiles(record)) continue;
		const knock = record.knocks.find(({ to }) => to === from);
		await moveKnock(desk, record, from, 'delivered', { at: desk.now() });
		const isRepeated = knock !== undefined && knock.state !== 'waiting';
		if (isRepeated && !(await isAnnounced(desk, knock.knock))) {
			await endRepeats(desk, account, knock.knock);
		}
	}
}

/** The notice of one message of a thread is that of all: another may not have come whole. */
export async function isAnnounced(desk: Desk, name: Uint8Array): Promise<boolean> {
	const records = await desk.store.list('outbox');
	return records.some(({ knocks }) =>
		knocks.some((knock) => equal(knock.knock, name) && !hasEnded(knock))
	);
}

/** Best effort: if the office is not to be reached now, the recipient's own `done` ends them later. */
async function endRepeats(desk: Desk, account: Account, knock: Uint8Array): Promise<void> {
	await atOwnOffice(desk, account, async ({ office, account: signer }) => {
		await office.forget(signer, [knock]);
		return accept(null);
	}).catch(() => undefined);
}

async function declined(desk: Desk, from: Address, id: EntryId, reason: Refusal): Promise<void> {
	// "not-allowed" means that the thread is new to a peer that does not know us: the notice asks.
	if (reason === 'not-allowed') return;
	for (const record of await announcing(desk, from, [id])) {
		await moveKnock(desk, record, from, 'refused', { at: desk.now(), reason });
	}
}

/** What is on its way to this recipient and ends in one of these entries. */
async function announcing(
	desk: Desk,
	to: Address,
	ids: readonly EntryId[]
): Promise<OutboxRecord[]> {
	return (await desk.store.list('outbox')).filter(({ entries, knocks }) => {
		const head = entries.at(-1);
		return head !== undefined && ids.includes(head) && knocks.some((knock) => knock.to === to);
	});
}
