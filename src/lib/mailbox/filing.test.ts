import { expect, test } from 'vitest';
import {
	createDesk,
	messageIn,
	storeThread,
	threadIdOf,
	threadOf
} from '../../../tests/mailbox/records.ts';
import type { Desk } from '../post/ports.ts';
import type { ThreadRecord } from '../post/records.ts';
import { putThread } from '../post/summary.ts';
import { filingOf } from './filed.ts';
import { fileThreads, moving, muting, snoozing } from './filing.ts';
import { moveThreads, setRead } from './places.ts';

const NAMES = ['roof', 'choir', 'lease'] as const;
const IDS = NAMES.map(threadIdOf);
const [ROOF = threadIdOf('roof')] = IDS;

async function deskWith(fields: Partial<Record<(typeof NAMES)[number], Partial<ThreadRecord>>>) {
	const desk = createDesk();
	for (const name of NAMES) {
		const messages = [messageIn(name, 1)];
		await storeThread(desk, threadOf(name, messages, fields[name] ?? {}), messages);
	}
	return desk;
}

async function filings(desk: Desk) {
	const rows = await Promise.all(IDS.map((id) => desk.store.get('thread', [id])));
	return rows.map((row) => row && filingOf(row));
}

async function changeRoof(desk: Desk, fields: Partial<ThreadRecord>) {
	const row = await desk.store.get('thread', [ROOF]);
	if (row === null) throw new Error('the roof stands here');
	await desk.store.commit([putThread({ ...row, ...fields })]);
}

test('undo gives each thread its own state back', async () => {
	const desk = await deskWith({
		roof: { labels: ['a'], isStarred: true },
		choir: { place: 'archive', labels: ['b'] },
		lease: { snoozedUntil: 5 }
	});
	const before = await filings(desk);
	for (const change of [
		moving('trash'),
		snoozing(9),
		muting(true),
		{ isStarred: true, addLabels: ['a', 'c'], removeLabels: ['b'] }
	]) {
		const undo = await fileThreads(desk, IDS, change);
		expect(await filings(desk)).not.toEqual(before);
		await undo();
		expect(await filings(desk)).toEqual(before);
	}
});

test('undo leaves alone what was changed since', async () => {
	const desk = await deskWith({ choir: { place: 'archive' } });
	const undo = await fileThreads(desk, IDS, { ...moving('archive'), addLabels: ['a'] });
	await fileThreads(desk, [ROOF], { ...moving('trash'), isStarred: true, addLabels: ['b'] });
	await undo();
	expect(await filings(desk)).toMatchObject([
		{ place: 'trash', isStarred: true, labels: ['b'] },
		{ place: 'archive', labels: [] },
		{ place: 'inbox', labels: [] }
	]);
});

test('undo puts nothing away that came meanwhile', async () => {
	const desk = await deskWith({ roof: { place: 'archive', unread: 0 } });
	const undo = await moveThreads(desk, [ROOF], 'inbox');
	await changeRoof(desk, { unread: 1 });
	await undo();
	expect((await filings(desk))[0]?.place).toBe('inbox');
});

test('moving ends a snooze, and in the inbox a thread is heard again', async () => {
	const desk = await deskWith({ roof: { snoozedUntil: 7, isMuted: true } });
	await moveThreads(desk, [ROOF], 'archive');
	expect((await filings(desk))[0]).toMatchObject({ snoozedUntil: null, isMuted: true });
	await moveThreads(desk, [ROOF], 'inbox');
	expect((await filings(desk))[0]).toMatchObject({ isMuted: false });
});

test('reading is taken back message by message', async () => {
	const desk = createDesk();
	const messages = [messageIn('roof', 1), messageIn('roof', 2, { isUnread: false })];
	await storeThread(desk, threadOf('roof', messages), messages);
	const undo = await setRead(desk, [ROOF], true);
	expect((await desk.store.get('thread', [ROOF]))?.unread).toBe(0);
	await undo();
	const rows = await desk.store.list('message', [ROOF]);
	expect(rows.map(({ isUnread }) => isUnread).sort()).toEqual([false, true]);
	expect((await desk.store.get('thread', [ROOF]))?.unread).toBe(1);
});

test('what cannot be done to all is done to none', async () => {
	const names = Array.from({ length: 150 }, (_, at) => `thread ${String(at)}`);
	const desk = createDesk();
	for (const name of names) await desk.store.commit([putThread(threadOf(name, []))]);
	let commits = 0;
	const commit: Desk['store']['commit'] = (changes) => {
		commits++;
		if (commits === 2) return Promise.reject(new Error('the room ends'));
		return desk.store.commit(changes);
	};
	const full = { ...desk, store: { ...desk.store, commit } };
	await expect(moveThreads(full, names.map(threadIdOf), 'archive')).rejects.toThrow('room');
	const places = (await desk.store.list('thread')).map(({ place }) => place);
	expect(new Set(places)).toEqual(new Set(['inbox']));
});
