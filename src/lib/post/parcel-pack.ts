/**
 * Packing a parcel: what one contact has not confirmed, so that it can be carried there without any
 * network (protocol §8.1). Nothing is changed by it: only the contact's word ends a delivery.
 *
 * plan: outbox → letters, and the entries that they may lack → pack: contents, entries, blocks → bytes
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { lackedEntries } from '../threads/lacking.ts';
import { toHex } from '../wire/bytes.ts';
import { DAG_CBOR, encodeFields } from '../wire/codec.ts';
import {
	idToCid,
	parseBlockId,
	rootKeyToAddress,
	type Address,
	type BlockId,
	type EntryId,
	type ThreadId
} from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { encodeObject } from '../wire/office.ts';
import { PARCEL_START_BYTES, type ParcelLetter, type ParcelWord } from '../wire/parcel.ts';
import type { Account } from './account.ts';
import { findCorrespondent, type Correspondent } from './contacts.ts';
import { entryReader } from './entry-rows.ts';
import { cutIntroduction, firstEntry } from './knock.ts';
import { writeParcel } from './parcel-bytes.ts';
import { owedWords } from './parcel-words.ts';
import { takenParcel } from './parcel-taken.ts';
import { blocksOfRecord } from './outbox-files.ts';
import type { Desk, Signalled } from './ports.ts';
import { hasEnded } from './progress.ts';
import { entriesFor } from './recipient.ts';
import type { KnockOut, MessageRecord, OutboxRecord } from './records.ts';
import { slotIdOf } from './registration.ts';
import { exclusiveThread, loadReplica } from './replicas.ts';
import { hasLate, resealLate } from './reseal.ts';

export type PlanOutcome =
	| { readonly ok: true; readonly plan: ParcelPlan }
	/**
	 * `unknown-key`: no card of theirs is here, or the private part of its prekey may be gone, and no
	 * office can be asked now.
	 */
	| { readonly ok: false; readonly problem: 'unknown-key' | 'blocked' };

export interface ParcelPlan {
	/** When it was planned, Unix ms: what is owed to them later is not in it. */
	readonly madeMs: number;
	readonly recipient: Correspondent;
	/** Messages of mine, and attachments in them. */
	readonly messages: number;
	readonly files: number;
	/** Threads in which nothing but their members, or a message taken back, is news. */
	readonly changes: number;
	/** Letters of theirs that it confirms or refuses. */
	readonly words: readonly ParcelWord[];
	/** What the parcel will have, within a few per cent. */
	readonly sizeBytes: number;
	/** More is on its way to them than one parcel takes. */
	readonly isPart: boolean;
	readonly letters: readonly PlannedLetter[];
}

interface PlannedLetter {
	readonly letter: ParcelLetter;
	readonly thread: ThreadId;
	/** Parents first. */
	readonly entries: readonly EntryId[];
	/** Manifests before what they list. */
	readonly blocks: readonly BlockId[];
}

/** What a parcel for them would hold now. Asks an office only where their key is outdated. */
export async function planParcel(
	desk: Desk,
	account: Account,
	address: Address,
	options: Signalled = {}
): Promise<PlanOutcome> {
	const recipient = await findCorrespondent(desk, address, [account.record.office], options);
	if (recipient === null) return { ok: false, problem: 'unknown-key' };
	if (recipient.contact.tier === 'blocked') return { ok: false, problem: 'blocked' };
	if (await hasLate(desk)) {
		await desk.exclusive('outbox', () => resealLate(desk, account, options), options);
	}
	const madeMs = desk.now();
	const groups = await groupUnconfirmed(desk, address);
	const some = groups.slice(0, LIMITS.parcelLetters);
	const letters: PlannedLetter[] = [];
	for (const group of some) letters.push(await planLetter(desk, account, recipient, group));
	const messages = await messagesOf(desk, some.flat());
	const words = await owedWords(desk, address);
	return {
		ok: true,
		plan: {
			...{ madeMs, recipient, words, letters, isPart: some.length < groups.length },
			messages: messages.length,
			files: messages.flatMap(({ mail }) => mail.attachments).length,
			changes: some.filter((group) => !group.some(isMessage)).length,
			sizeBytes: await sizeOf(desk, letters, messages)
		}
	};
}

/** What is on its way to them, by thread and `done`: one notice announces all of it. Oldest first. */
async function groupUnconfirmed(desk: Desk, to: Address): Promise<OutboxRecord[][]> {
	const groups = new Map<string, OutboxRecord[]>();
	const records = (await desk.store.list('outbox')).toSorted((a, b) => a.createdAt - b.createdAt);
	for (const record of records) {
		const knock = knockTo(record, to);
		if (knock === undefined || hasEnded(knock)) continue;
		const name = `${record.thread}/${toHex(knock.knock)}`;
		groups.set(name, [...(groups.get(name) ?? []), record]);
	}
	return [...groups.values()];
}

function knockTo({ knocks }: OutboxRecord, address: Address): KnockOut | undefined {
	return knocks.find(({ to }) => to === address);
}

async function planLetter(
	desk: Desk,
	account: Account,
	{ address, root }: Correspondent,
	records: readonly OutboxRecord[]
): Promise<PlannedLetter> {
	const newest = records.at(-1);
	const knock = newest && knockTo(newest, address);
	if (newest === undefined || knock === undefined) throw new Error('a group has a record');
	const { thread } = newest;
	const heads = records.flatMap(({ entries }) => entries.at(-1) ?? []);
	const confirmed = await confirmedEntries(desk, thread, address);
	const replica = await exclusiveThread(desk, thread, () => loadReplica(desk, account, thread));
	const entries = replica === null ? [] : lackedEntries(replica.state, root, heads, confirmed);
	const carried = records.filter(({ isWithdrawn }) => isWithdrawn !== true);
	const old = manifestsFirst(carried.flatMap(({ blocks }) => blocks));
	const files = carried.flatMap((record) => record.files ?? []);
	const blocks = [...old, ...(await blocksOfRecord(desk, { blocks: [], files }))];
	return {
		...{ thread, entries, blocks },
		letter: toLetter(account, newest, knock, heads.at(-1) ?? firstEntry(newest))
	};
}

