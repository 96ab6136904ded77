import { expect, test } from 'vitest';
import {
	addressOf,
	contactOf,
	createDesk,
	messageIn,
	threadOf
} from '../../../tests/mailbox/records.ts';
import { putMessage } from '../post/delivery.ts';
import { putThread } from '../post/summary.ts';
import type { RingWord } from '../workers/ringing.ts';
import { BellState } from './bell.svelte.ts';

/** Bob's message rings, and then its thread is read. */
async function ringOnce(desk: ReturnType<typeof createDesk>): Promise<RingWord[]> {
	const said: RingWord[] = [];
	const bell = new BellState(Promise.resolve(desk), {
		permission: () => 'granted',
		ask: () => Promise.resolve('granted'),
		say: (word) => said.push(word)
	});
	bell.speak(({ from, subject }) => ({ title: from, body: subject, archive: '', read: '' }));
	await bell.turn('names');
	const message = messageIn('roof', 1);
	const thread = threadOf('roof', [message]);
	const entry = { header: new Uint8Array(1), body: null, wraps: [] };
	await desk.store.commit([
		putThread(thread),
		{ table: 'entry', key: [thread.id, message.entry], put: entry },
		putMessage(thread.id, message)
	]);
	await desk.store.commit([putThread({ ...thread, unread: 0 })]);
	await expect.poll(() => said.length).toBe(2);
	return said;
}

test('it calls a contact what this user calls them, and a stranger what they say', async () => {
	const desk = createDesk();
	await desk.store.commit([
		{ table: 'contact', key: [addressOf('bob')], put: contactOf('bob', { name: 'My landlord' }) }
	]);
	expect(await ringOnce(desk)).toMatchObject([
		{ type: 'ring', title: 'My landlord' },
		{ type: 'hush' }
	]);
	expect((await ringOnce(createDesk()))[0]).toMatchObject({ type: 'ring', title: 'Bob' });
});
