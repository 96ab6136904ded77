/** What the user says of people: what they call them, what they note of them, how they look. */

import type { Change, Desk } from '../post/ports.ts';
import type { ContactRecord, PhotoRecord } from '../post/records.ts';
import { toHex } from '../wire/bytes.ts';
import type { Address } from '../wire/ids.ts';
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

export async function readNotes({ store }: Pick<Desk, 'store'>, address: Address): Promise<string> {
	return (await store.get('person', [address]))?.notes ?? '';
}

export async function writeNotes(
	{ store, now }: Pick<Desk, 'store' | 'now'>,
	address: Address,
	text: string
): Promise<void> {
	const notes = text.slice(0, NOTES_CHARACTERS);
	await store.update('person', [address], (row) => {
		if ((row?.notes ?? '') === notes) return [];
		const updatedAt = Math.max(now(), (row?.updatedAt ?? 0) + 1);
		return [{ table: 'person', key: [address], put: { ...row, address, notes, updatedAt } }];
	});
}

/** `null`: none. Throws `TypeError` for what the screens do not make. `null` comes back where there is no such contact. */
export async function setPhoto(
	desk: Pick<Desk, 'store' | 'random'>,
	address: Address,
	picture: Omit<PhotoRecord, 'version'> | null
): Promise<Undo | null> {
	if (picture !== null && !isSmall(picture)) throw new TypeError('this is no small picture');
	const before = await desk.store.get('photo', [address]);
	const photo = picture && { ...picture, version: toHex(desk.random(8)) };
	if (!(await putPhoto(desk, address, photo))) return null;
	return async () => {
		const now = await desk.store.get('photo', [address]);
		if ((now?.version ?? '') === (photo?.version ?? '')) await putPhoto(desk, address, before);
	};
}

function isSmall({ type, bytes }: Omit<PhotoRecord, 'version'>): boolean {
	return PHOTO_TYPES.some((one) => one === type) && bytes.length <= PHOTO_BYTES;
}

/** The picture and what names it, in one transaction. False: there is no such contact. */
async function putPhoto(
	{ store }: Pick<Desk, 'store'>,
	address: Address,
	photo: PhotoRecord | null
): Promise<boolean> {
	const key = [address];
	const beside: Change =
		photo === null ? { table: 'photo', key, remove: true } : { table: 'photo', key, put: photo };
	const before = await changeContact({ store }, address, (row) => withPhoto(row, photo), [beside]);
	return before !== null;
}

function withPhoto({ photo: _, ...row }: ContactRecord, photo: PhotoRecord | null): ContactRecord {
	return { ...row, ...(photo !== null && { photo: photo.version }) };
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
