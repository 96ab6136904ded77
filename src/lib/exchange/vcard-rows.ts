/** Rows of people who are new in the address book: many are written, and taken back, at once. */

import { toMark } from '../mailbox/address-book.ts';
import { isContactId, newMergedId } from '../mailbox/book.ts';
import { GROUPS } from '../mailbox/groups.ts';
import { joinNotes } from '../mailbox/merging.ts';
import { newOrdinary } from '../mailbox/ordinary-people.ts';
import { readOwn } from '../mailbox/own-list.ts';
import { NOTES_CHARACTERS } from '../mailbox/people-limits.ts';
import type { Undo } from '../mailbox/filing.ts';
import type { Change, Desk, MailStore } from '../post/ports.ts';
import type { BookRecord, PersonRecord, PhotoRecord } from '../post/records.ts';
import { toHex } from '../wire/bytes.ts';
import type { Address } from '../wire/ids.ts';
import type { FactKind, ReadCard } from './vcard-read.ts';

export type SmallPicture = Omit<PhotoRecord, 'version'>;

/** What telephone numbers and the like are called in the notes. */
export type FactWords = Readonly<Record<FactKind, string>>;

export interface NewPerson {
	/** Of the entry: an address, or of several that are one. */
	readonly id: string;
	readonly book: readonly BookRecord[];
	readonly person: PersonRecord | null;
	readonly photo: PhotoRecord | null;
}

/** @param addresses that are nobody's yet; of those that are ours the contacts are there already */
export function toNewPerson(
	{ random, now }: Pick<Desk, 'random' | 'now'>,
	card: ReadCard,
	addresses: readonly Address[],
	{ words, picture }: { readonly words: FactWords; readonly picture: SmallPicture | null }
): NewPerson {
	const [only = ''] = addresses;
	const id = addresses.length > 1 ? newMergedId({ random }) : only;
	const photo = picture && { ...picture, version: toHex(random(8)) };
	const marked = (of: string) => (of === id ? toMark(photo) : {});
	const ordinary = addresses
		.filter((address) => !isContactId(address))
		.map((address): BookRecord => ({
			...newOrdinary({ now }, address, card.name),
			...marked(address)
		}));
	const merged: BookRecord = {
		kind: 'merged',
		id,
		parts: addresses,
		createdAt: now(),
		...marked(id)
	};
	const notes = notesOf(card, words).slice(0, NOTES_CHARACTERS);
	return {
		id,
		book: addresses.length > 1 ? [...ordinary, merged] : ordinary,
		person: notes === '' ? null : { address: id, notes, updatedAt: now() },
		photo
	};
}

/** With telephone numbers and the like below, in lines of their own. */
export function notesOf({ notes, facts }: ReadCard, words: FactWords): string {
	const lines = facts
		.filter(({ text }) => !notes.includes(text))
		.map(({ kind, text }) => `${words[kind]}: ${text}`);
	return joinNotes([notes, lines.join('\n')]);
}

/** In one transaction. The way back leaves whoever something was written of since, or was merged with others. */
export async function putNewPeople(
	{ store }: Pick<Desk, 'store'>,
	people: readonly NewPerson[]
): Promise<Undo> {
	await store.commit(people.flatMap(toPuts));
	return async () => {
		const rows = await store.list('book');
		const own = new Set(people.flatMap(({ book }) => book.map(({ id }) => id)));
		const others = await namedIn(store, own);
		const here = new Map(rows.map((row) => [row.id, row]));
		const gone: Change[] = [];
		for (const person of people) {
			const now = await store.get('person', [person.id]);
			const isAsBrought = (now?.notes ?? '') === (person.person?.notes ?? '');
			const isUntouched = person.book.every(
				(row) => !others.has(row.id) && isSame(row, here.get(row.id))
			);
			if (isAsBrought && isUntouched) gone.push(...toRemovals(person));
		}
		await store.commit(gone);
	};
}

/** Ids that are part of a person, but for those of `besides`, or in a group. */
export async function namedIn(
	store: Pick<MailStore, 'list' | 'get' | 'recall'>,
	besides: ReadonlySet<string> = new Set()
): Promise<ReadonlySet<string>> {
	const merged = (await store.list('book')).flatMap((row) =>
		row.kind === 'merged' && !besides.has(row.id) ? row.parts : []
	);
	const grouped = (await readOwn(store, GROUPS)).flatMap(({ members }) => members);
	return new Set([...merged, ...grouped]);
}

function isSame(row: BookRecord, now: BookRecord | undefined): boolean {
	return now !== undefined && now.name === row.name && now.photo === row.photo;
}

function toPuts({ id, book, person, photo }: NewPerson): Change[] {
	return [
		...book.map((row): Change => ({ table: 'book', key: [row.id], put: row })),
		...(person === null ? [] : [{ table: 'person', key: [id], put: person } as const]),
		...(photo === null ? [] : [{ table: 'photo', key: [id], put: photo } as const])
	];
}

function toRemovals({ id, book, person, photo }: NewPerson): Change[] {
	return [
		...book.map((row): Change => ({ table: 'book', key: [row.id], remove: true })),
		...(person === null ? [] : [{ table: 'person', key: [id], remove: true } as const]),
		...(photo === null ? [] : [{ table: 'photo', key: [id], remove: true } as const])
	];
}
