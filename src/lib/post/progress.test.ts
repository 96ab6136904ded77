/** How far a message has come, as the own office tells it. */

import { sha256 } from '@noble/hashes/sha2.js';
import { beforeEach, describe, expect, test } from 'vitest';
import { doubleSuite } from '../../../tests/conformance/crypto-double.ts';
import { createMemoryDisk } from '../../../tests/conformance/memory-store.ts';
import { cidOfRaw } from '../wire/codec.ts';
import { bytesToMessageId, cidToEntryId, cidToThreadId, rootKeyToAddress } from '../wire/ids.ts';
import type { Sent } from '../wire/office.ts';
import { takeBackLost } from './pending.ts';
import type { Desk, Office } from './ports.ts';
import { markKept, recordRefused, recordSent, updateKnock, updateOutbox } from './progress.ts';
import type { KnockOut, MessageRecord, OutboxRecord, ThreadRecord } from './records.ts';
import type { Counter } from './registration.ts';

const fill = (byte: number, size = 32) => new Uint8Array(size).fill(byte);
const bob = rootKeyToAddress(fill(2));
const carol = rootKeyToAddress(fill(3));
const thread = cidToThreadId(cidOfRaw(fill(1)));
const entry = cidToEntryId(cidOfRaw(fill(4)));
const DONE = fill(7);

let desk: Desk;

beforeEach(() => {
	const { mail: store, blocks, ring } = createMemoryDisk().open();
	desk = {
		...{ store, blocks, ring, suite: doubleSuite, appUrl: 'https://mail.example/' },
		random: (size) => new Uint8Array(size),
		now: () => 1000,
		keys: { deviceSigner: () => Promise.reject(new Error('nobody signs here')) },
		offices: () => {
			throw new Error('nobody is asked here');
		},
		exclusive: (_name, work) => work()
	};
});

const messageOf = (number: number) => bytesToMessageId(fill(number, 16));
const noticeOf = (number: number) => fill(number, 4096);

function knockTo(to: KnockOut['to'], fields: Partial<KnockOut>): KnockOut {
	return {
		...{ to, url: 'https://post.example', slot: fill(5), isPublic: false },
		...{ done: DONE, knock: Uint8Array.from(sha256(DONE)), state: 'waiting' },
		...fields
	};
}

/** The mail with this number, to these; written at that moment. */
async function write(number: number, knocks: readonly KnockOut[]): Promise<OutboxRecord> {
	const record: OutboxRecord = {
		...{ id: `out ${number}`, shownIn: thread, thread, message: messageOf(number) },
		...{ entries: [entry], epoch: entry, introduction: '', blocks: [], kept: 0, isKept: false },
		...{ knocks, createdAt: number }
	};
	const toParty = (address: KnockOut['to']) => ({
		root: address === bob ? fill(2) : fill(3),
		name: 'someone'
	});
	const message: MessageRecord = {
		...{ thread, id: messageOf(number), entry, from: bob, isMine: true, bcc: [], order: number },
		...{ receivedAt: 0, isUnread: false, isOnRecord: false, isVouched: true, holders: [] },
		mail: {
			...{ from: toParty(bob), to: [], cc: [], subject: '', date: 0, text: '' },
			...{ attachments: [], answers: [] }
		},
		deliveries: [bob, carol].map((to) => ({
			...{ to: toParty(to), field: 'to', state: 'written', times: {} }
		}))
	};
	await desk.store.commit([
		{ table: 'outbox', key: [record.id], put: record },
		{ table: 'message', key: [thread, message.id], put: message }
	]);
	return record;
}

const states = async (number: number) => {
	const row = await desk.store.get('message', [thread, messageOf(number)]);
	return row?.deliveries.map(({ state }) => state);
};
const knocks = async (number: number) => {
	const row = await desk.store.get('outbox', [`out ${number}`]);
	return row?.knocks.map(({ state }) => state) ?? 'gone';
};
const sent = (number: number, state: Sent['state']): Sent => ({
	...{ v: 1, t: 'sent', knock: Uint8Array.from(sha256(DONE)), state, time: 2000 },
	hash: Uint8Array.from(sha256(noticeOf(number)))
});

