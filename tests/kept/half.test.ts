/** A thread that came half under an earlier version goes on under this one, whatever its rows looked like. */

import { describe, expect, it } from 'vitest';
import { openAccount, type Account } from '../../src/lib/post/account.ts';
import type { Change, Desk } from '../../src/lib/post/ports.ts';
import { receive } from '../../src/lib/post/receive.ts';
import { loadReplica } from '../../src/lib/post/replicas.ts';
import { bytesToRow } from '../../src/lib/store/rows.ts';
import { layDesk, listHalves, readHalf, textsOf, type Half } from './half.ts';

const names = await listHalves();

describe('threads that were kept half-way', () => {
	it('are there', () => {
		expect(names).not.toEqual([]);
	});

	it.each(names)('%s goes on', async (name) => {
		const half = await readHalf(name);
		const { thread, texts, read, all } = half;
		const { desk, account } = await restore(half);
		expect(await textsOf(desk, thread)).toEqual(read);
		expect((await desk.store.get('thread', [thread]))?.coming).toBe(texts.length);
		const [next, ...others] = texts.map((text) => ({ ...text, wraps: [] }));
		if (next === undefined) throw new Error('nothing is to come');
		expect(await take(desk, account, half, [next])).toMatchObject({ refused: [], missing: [] });
		expect((await desk.store.get('thread', [thread]))?.coming).toBe(others.length);
		await take(desk, account, half, others);
		expect(await textsOf(desk, thread)).toEqual(all);
		const record = await desk.store.get('thread', [thread]);
		expect(record?.coming).toBeUndefined();
		// And from storage alone, where nothing is left of the outline.
		const later = await restoreFrom(desk);
		const replica = await loadReplica(later.desk, later.account, thread);
		expect(replica?.state.size).toBe(all.length + 1);
		expect(record?.outlines).toBeUndefined();
		expect(await desk.store.list('outline')).toEqual([]);
	});
});

async function restore({ rows, now }: Half) {
	let clock = now;
	const desk = layDesk('after', () => clock++);
	await desk.store.commit(
		rows.map(({ table, key, row }) => ({ table, key, put: bytesToRow(table, row) }) as Change)
	);
	return restoreFrom(desk);
}

/** Nothing is in memory. */
async function restoreFrom(desk: Desk): Promise<{ desk: Desk; account: Account }> {
	const fresh = { ...desk, store: { ...desk.store } };
	const account = await openAccount(fresh);
	if (account === null) throw new Error('no account was kept');
	return { desk: fresh, account };
}

function take(
	desk: Desk,
	account: Account,
	{ writer }: Half,
	bundles: Parameters<typeof receive>[3]
) {
	const admission = { from: writer, mayBegin: true, makesContact: false };
	return receive(desk, account, admission, bundles);
}
