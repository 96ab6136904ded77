import { expect, test } from 'vitest';
import { createDesk, messageIn, storeThread, threadOf } from '../../../tests/mailbox/records.ts';
import { systemRandom } from '../crypto/random.ts';
import { deleteForever } from '../mailbox/places.ts';
import { putThread } from '../post/summary.ts';
import { createListingDuty, tendAll } from './listing-duty.ts';

test('what was written is brought in once, when it is quiet', async () => {
	const desk = { ...createDesk(), random: systemRandom };
	await desk.store.commit([putThread(threadOf('roof', [messageIn('roof', 1)]))]);
	const end = new AbortController();
	const waiting = new Set<() => void>();
	const duty = createListingDuty(desk, end.signal, (_ms, work) => {
		waiting.add(work);
		return () => waiting.delete(work);
	});
	duty.touched();
	duty.touched();
	expect(waiting.size).toBe(1);
	const isTended = new Promise<void>((resolve) => {
		desk.store.subscribe(() => {
			void desk.store.list('touched').then((rows) => rows.length === 0 && resolve());
		});
	});
	for (const work of waiting) work();
	await isTended;
	expect((await desk.store.get('listing', []))?.packs).toHaveLength(1);
	duty.touched();
	end.abort();
	expect(waiting.size).toBe(1);
	duty.touched();
	expect(waiting.size).toBe(1);
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
