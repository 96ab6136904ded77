import { expect, test } from 'vitest';
import { createDesk } from '../../../tests/mailbox/records.ts';
import { TourState } from './tour.svelte.ts';

test('what was read stays read, what is over comes back when it is asked for', async () => {
	const desk = createDesk();
	const tour = new TourState(Promise.resolve(desk));
	await tour.see('write');
	await tour.see('write');
	await tour.see('words');
	expect([...(tour.seen ?? [])]).toEqual(['write', 'words']);
	const elsewhere = new TourState(Promise.resolve(desk));
	await expect.poll(() => elsewhere.seen).toEqual(new Set(['write', 'words']));
	await elsewhere.end();
	await expect.poll(() => tour.seen).toBeNull();
	await tour.restart();
	expect(tour.seen).toEqual(new Set());
	expect(tour.isAsked).toBe(true);
	await expect.poll(() => elsewhere.seen).toEqual(new Set());
	expect(elsewhere.isAsked).toBe(false);
});

test('before anything was read, and of a row that says something else, nothing is', async () => {
	const desk = createDesk();
	const tour = new TourState(Promise.resolve(desk));
	expect(tour.seen).toBeNull();
	await expect.poll(() => tour.seen).toEqual(new Set());
	await desk.store.commit([{ table: 'setting', key: ['tour'], put: { value: 7 } }]);
	await tour.see('words');
	expect(tour.seen).toEqual(new Set(['words']));
});
