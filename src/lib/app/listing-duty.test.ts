import { expect, test } from 'vitest';
import { createDesk, messageIn, storeThread, threadOf } from '../../../tests/mailbox/records.ts';
import { systemRandom } from '../crypto/random.ts';
import { deleteForever } from '../mailbox/places.ts';
import { putThread } from '../post/summary.ts';
import { createListingDuty, tendAll } from './listing-duty.ts';

/** Timers by the milliseconds that they wait, started last to first. */
function listTimers() {
	const timers: { readonly ms: number; readonly work: () => void }[] = [];
	const timer = (ms: number, work: () => void) => {
		const started = { ms, work };
		timers.unshift(started);
		return () => void timers.splice(timers.indexOf(started), 1);
	};
	return { timers, timer };
}

async function createScene() {
	const desk = { ...createDesk(), random: systemRandom };
	await desk.store.commit([putThread(threadOf('roof', [messageIn('roof', 1)]))]);
	const end = new AbortController();
	const { timers, timer } = listTimers();
	const duty = createListingDuty(desk, end.signal, timer);
	const isTended = new Promise<void>((resolve) => {
		desk.store.subscribe(() => {
			void desk.store.list('touched').then((rows) => rows.length === 0 && resolve());
		});
	});
	return { desk, end, timers, duty, isTended };
}

test('what was written is brought in once, when it is quiet', async () => {
	const { desk, end, timers, duty, isTended } = await createScene();
	duty.touched();
	duty.touched();
	expect(timers.map(({ ms }) => ms)).toEqual([5_000, 60_000]);
	timers[0]?.work();
	expect(timers).toEqual([]);
	await isTended;
	expect((await desk.store.get('listing', []))?.packs).toHaveLength(1);
	duty.touched();
	end.abort();
	expect(timers).toEqual([]);
	duty.touched();
	expect(timers).toEqual([]);
});

test('where it never gets quiet, it is brought in all the same', async () => {
	const { desk, timers, duty, isTended } = await createScene();
	duty.touched();
	const [longest] = timers.filter(({ ms }) => ms === 60_000);
	for (let again = 0; again < 3; again++) duty.touched();
	// The same one: no write puts it off.
	expect(timers.filter(({ ms }) => ms === 60_000)).toEqual([longest]);
	longest?.work();
	expect(timers).toEqual([]);
	await isTended;
	expect((await desk.store.get('listing', []))?.packs).toHaveLength(1);
});

test('of what was deleted for good the lists keep no beginning', async () => {
	const desk = { ...createDesk(), random: systemRandom };
	const message = messageIn('roof', 1);
	const thread = threadOf('roof', [message]);
	const previews = async () => {
		const packs = await desk.store.list('pack');
		return packs.flatMap(({ threads }) => threads.map(({ latest }) => latest.preview));
	};
	await storeThread(desk, thread, [message]);
	await tendAll(desk);
	expect(await previews()).toEqual([thread.latest.preview]);
	expect(thread.latest.preview).not.toBe('');
	await deleteForever(desk, [thread.id], () => Promise.resolve([]));
	await tendAll(desk);
	expect(await previews()).toEqual(['']);
});
