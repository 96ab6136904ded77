import { expect, test } from 'vitest';
import { addressOf, createDesk } from '../../../tests/mailbox/records.ts';
import { readNotes } from '../mailbox/address-book.ts';
import { StorageFull, type Desk } from '../post/ports.ts';
import { NotesOpen } from './notes-open.ts';
import { OpenNotes } from './open-notes.svelte.ts';

const [bob, carol] = [addressOf('bob'), addressOf('carol')];

test('notes for which there was no room are those that are opened again', async () => {
	const desk = createDesk();
	let isFull = true;
	const store: Desk['store'] = {
		...desk.store,
		get: (...row) => desk.store.get(...row),
		subscribe: (listener) => desk.store.subscribe(listener),
		update: async (...change) => {
			if (isFull) throw new StorageFull();
			await desk.store.update(...change);
		}
	};
	const open = new NotesOpen(1);
	const notesOn = (address: typeof bob) =>
		open.get(address, () => new OpenNotes(Promise.resolve({ ...desk, store }), address, address));

	const first = notesOn(bob);
	first.edit('likes figs');
	notesOn(carol);
	await first.flush();
	expect(notesOn(bob).text).toBe('likes figs');
	expect(open.values()).toContain(first);

	notesOn(bob).edit('likes plums');
	isFull = false;
	notesOn(carol);
	for (const notes of open.values()) await notes.flush();
	expect(await readNotes(desk, bob)).toBe('likes plums');
});
