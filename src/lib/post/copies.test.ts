/** What is on its way keeps the order in which it was written. */

import { expect, test } from 'vitest';
import { doubleSuite } from '../../../tests/conformance/crypto-double.ts';
import { createMemoryDisk } from '../../../tests/conformance/memory-store.ts';
import { toHex } from '../wire/bytes.ts';
import { createAccount, openAccount, type Account } from './account.ts';
import { newContact, putContactWithSlot } from './contacts.ts';
import type { Desk } from './ports.ts';
import type { DraftRecord } from './records.ts';
import { send } from './send.ts';

async function createPerson(name: string, byte: number, now: () => number) {
	const { mail: store, blocks } = createMemoryDisk().open();
	let drawn = 0;
	const desk: Desk = {
		...{ suite: doubleSuite, store, blocks, now, appUrl: 'https://mail.example/' },
		random: (size) => new Uint8Array(size).fill(byte).fill(++drawn, 0, 1),
		keys: { deviceSigner: () => Promise.reject(new Error('nobody signs requests here')) },
		offices: () => {
			throw new Error('nobody is asked here');
		},
		exclusive: (_name, work) => work()
	};
	await createAccount(desk, { name, office: 'https://post.example' });
	const account = await openAccount(desk);
	if (account === null) throw new Error('no account');
	return { desk, account };
}

function toContact(desk: Desk, { record: { address, name, record, card, xwing, pair } }: Account) {
	const keys = { record, card, xwing, pair };
	const fields = { address, name, tier: 'known', origin: 'invited', offices: [] } as const;
	return newContact(desk, { ...fields, keys });
}

test('also where the clock stands still, or goes back', async () => {
	let now = 1_790_000_000_000;
	const alice = await createPerson('Alice', 1, () => now);
	const bob = await createPerson('Bob', 2, () => now);
	await alice.desk.store.commit(putContactWithSlot(toContact(alice.desk, bob.account)));
	const write = async (fields: Pick<DraftRecord, 'kind' | 'thread'>) => {
		const to = [bob.account.record.address];
		const draft: DraftRecord = {
			...{ id: 'draft', to, cc: [], bcc: [], subject: 'Tea', html: '', text: 'At four?' },
			...{ files: [], savedAt: now },
			...fields
		};
		const sent = await send(alice.desk, alice.account, draft);
		if (!sent.ok) throw new Error(sent.problem.kind);
		return sent;
	};
	const first = await write({ kind: 'new' });
	const answer = { kind: 'replyAll', thread: first.threadId } as const;
	const second = await write(answer);
	now -= 60_000;
	const third = await write(answer);
	expect(new Set([first, second, third].map(({ threadId }) => threadId)).size).toBe(1);
	const records = await alice.desk.store.list('outbox');
	// One secret for all of them: the notice of the later takes the place of the earlier one's.
	expect(
		new Set(records.flatMap(({ knocks }) => knocks.map(({ knock }) => toHex(knock)))).size
	).toBe(1);
	const written = [...records].sort((a, b) => a.createdAt - b.createdAt);
	expect(written.map(({ message }) => message)).toEqual(
		[first, second, third].map(({ messageId }) => messageId)
	);
	expect(new Set(records.map(({ createdAt }) => createdAt)).size).toBe(3);
});
