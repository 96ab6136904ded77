/** What a recipient says to a notice, as its writer's office hands it over. */

import { sha256 } from '@noble/hashes/sha2.js';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createPerson, introduce, post, type Person } from '../../../tests/sim/people.ts';
import { LIMITS } from '../wire/limits.ts';
import { putContact } from './contacts.ts';
import { listen } from './listen.ts';
import type { Office } from './ports.ts';
import { updateOutbox } from './progress.ts';
import { sealReceipt, type ReceiptWord } from './receipt.ts';
import type { KnockOut, OutboxRecord } from './records.ts';
import { atOwnOffice, type Counter } from './registration.ts';

vi.mock(import('./registration.ts'), async (original) => ({
	...(await original()),
	atOwnOffice: vi.fn()
}));

const NOTICE = new Uint8Array(LIMITS.noticeBytes);
const REFUSED: ReceiptWord = { state: 'refused', reason: 'removed' };
/** As a receipt to a prekey that is gone, or damaged on its way. */
const UNREADABLE = new Uint8Array(LIMITS.receiptBytes).fill(7);

let now = 1_790_000_000_000;
let alice: Person;
let bob: Person;

beforeEach(async () => {
	alice = await createPerson('alice', () => now++);
	bob = await createPerson('bob', () => now++);
	await introduce([alice, bob]);
	await post(alice, [bob]);
	await handOver();
});

describe('a receipt', () => {
	test('is read with the card alone: the key that it names may still be missing', async () => {
		await alice.desk.store.update('contact', [addressOf(bob)], (row) => {
			if (row?.keys === undefined) throw new Error('they were introduced');
			const { xwing: _, ...keys } = row.keys;
			return [putContact({ ...row, keys })];
		});
		await hear(await receiptOf(REFUSED));
		expect(await statusOf()).toEqual({ state: 'refused', reason: 'removed' });
	});

	test('that cannot be read is no word of delivery: its writer is asked again', async () => {
		const { knock: before } = await knockOf();
		const { onOutbox } = await hear(UNREADABLE);
		expect(onOutbox).toHaveBeenCalledOnce();
		expect(await statusOf()).toEqual({ state: 'written' });
		const { knock, state, sealed } = await knockOf();
		expect(state).toBe('waiting');
		expect(sealed).toBeUndefined();
		expect(knock).not.toEqual(before);

		await handOver();
		await hear(await receiptOf(REFUSED));
		expect(await statusOf()).toEqual({ state: 'refused', reason: 'removed' });
	});

	test('that cannot be read the second time leaves `done`, which proves delivery', async () => {
		await hear(UNREADABLE);
		await handOver();
		const { onOutbox } = await hear(UNREADABLE);
		expect(onOutbox).not.toHaveBeenCalled();
		expect(await statusOf()).toEqual({ state: 'delivered' });
	});

	test('of somebody else says nothing', async () => {
		const carol = await createPerson('carol', () => now++);
		await introduce([alice, carol]);
		await hear(await receiptOf(REFUSED, carol));
		expect(await statusOf()).toEqual({ state: 'written' });
	});
});

test('`done` without a receipt proves delivery', async () => {
	await hear(undefined);
	expect(await statusOf()).toEqual({ state: 'delivered' });
});

function addressOf({ account }: Person) {
	return account.record.address;
}

async function recordOf(): Promise<OutboxRecord> {
	const [record] = await alice.desk.store.list('outbox');
	if (record === undefined) throw new Error('it is on its way');
	return record;
}

async function knockOf(): Promise<KnockOut> {
	const [knock] = (await recordOf()).knocks;
	if (knock === undefined) throw new Error('it has a recipient');
	return knock;
}

/** Alice's notice lies at her office. */
async function handOver(): Promise<void> {
	const { id } = await recordOf();
	await updateOutbox(alice.desk, id, (row) => ({
		...row,
		knocks: row.knocks.map((knock) => ({ ...knock, sealed: NOTICE, state: 'handed-over' }))
	}));
}

async function receiptOf(word: ReceiptWord, by = bob): Promise<Uint8Array> {
	const { entries } = await recordOf();
	const { knock } = await knockOf();
	const about = { from: addressOf(alice), heads: entries, knock, holders: [] };
	const sealed = await sealReceipt(by.desk, by.account, about, word);
	if (sealed === null) throw new Error('they were introduced');
	return sealed;
}

/** What becomes of a `done` that came to Alice's office with this. */
async function hear(receipt: Uint8Array | undefined) {
	const { knock } = await knockOf();
	const hash = Uint8Array.from(sha256(NOTICE));
	const sent = { v: 1, t: 'sent', state: 'done', knock, hash, time: now++, receipt } as const;
	const office = {
		async *events() {
			yield await Promise.resolve(sent);
		},
		pending: () => Promise.resolve([sent]),
		forget: () => Promise.resolve()
	};
	const counter = { office: office as unknown as Office } as Counter;
	vi.mocked(atOwnOffice).mockImplementation((_desk, _account, work) => work(counter));
	const onOutbox = vi.fn();
	await listen(alice.desk, alice.account, { once: true, onKnock: vi.fn(), onOutbox });
	return { onOutbox };
}

/** As the screen shows it. */
async function statusOf() {
	const [message] = await alice.desk.store.list('message');
	const [delivery] = message?.deliveries ?? [];
	const { state, reason } = delivery ?? {};
	return { state, ...(reason && { reason }) };
}