describe('what the office says of a notice', () => {
	test('is true of its message and those before it, and of no later one', async () => {
		for (const number of [1, 2, 3]) {
			await write(number, [knockTo(bob, { sealed: noticeOf(number) })]);
		}
		await recordSent(desk, sent(2, 'noticed'));
		expect([await knocks(1), await knocks(2), await knocks(3)]).toEqual([
			['noticed'],
			['noticed'],
			['waiting']
		]);
		await recordSent(desk, sent(2, 'done'));
		expect(await Promise.all([1, 2, 3].map(knocks))).toEqual(['gone', 'gone', ['waiting']]);
		expect(await states(2)).toEqual(['delivered', 'written']);
		expect(await states(3)).toEqual(['written', 'written']);
	});

	test('a refusal ends the message that the notice names; those before it are announced anew', async () => {
		for (const number of [1, 2, 3]) {
			await write(number, [knockTo(bob, { sealed: noticeOf(number), state: 'noticed' })]);
		}
		expect(await recordRefused(desk, sent(2, 'done'), 'removed')).toBe(true);
		expect(await Promise.all([1, 2, 3].map(knocks))).toEqual([['waiting'], 'gone', ['noticed']]);
		expect(await states(1)).toEqual(['written', 'written']);
		expect(await states(2)).toEqual(['refused', 'written']);
		const [again] = (await desk.store.get('outbox', ['out 1']))?.knocks ?? [];
		expect(again?.sealed).toBeUndefined();
		expect(again?.done).not.toEqual(DONE);
		expect(again?.knock).toEqual(Uint8Array.from(sha256(again?.done ?? DONE)));
		// Each refusal takes the newest of them: it ends.
		expect(await recordRefused(desk, sent(3, 'done'), 'removed')).toBe(false);
	});

	test('is nothing where the notice is none of those on their way', async () => {
		await write(1, [knockTo(bob, { sealed: noticeOf(1) })]);
		await recordSent(desk, sent(9, 'done'));
		expect(await knocks(1)).toEqual(['waiting']);
	});

	test('stands in the archive before the outbox forgets it', async () => {
		await write(1, [knockTo(bob, { sealed: noticeOf(1) })]);
		const { store } = desk;
		const tables: string[] = [];
		desk = {
			...desk,
			store: {
				...store,
				update: (table, key, decide) => {
					tables.push(table);
					return store.update(table, key, decide);
				}
			}
		};
		await recordSent(desk, sent(1, 'done'));
		expect(tables).toEqual(['message', 'thread', 'outbox']);
	});

	test('ends the secret of its knock, and not the one that took its place', async () => {
		await write(1, [knockTo(bob, { sealed: noticeOf(1) })]);
		const dones = async () => (await desk.store.get('thread', [thread]))?.dones;
		const row: ThreadRecord = {
			...{ id: thread, secrets: new Uint8Array(0), version: 1, place: 'inbox', subject: '' },
			...{ members: [bob], latest: { from: bob, preview: '', date: 0 }, count: 1, unread: 0 },
			...{ hasAttachment: false, dones: { [bob]: fill(8) }, updatedAt: 0 }
		};
		await desk.store.commit([{ table: 'thread', key: [thread], put: row }]);
		await recordSent(desk, sent(1, 'done'));
		expect(await dones()).toEqual({ [bob]: fill(8) });
		await write(1, [knockTo(bob, { sealed: noticeOf(1) })]);
		await desk.store.commit([
			{ table: 'thread', key: [thread], put: { ...row, dones: { [bob]: DONE } } }
		]);
		await recordSent(desk, sent(1, 'done'));
		expect(await dones()).toEqual({});
	});
});

test('what has ended for one recipient is not begun again', async () => {
	await write(1, [knockTo(bob, { state: 'delivered' }), knockTo(carol, {})]);
	await updateKnock(desk, 'out 1', bob, (knock) => ({ ...knock, state: 'waiting' }));
	expect(await knocks(1)).toEqual(['delivered', 'waiting']);
});

test('a copy that is kept says nothing of the copies of others', async () => {
	const record = await write(1, [knockTo(carol, {})]);
	await markKept(desk, record, 'https://post.example');
	expect(await states(1)).toEqual(['written', 'kept']);
});

test('a mail with files is kept when all its copies are: each has files of its own', async () => {
	const files = [{ manifest: 'of this copy', size: 1 }];
	const [open, blind] = [
		{ ...(await write(1, [knockTo(bob, {})])), files },
		{ ...(await write(1, [knockTo(carol, {})])), files, id: 'blind' }
	];
	for (const put of [open, blind]) {
		await desk.store.commit([{ table: 'outbox', key: [put.id], put }]);
	}
	const holders = async () => {
		return (await desk.store.get('message', [thread, messageOf(1)]))?.holders;
	};
	await markKept(desk, open, 'https://post.example');
	expect(await states(1)).toContain('kept');
	expect(await holders()).toEqual([]);
	await updateOutbox(desk, open.id, (row) => ({ ...row, isKept: true }));
	await markKept(desk, blind, 'https://post.example');
	expect(await holders()).toEqual(['https://post.example']);
});

describe('what the office does not knock for any more', () => {
	const counterOf = (held: readonly Sent[]): Counter => ({
		office: { pending: () => Promise.resolve([...held]) } as unknown as Office,
		account: {
			root: fill(1),
			device: { publicKey: fill(1), sign: () => Promise.reject(new Error()) }
		}
	});

	test('waits again', async () => {
		await write(1, [knockTo(bob, { sealed: noticeOf(1), state: 'noticed' })]);
		expect(await takeBackLost(desk, counterOf([]), {})).toBe(true);
		expect(await knocks(1)).toEqual(['waiting']);
	});

	test('is what it never heard of, or has forgotten; not what a later notice announces', async () => {
		await write(1, [knockTo(bob, { sealed: noticeOf(1), state: 'noticed' })]);
		await write(2, [knockTo(bob, { sealed: noticeOf(2), state: 'noticed' })]);
		await write(3, [knockTo(bob, { sealed: noticeOf(3), state: 'handed-over' })]);
		expect(await takeBackLost(desk, counterOf([sent(2, 'noticed')]), {})).toBe(true);
		expect(await Promise.all([1, 2, 3].map(knocks))).toEqual([
			['noticed'],
			['noticed'],
			['waiting']
		]);
	});

	test('is nothing where it knocks for all, and it is not asked where nothing is open', async () => {
		await write(1, [knockTo(bob, { sealed: noticeOf(1), state: 'handed-over' })]);
		expect(await takeBackLost(desk, counterOf([sent(1, 'waiting')]), {})).toBe(false);
		await recordSent(desk, sent(1, 'done'));
		const silent = { ...counterOf([]), office: {} as unknown as Office };
		expect(await takeBackLost(desk, silent, {})).toBe(false);
	});
});
