/** What the user says of people: what they call them, what they note of them, how they look. */

import type { Change, Desk } from '../post/ports.ts';
import type { BookRecord, ContactRecord, PersonMarks, PhotoRecord } from '../post/records.ts';
import { toHex } from '../wire/bytes.ts';
import type { Address } from '../wire/ids.ts';
import { isContactId } from './book.ts';
import type { Undo } from './filing.ts';
import { toName } from './own-list.ts';
import { ALIAS_CHARACTERS, NOTES_CHARACTERS, PHOTO_BYTES } from './people-limits.ts';

const PHOTO_TYPES = ['image/webp', 'image/jpeg', 'image/png'] as const;

/** What a person can be called; empty where nothing of it would be seen. */
export function toAlias(name: string): string {
	const [...characters] = toName(name.slice(0, 2 * ALIAS_CHARACTERS));
	let alias = '';
	for (const character of characters) {
		if (alias.length + character.length > ALIAS_CHARACTERS) break;
		alias += character;
	}
	return alias.trim();
}

/** Empty: as they call themselves. `null`: there is no such contact. */
export async function setAlias(
	{ store }: Pick<Desk, 'store'>,
	address: Address,
	name: string
): Promise<Undo | null> {
	const alias = toAlias(name);
	const before = await changeContact({ store }, address, (row) => withAlias(row, alias));
	if (before === null) return null;
	return async () => {
		await changeContact({ store }, address, (row) =>
			(row.alias ?? '') === alias ? withAlias(row, before.alias ?? '') : row
		);
	};
}

function withAlias({ alias: _, ...row }: ContactRecord, alias: string): ContactRecord {
	return alias === '' || alias === row.name ? row : { ...row, alias };
}

/**
 * Of an entry of the book. Empty: several that are one are called as the first of them is; a single one
 * keeps its name. `null`: nothing was changed.
 */
export async function setBookName(
	{ store }: Pick<Desk, 'store'>,
	id: string,
	text: string
): Promise<Undo | null> {
	const name = toAlias(text);
	const before = await changeBook({ store }, id, (row) => withName(row, name));
	if (before === null || withName(before, name) === before) return null;
	return async () => {
		await changeBook({ store }, id, (row) =>
			(row.name ?? '') === name ? withName(row, before.name ?? '') : row
		);
	};
}

function withName(row: BookRecord, name: string): BookRecord {
	if ((row.name ?? '') === name) return row;
	if (row.kind === 'ordinary') return name === '' ? row : { ...row, name };
	const { name: _, ...unnamed } = row;
	return name === '' ? unnamed : { ...unnamed, name };
}

/** @param id of an entry */
export async function readNotes({ store }: Pick<Desk, 'store'>, id: string): Promise<string> {
	return (await store.get('person', [id]))?.notes ?? '';
}

export async function writeNotes(
	{ store, now }: Pick<Desk, 'store' | 'now'>,
	id: string,
	text: string
): Promise<void> {
	const notes = text.slice(0, NOTES_CHARACTERS);
	await store.update('person', [id], (row) => {
		if ((row?.notes ?? '') === notes) return [];
		const updatedAt = Math.max(now(), (row?.updatedAt ?? 0) + 1);
		return [{ table: 'person', key: [id], put: { ...row, address: id, notes, updatedAt } }];
	});
}

/** `null`: none. Throws `TypeError` for what the screens do not make. `null` comes back where there is no such entry. */
export async function setPhoto(
	desk: Pick<Desk, 'store' | 'random'>,
	id: string,
	picture: Omit<PhotoRecord, 'version'> | null
): Promise<Undo | null> {
	if (picture !== null && !isSmall(picture)) throw new TypeError('this is no small picture');
	const before = await desk.store.get('photo', [id]);
	const photo = picture && { ...picture, version: toHex(desk.random(8)) };
	if (!(await putPhoto(desk, id, photo))) return null;
	return async () => {
		const now = await desk.store.get('photo', [id]);
		if ((now?.version ?? '') === (photo?.version ?? '')) await putPhoto(desk, id, before);
	};
}

function isSmall({ type, bytes }: Omit<PhotoRecord, 'version'>): boolean {
	return PHOTO_TYPES.some((one) => one === type) && bytes.length <= PHOTO_BYTES;
}

/** The picture and what names it, in one transaction. False: there is no such entry. */
async function putPhoto(
	{ store }: Pick<Desk, 'store'>,
	id: string,
	photo: PhotoRecord | null
): Promise<boolean> {
	const key = [id];
	const beside: Change =
		photo === null ? { table: 'photo', key, remove: true } : { table: 'photo', key, put: photo };
	const before = isContactId(id)
		? await changeContact({ store }, id, (row) => contactWithPhoto(row, photo), [beside])
		: await changeBook({ store }, id, (row) => bookWithPhoto(row, photo), [beside]);
	return before !== null;
}

function contactWithPhoto(
	{ photo: _, ...row }: ContactRecord,
	photo: PhotoRecord | null
): ContactRecord {
	return { ...row, ...toMark(photo) };
}

function bookWithPhoto({ photo: _, ...row }: BookRecord, photo: PhotoRecord | null): BookRecord {
	return { ...row, ...toMark(photo) };
}

/** What names a picture in the row of its entry. */
export function toMark(photo: Pick<PhotoRecord, 'version'> | null): PersonMarks {
	return photo === null ? {} : { photo: photo.version };
}

/** `null`: there is no such contact; else as it was. */
async function changeContact(
	{ store }: Pick<Desk, 'store'>,
	address: Address,
	next: (row: ContactRecord) => ContactRecord,
	beside: readonly Change[] = []
): Promise<ContactRecord | null> {
	let before: ContactRecord | null = null;
	await store.update('contact', [address], (row) => {
		before = row;
		if (row === null) return [];
		return [{ table: 'contact', key: [address], put: next(row) }, ...beside];
	});
	return before;
}

/** `null`: there is no such entry; else as it was. */
async function changeBook(
	{ store }: Pick<Desk, 'store'>,
	id: string,
	next: (row: BookRecord) => BookRecord,
	beside: readonly Change[] = []
): Promise<BookRecord | null> {
	let before: BookRecord | null = null;
	await store.update('book', [id], (row) => {
		before = row;
		if (row === null) return [];
		return [{ table: 'book', key: [id], put: next(row) }, ...beside];
	});
	return before;
}
