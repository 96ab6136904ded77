import { expect, test } from 'vitest';
import { addressOf, contactOf, createDesk } from '../../../tests/mailbox/records.ts';
import { setTier } from '../post/contacts.ts';
import type { BookRecord } from '../post/records.ts';
import { parseOrdinary, type Address } from '../wire/ids.ts';
import { readNotes, setBookName, setPhoto, writeNotes } from './address-book.ts';
import { addressesOf, adoptBook, entryIdOf, toBook, type Book } from './book.ts';
import { mergeEntries, splitEntry, writeNotesOf, type MergeChoice } from './merging.ts';
import { addOrdinary, removeOrdinary } from './ordinary-people.ts';
import { NOTES_CHARACTERS, PERSON_ADDRESSES_MAX } from './people-limits.ts';
import { indexContacts, toPerson, type People } from './people.ts';

const bob = addressOf('bob');
const carol = addressOf('carol');

function ordinary(text: string): Address {
	const parsed = parseOrdinary(text);
	if (parsed === null) throw new TypeError(text);
	return parsed;
}

const mail = ordinary('Bob@Example.org');

async function createBook() {
	const desk = { ...createDesk(), random: random() };
	await desk.store.commit([
		{ table: 'contact', key: [bob], put: contactOf('bob', { tier: 'trusted' }) },
		{ table: 'contact', key: [carol], put: contactOf('carol', { tier: 'unknown' }) }
	]);
	await addOrdinary(desk, mail, 'Robert');
	const people = async (): Promise<People> => {
		const contacts = indexContacts(await desk.store.list('contact'));
		const me = { address: addressOf('alice'), name: 'Alice' };
		return { me, contacts, book: toBook(await desk.store.list('book'), contacts) };
	};
	const book = async (): Promise<Book> =>
		toBook(await desk.store.list('book'), (await people()).contacts);
	/** All of the address book, to be compared. */
	const rows = async () => {
		const all = await Promise.all(
			(['book', 'contact', 'person', 'photo'] as const).map((table) => desk.store.list(table))
		);
		return all
			.flat()
			.map((row) => JSON.stringify(row))
			.sort();
	};
	const merge = async (choice: MergeChoice) => {
		const outcome = await mergeEntries(desk, choice);
		if (!outcome.ok) throw new Error(outcome.problem);
		return outcome;
	};
	return { desk, people, book, rows, merge };
}

/** Other bytes each time. */
function random() {
	let drawn = 0;
	return (size: number) => {
		const bytes = new Uint8Array(size);
		new DataView(bytes.buffer).setUint32(size - 4, ++drawn);
		return bytes;
	};
}

test('two entries are one person: one name, all addresses, and to each its own trust', async () => {
	const { people, book, merge, desk } = await createBook();
	await merge({ parts: [bob, carol], photoOf: null });
	const now = await people();
	expect(toPerson(now, bob)).toMatchObject({ name: 'Bob', badge: 'verified' });
	expect(toPerson(now, carol)).toMatchObject({ name: 'Bob', badge: 'new' });
	expect(toPerson(now, carol).address).toMatch(/^carol@/);
	expect((await desk.store.get('contact', [carol]))?.tier).toBe('unknown');
	expect(addressesOf(await book(), carol)).toEqual([bob, carol]);
	await setTier(desk, carol, 'blocked');
	expect(toPerson(await people(), bob).badge).toBe('verified');
});

test('notes are put together, the chosen picture is theirs, and splitting brings back what was', async () => {
	const { desk, book, rows, merge, people } = await createBook();
	await writeNotes(desk, bob, 'Knows a roofer.');
	await writeNotes(desk, mail, 'Born in Kiel.');
	await setPhoto(desk, mail, { type: 'image/webp', bytes: Uint8Array.of(1) });
	const before = await rows();
	const { id, undo } = await merge({ parts: [bob, mail], photoOf: mail });
	expect(entryIdOf(await book(), mail)).toBe(id);
	expect(await readNotes(desk, id)).toBe('Knows a roofer.\n\nBorn in Kiel.');
	expect(toPerson(await people(), bob).photo).toContain(id);
	const merged = await rows();
	const back = await splitEntry(desk, id);
	expect(await rows()).toEqual(before);
	await back?.();
	expect(await rows()).toEqual(merged);
	await undo();
	expect(await rows()).toEqual(before);
});

test('what was written of the whole stays with the first, and goes back with them', async () => {
	const { desk, merge } = await createBook();
	await writeNotes(desk, bob, 'One.');
	const { id } = await merge({ parts: [bob, mail], photoOf: null });
	await writeNotes(desk, id, 'One. And more.');
	await setPhoto(desk, id, { type: 'image/webp', bytes: Uint8Array.of(7) });
	const back = await splitEntry(desk, id);
	expect(await readNotes(desk, bob)).toBe('One. And more.');
	expect((await desk.store.get('photo', [bob]))?.bytes).toEqual(Uint8Array.of(7));
	expect(await readNotes(desk, mail)).toBe('');
	await back?.();
	expect(await readNotes(desk, id)).toBe('One. And more.');
	expect(await readNotes(desk, bob)).toBe('One.');
	expect(await desk.store.get('photo', [bob])).toBeNull();
});