function toLetter(
	{ record }: Account,
	{ thread, epoch, isKept, introduction, ends, ended }: OutboxRecord,
	{ done, sealed, token, isPublic }: KnockOut,
	head: EntryId
): ParcelLetter {
	return {
		thread: idToCid(thread),
		epoch: idToCid(epoch),
		heads: [idToCid(head)],
		holders: isKept && record.office !== '' ? [record.office] : [],
		done,
		...(sealed !== undefined && { hash: Uint8Array.from(sha256(sealed)) }),
		...(token !== undefined && { token }),
		...(isPublic && { intro: cutIntroduction(introduction) }),
		...(ends !== undefined && { ends }),
		...(ended !== undefined && { ended: ended.map((each) => ({ ...each })) })
	};
}

/** Of messages of mine that they have. */
async function confirmedEntries(
	desk: Desk,
	thread: ThreadId,
	address: Address
): Promise<EntryId[]> {
	const messages = await desk.store.list('message', [thread]);
	return messages.flatMap(({ isMine, entry, deliveries }) => {
		const delivery = deliveries.find(({ to }) => rootKeyToAddress(to.root) === address);
		const isThere = delivery?.state === 'delivered' || delivery?.state === 'read';
		return isMine && isThere ? [entry] : [];
	});
}

/** In old rows each file has its chunks first, then the nodes of its manifest, the root last. */
function manifestsFirst(texts: readonly string[]): readonly BlockId[] {
	const ids = texts.flatMap((text) => parseBlockId(text) ?? []);
	const isNode = (id: BlockId) => idToCid(id).code === DAG_CBOR;
	return [...ids.filter(isNode).reverse(), ...ids.filter((id) => !isNode(id))];
}

function isMessage({ message, isWithdrawn }: OutboxRecord): boolean {
	return message !== undefined && isWithdrawn !== true;
}

async function messagesOf(
	{ store }: Desk,
	records: readonly OutboxRecord[]
): Promise<MessageRecord[]> {
	const rows = await Promise.all(
		records.filter(isMessage).map(async ({ shownIn, message = null }) => {
			return message === null ? null : store.get('message', [shownIn, message]);
		})
	);
	return rows.filter((row) => row !== null);
}

/** What stands around one entry or block: its frame, its map, its CID. */
const AROUND_BYTES = 96;

async function sizeOf(
	desk: Desk,
	letters: readonly PlannedLetter[],
	messages: readonly MessageRecord[]
): Promise<number> {
	let bytes = PARCEL_START_BYTES + 2048;
	for (const { thread, entries, blocks } of letters) {
		bytes += (entries.length + blocks.length) * AROUND_BYTES;
		const readEntry = entryReader(desk, thread);
		for (const id of entries) {
			const row = await readEntry(id);
			const parts = row === null ? [] : [row.header, row.body ?? row.header, ...row.wraps];
			bytes += parts.reduce((sum, part) => sum + part.length, 0);
		}
	}
	const files = messages.flatMap(({ mail }) => mail.attachments);
	return files.reduce((sum, { size }) => sum + size, bytes);
}

export interface PackOptions extends Signalled {
	/** Bytes written so far. */
	readonly onProgress?: (bytes: number) => void;
}

/** The file. Throws AbortError and broken storage only. */
export async function* packParcel(
	desk: Desk,
	account: Account,
	plan: ParcelPlan,
	{ signal, onProgress }: PackOptions = {}
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	const objects = packObjects(desk, account, plan);
	let bytes = 0;
	const { recipient, madeMs } = plan;
	const options = signal === undefined ? {} : { signal };
	for await (const piece of writeParcel(desk, account, recipient, madeMs, objects, options)) {
		bytes += piece.length;
		yield piece;
		onProgress?.(bytes);
	}
}

async function* packObjects(
	desk: Desk,
	account: Account,
	{ recipient, letters, words }: ParcelPlan
): AsyncGenerator<Uint8Array> {
	const { address, contact } = recipient;
	const isTold = contact.tier === 'known' || contact.tier === 'trusted';
	const taken = await takenParcel(desk, address);
	yield encodeFields({
		...{ v: 1, t: 'contents' },
		xwing: account.record.xwing,
		letters: letters.map(({ letter }) => letter),
		words,
		...(isTold && { slot: slotIdOf(contact.mySlot) }),
		...(taken !== null && { taken })
	});
	const counts = { entries: 0, blocks: 0 };
	for (const { thread, entries } of letters) {
		// One by one: a long history is not read into memory.
		for (const id of entries) {
			const wanted = { thread, ids: [id], what: 'whole' } as const;
			for (const bundle of await entriesFor(desk, account, address, wanted)) {
				counts.entries++;
				yield encodeObject('bundle-of-entry', { ...bundle });
			}
		}
	}
	for (const id of new Set(letters.flatMap(({ blocks }) => blocks))) {
		const data = await desk.blocks.get(id);
		if (data === null) continue; // the reader is told that a file is not whole
		counts.blocks++;
		yield encodeObject('block', { cid: idToCid(id), data });
	}
	yield encodeObject('parcel-end', counts);
}
