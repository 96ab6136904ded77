import { expect, test } from 'vitest';
import { addressOf, contactOf, createDesk, peopleWith } from '../../../tests/mailbox/records.ts';
import { setTier } from '../post/contacts.ts';
import { readNotes, setAlias, setPhoto, writeNotes } from './address-book.ts';
import { ALIAS_CHARACTERS, NOTES_CHARACTERS, PHOTO_BYTES } from './people-limits.ts';
import { toPerson } from './people.ts';

const bob = addressOf('bob');

async function deskWithBob() {
	const desk = createDesk();
	await desk.store.commit([{ table: 'contact', key: [bob], put: contactOf('bob') }]);
	const read = async () => {
		const row = await desk.store.get('contact', [bob]);
		if (row === null) throw new Error('bob is gone');
		return row;
	};
	const person = async () => toPerson(peopleWith(await read()), bob, 'as he says');
	return { desk, read, person };
}

test('a contact is shown as the user calls it, and its address says nothing of that', async () => {
	const { desk, read, person } = await deskWithBob();
	const { address } = await person();
	const undo = await setAlias(desk, bob, ' Uncle\u202e  Bob ');
	expect(await person()).toMatchObject({ name: 'Uncle Bob', address });
	expect((await read()).name).toBe('Bob');
	await undo?.();
	expect(await read()).toEqual(contactOf('bob'));
});

test('taking a name back leaves a later one alone', async () => {
	const { desk, person } = await deskWithBob();
	const undo = await setAlias(desk, bob, 'Uncle');
	await setAlias(desk, bob, 'Robert');
	await undo?.();
	expect((await person()).name).toBe('Robert');
	await setAlias(desk, bob, '');
	expect((await person()).name).toBe('Bob');
	await setAlias(desk, bob, 'x'.repeat(10_000_000));
	expect((await person()).name).toHaveLength(ALIAS_CHARACTERS);
	expect(await setAlias(desk, addressOf('mallory'), 'M')).toBeNull();
});

test('notes are kept beside the contact, who may be blocked meanwhile', async () => {
	const { desk, read } = await deskWithBob();
	expect(await readNotes(desk, bob)).toBe('');
	await writeNotes(desk, bob, 'Two\nlines');
	await setAlias(desk, bob, 'Uncle');
	await setTier(desk, bob, 'blocked');
	expect(await readNotes(desk, bob)).toBe('Two\nlines');
	expect(await read()).toMatchObject({ alias: 'Uncle', tier: 'blocked' });
	await writeNotes(desk, bob, 'x'.repeat(NOTES_CHARACTERS + 1));
	expect(await readNotes(desk, bob)).toHaveLength(NOTES_CHARACTERS);
});

test('a picture and its name are of one writing, and both come back', async () => {
	const { desk, read, person } = await deskWithBob();
	const first = { type: 'image/webp', bytes: Uint8Array.of(1) };
	await setPhoto(desk, bob, first);
	const before = (await read()).photo;
	expect(await desk.store.get('photo', [bob])).toEqual({ ...first, version: before });
	expect((await person()).photo).toBe(`${bob}/${String(before)}`);
	const undo = await setPhoto(desk, bob, { type: 'image/jpeg', bytes: Uint8Array.of(2) });
	expect((await read()).photo).not.toBe(before);
	await undo?.();
	expect((await read()).photo).toBe(before);
	expect(await desk.store.get('photo', [bob])).toEqual({ ...first, version: before });
	const back = await setPhoto(desk, bob, null);
	expect(await read()).toEqual(contactOf('bob'));
	expect(await desk.store.get('photo', [bob])).toBeNull();
	await back?.();
	expect((await read()).photo).toBe(before);
});

test('no picture is kept that is none, too large, or of nobody', async () => {
	const { desk } = await deskWithBob();
	const bytes = new Uint8Array(PHOTO_BYTES + 1);
	await expect(setPhoto(desk, bob, { type: 'image/webp', bytes })).rejects.toThrow(TypeError);
	const svg = { type: 'image/svg+xml', bytes: Uint8Array.of(1) };
	await expect(setPhoto(desk, bob, svg)).rejects.toThrow(TypeError);
	const mallory = addressOf('mallory');
	expect(await setPhoto(desk, mallory, { ...svg, type: 'image/png' })).toBeNull();
	expect(await desk.store.get('photo', [mallory])).toBeNull();
});