test('what another tab stored of a part that was merged already is kept beside', async () => {
	const { desk, merge } = await createBook();
	await writeNotes(desk, bob, 'Early.');
	const { id } = await merge({ parts: [bob, mail], photoOf: null });
	const late = { ...desk, now: () => desk.now() + 1 };
	await writeNotes(late, bob, 'Early. Typed in another tab.');
	await writeNotes(late, id, 'Early. Typed of the whole.');
	const back = await splitEntry(late, id);
	expect(await readNotes(desk, bob)).toBe(
		'Early. Typed of the whole.\n\nEarly. Typed in another tab.'
	);
	await back?.();
	expect(await readNotes(desk, bob)).toBe('Early. Typed in another tab.');
});

test('a person of three is split as it was merged: the last merging first', async () => {
	const { desk, book, merge, people } = await createBook();
	const first = await merge({ parts: [bob, mail], photoOf: null });
	await setBookName(desk, first.id, 'Bobby');
	const whole = await merge({ parts: [first.id, carol], photoOf: null });
	expect(addressesOf(await book(), carol)).toEqual([bob, mail, carol]);
	expect(toPerson(await people(), carol).name).toBe('Bobby');
	expect(await splitEntry(desk, first.id)).toBeNull();
	await splitEntry(desk, whole.id);
	expect(addressesOf(await book(), carol)).toEqual([carol]);
	expect(addressesOf(await book(), mail)).toEqual([bob, mail]);
});

test('nobody is merged twice, with themselves, or with somebody who is gone', async () => {
	const { desk, merge } = await createBook();
	const gone = { ok: false, problem: 'gone' };
	await merge({ parts: [bob, carol], photoOf: null });
	for (const parts of [[bob, mail], [mail, mail], [mail], [mail, addressOf('mallory')]]) {
		expect(await mergeEntries(desk, { parts, photoOf: null })).toEqual(gone);
	}
	expect(await removeOrdinary(desk, mail)).not.toBeNull();
	expect(await removeOrdinary(desk, mail)).toBeNull();
});

test('bounds of one person', async () => {
	const { desk, merge } = await createBook();
	await writeNotes(desk, bob, 'a'.repeat(NOTES_CHARACTERS - 1));
	await writeNotes(desk, mail, 'b');
	const tooLong = await mergeEntries(desk, { parts: [bob, mail], photoOf: null });
	expect(tooLong).toEqual({ ok: false, problem: 'notes-too-long' });
	let id: string = carol;
	for (let at = 1; at < PERSON_ADDRESSES_MAX; at++) {
		const next = ordinary(`n${String(at)}@example.org`);
		await addOrdinary(desk, next, 'N');
		({ id } = await merge({ parts: [id, next], photoOf: null }));
	}
	const tooMany = await mergeEntries(desk, { parts: [id, mail], photoOf: null });
	expect(tooMany).toEqual({ ok: false, problem: 'too-many-addresses' });
});

test('rows that contradict each other are read alike everywhere, and end', () => {
	const contacts = indexContacts([contactOf('bob'), contactOf('carol')]);
	const row = (id: string, parts: readonly string[], createdAt: number): BookRecord => ({
		...{ kind: 'merged', id, parts, createdAt }
	});
	const twice = [row('p2', [bob, carol], 2), row('p1', [carol, mail], 1)];
	for (const rows of [twice, twice.toReversed()]) {
		const book = toBook(rows, contacts);
		expect(entryIdOf(book, carol)).toBe('p1');
		expect(addressesOf(book, bob)).toEqual([bob]);
	}
	const circle = [
		row('p3', ['p4', bob], 1),
		row('p4', ['p3', carol], 1),
		row('p5', ['p5', bob], 1)
	];
	expect(addressesOf(toBook(circle, contacts), carol)).toEqual([carol]);
});

test('what this tab writes need not be read again', async () => {
	const { desk, merge } = await createBook();
	let rows: readonly BookRecord[] = await desk.store.list('book');
	desk.store.subscribe((_changed, writes) => (rows = adoptBook(rows, writes ?? [])));
	const { id } = await merge({ parts: [bob, mail], photoOf: null });
	await setBookName(desk, id, 'Bobby');
	const byId = (a: BookRecord, b: BookRecord) => (a.id < b.id ? -1 : 1);
	expect(rows.toSorted(byId)).toEqual((await desk.store.list('book')).sort(byId));
	await splitEntry(desk, id);
	await removeOrdinary(desk, mail);
	expect(rows).toEqual([]);
});

test('notes that are stored after a split, by a tab that had them open, go to the first of those', async () => {
	const { desk, merge, book } = await createBook();
	await writeNotes(desk, carol, 'Carol sings');
	const inner = await merge({ parts: [bob, mail], photoOf: null });
	const outer = await merge({ parts: [inner.id, carol], photoOf: null });
	await writeNotesOf(desk, outer.id, bob, 'likes figs');
	expect(await readNotes(desk, outer.id)).toBe('likes figs');

	await splitEntry(desk, outer.id);
	await writeNotesOf(desk, outer.id, bob, 'likes figs and plums');
	expect(await readNotes(desk, outer.id)).toBe('');
	expect(await readNotes(desk, entryIdOf(await book(), bob))).toBe('likes figs and plums');
	expect(await readNotes(desk, carol)).toBe('Carol sings');

	await splitEntry(desk, inner.id);
	await writeNotes(desk, bob, 'is tall');
	await writeNotesOf(desk, inner.id, bob, 'plays chess');
	expect(await readNotes(desk, bob)).toBe('plays chess\n\nis tall');
});
