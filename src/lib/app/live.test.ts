import { expect, test } from 'vitest';
import { contactOf, createDesk } from '../../../tests/mailbox/records.ts';
import { putContact } from '../post/contacts.ts';
import { Live } from './live.svelte.ts';

function setUp() {
	const desk = createDesk();
	let reads = 0;
	const live = new Live(Promise.resolve(desk), ['contact'], async ({ store }) => {
		reads++;
		return (await store.list('contact')).length;
	});
	return { desk, live, reads: () => reads };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

test('it reads again after a commit to its tables, and to no others', async () => {
	const { desk, live, reads } = setUp();
	expect(live.value).toBeNull();
	await settle();
	expect(live.value).toBe(0);
	await desk.store.commit([putContact(contactOf('bob'))]);
	await settle();
	expect(live.value).toBe(1);
	const before = reads();
	await desk.store.commit([{ table: 'setting', key: ['x'], put: { value: 1 } }]);
	await settle();
	expect(reads()).toBe(before);
});

test('a burst of commits costs two reads, not one each', async () => {
	const { desk, live, reads } = setUp();
	await settle();
	const before = reads();
	for (let i = 0; i < 10; i++) void live.refresh();
	await live.refresh();
	expect(reads() - before).toBe(1);
	const first = live.refresh();
	await Promise.resolve();
	await Promise.resolve();
	const second = live.refresh();
	await desk.store.commit([putContact(contactOf('bob'))]);
	await Promise.all([first, second]);
	await settle();
	expect(live.value).toBe(1);
});

test('what it can make of a write is not read, and an older reading does not undo it', async () => {
	const desk = createDesk();
	const gate = Promise.withResolvers<undefined>();
	let reads = 0;
	const live = new Live(
		Promise.resolve(desk),
		['contact'],
		async ({ store }) => {
			const { length } = await store.list('contact');
			if (++reads === 2) await gate.promise;
			return length;
		},
		(value, writes) => value + writes.length
	);
	await settle();
	await desk.store.commit([putContact(contactOf('bob'))]);
	await settle();
	expect([live.value, reads]).toEqual([1, 1]);
	const reading = live.refresh();
	await settle();
	await desk.store.commit([putContact(contactOf('carol'))]);
	await settle();
	gate.resolve(undefined);
	await reading;
	expect(live.value).toBe(2);
	await settle();
	expect([live.value, reads]).toEqual([2, 3]);
});

test('nothing is read after the end', async () => {
	const { desk, live, reads } = setUp();
	await settle();
	live.close();
	const before = reads();
	await desk.store.commit([putContact(contactOf('bob'))]);
	await settle();
	expect(reads()).toBe(before);
});

test('broken storage is reported, and what was shown stays', async () => {
	const reported: unknown[] = [];
	globalThis.reportError = (error) => void reported.push(error);
	const desk = createDesk();
	let isBroken = false;
	const live = new Live(Promise.resolve(desk), ['contact'], async () => {
		if (isBroken) throw new Error('broken');
		return 'shown';
	});
	await settle();
	isBroken = true;
	await live.refresh();
	expect([live.value, reported.length]).toEqual(['shown', 1]);
});
