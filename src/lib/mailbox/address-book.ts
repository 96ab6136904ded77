/** What the user says of people: what they call them, what they note of them, how they look. */

import type { Change, Desk } from '../post/ports.ts';
import type { ContactRecord, PersonMarks, PersonRecord, PhotoRecord } from '../post/records.ts';
import { toHex } from '../wire/bytes.ts';
import { parseAddress, type Address } from '../wire/ids.ts';
import type { Undo } from './filing.ts';
import { toName } from './own-list.ts';
import { ALIAS_CHARACTERS, NOTES_CHARACTERS, PHOTO_BYTES } from './people-limits.ts';

const PHOTO_TYPES = ['image/webp', 'image/jpeg', 'image/png'] as const;

/** Empty: as they call themselves. `null`: there is no such contact. */
export async function setAlias(
	{ store }: Pick<Desk, 'store'>,
	address: Address,
	name: string
): Promise<Undo | null> {
	const alias = toName(name.slice(0, 2 * ALIAS_CHARACTERS)).slice(0, ALIAS_CHARACTERS);
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

export async function readNotes({ store }: Pick<Desk, 'store'>, id: string): Promise<string> {
	return (await store.get('person', [id]))?.notes ?? '';
}

export async function writeNotes(
	desk: Pick<Desk, 'store' | 'now'>,
	id: string,
	text: string
): Promise<void> {
	const notes = text.slice(0, NOTES_CHARACTERS);
	await desk.store.update('person', [id], (row) =>
		(row?.notes ?? '') === notes ? [] : [putPerson({ ...toPersonRow(desk, id, row), notes })]
	);
}

/** `null`: none. Throws `TypeError` for what the screens do not make. `null` comes back for nobody. */
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

/** The picture and what names it, in one transaction. False: there is nobody of this id. */
async function putPhoto(
	{ store }: Pick<Desk, 'store'>,
	id: string,
	photo: PhotoRecord | null
): Promise<boolean> {
	const beside: Change =
		photo === null
			? { table: 'photo', key: [id], remove: true }
			: { table: 'photo', key: [id], put: photo };
	const address = parseAddress(id);
	let isThere = false;
	if (address === null) {
		await store.update('person', [id], (row) => {
			isThere = row !== null;
			return row === null ? [] : [putPerson(withPhoto(row, photo)), beside];
		});
	} else {
		await store.update('contact', [address], (row) => {
			isThere = row !== null;
			if (row === null) return [];
			return [{ table: 'contact', key: [address], put: withPhoto(row, photo) }, beside];
		});
	}
	return isThere;
}

function withPhoto<T extends PersonMarks>(row: T, photo: PhotoRecord | null) {
	const { photo: _, ...rest } = row;
	return { ...rest, ...(photo !== null && { photo: photo.version }) };
}

/** `null`: there is no such contact; else as it was. */
async function changeContact(
	{ store }: Pick<Desk, 'store'>,
	address: Address,
	next: (row: ContactRecord) => ContactRecord
): Promise<ContactRecord | null> {
	let before: ContactRecord | null = null;
	await store.update('contact', [address], (row) => {
		before = row;
		return row === null ? [] : [{ table: 'contact', key: [address], put: next(row) }];
	});
	return before;
}

/** The row as it is, or a first one. */
export function toPersonRow(
	{ now }: Pick<Desk, 'now'>,
	id: string,
	row: PersonRecord | null
): PersonRecord {
	const updatedAt = Math.max(now(), (row?.updatedAt ?? 0) + 1);
	return { name: '', emails: [], notes: '', ...row, id, updatedAt };
}

export function putPerson(row: PersonRecord): Change {
	return { table: 'person', key: [row.id], put: row };
}
