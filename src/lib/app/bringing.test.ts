/** Messages whose files are not to be had take no other's turn. */

import { expect, test, vi } from 'vitest';
import { addressOf, createDesk, entryIdOf, threadIdOf } from '../../../tests/mailbox/records.ts';
import type { Account } from '../post/account.ts';
import { collect } from '../post/collect.ts';
import type { Desk } from '../post/ports.ts';
import type { KnockRecord } from '../post/records.ts';
import { knockKey } from '../post/notice.ts';
import { Bringing } from './bringing.ts';

vi.mock('../post/collect.ts');

function knockOf(place: number): KnockRecord {
	const bytes = new Uint8Array(32).fill(place);
	return {
		...{ hash: bytes, from: addressOf('bob'), name: 'Bob', thread: threadIdOf('t') },
		...{ epoch: entryIdOf('e'), heads: [], holders: [], done: bytes, introduction: '' },
		...{
			wait: 'fetch',
			makesContact: false,
			record: bytes,
			card: bytes,
			knock: bytes,
			receivedAt: place
		}
	};
}

async function setUp() {
	const desk: Desk = createDesk();
	const knocks = [1, 2, 3, 4, 5, 6].map(knockOf);
	for (const put of knocks) {
		const key = knockKey(put);
		await desk.store.update('knock', key, () => [{ table: 'knock', key, put }]);
	}
	const asked: number[] = [];
	const abort = new AbortController();
	const bringing = new Bringing(
		{
			...{ desk, account: {} as Account, peers: () => null },
			...{ onProgress: () => undefined, onMore: () => undefined, onFull: () => undefined }
		},
		abort.signal
	);
	vi.mocked(collect).mockImplementation((_desk, _account, _peers, { receivedAt }) => {
		asked.push(receivedAt);
		return Promise.resolve({ kind: 'waiting' });
	});
	const settle = () => new Promise((resolve) => setTimeout(resolve));
	return { desk, knocks, asked, bringing, settle };
}

test('whoever waits gets the slot of one that failed, and each is tried once', async () => {
	const { knocks, asked, bringing, settle } = await setUp();
	bringing.begin(knocks);
	await settle();
	expect(asked).toEqual([1, 2, 3, 4, 5, 6]);
});

test('a new one goes before those that failed, and they begin where they were left', async () => {
	const { knocks, asked, bringing, settle } = await setUp();
	bringing.begin(knocks.slice(0, 5));
	await settle();
	asked.length = 0;
	bringing.begin(knocks);
	await settle();
	expect(asked).toEqual([6, 1, 2, 3, 4, 5]);
});

test('what went away while it waited is not asked for', async () => {
	const { desk, knocks, asked, bringing, settle } = await setUp();
	const [, , , , fifth] = knocks;
	if (fifth === undefined) throw new Error('five of them');
	bringing.begin(knocks);
	const key = knockKey(fifth);
	await desk.store.update('knock', key, () => [{ table: 'knock', key, remove: true }]);
	await settle();
	expect(asked).toEqual([1, 2, 3, 4, 6]);
});
