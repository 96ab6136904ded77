/** Two entries of the address book become one person, and two again. What each of them was stays under it. */

import type { Desk } from '../post/ports.ts';
import type { BookRecord, MergedRecord, PersonRecord, PhotoRecord } from '../post/records.ts';
import type { Address } from '../wire/ids.ts';
import { readNotes, setPhoto, toMark, writeNotes } from './address-book.ts';
import { isContactId, isMergedId, newMergedId } from './book.ts';
import type { Undo } from './filing.ts';
import { NOTES_CHARACTERS, PERSON_ADDRESSES_MAX } from './people-limits.ts';

type BookDesk = Pick<Desk, 'store' | 'random' | 'now' | 'exclusive'>;

export type MergeOutcome =
	| { readonly ok: true; readonly id: string; readonly undo: Undo }
	/** `gone`: one of them is not there any more, or is part of somebody already. */
	| { readonly ok: false; readonly problem: 'gone' | 'too-many-addresses' | 'notes-too-long' };

export interface MergeChoice {
	/** Ids of entries that are part of no other: two or more. The first lends its name. */
	readonly parts: readonly string[];
	/** Whose picture theirs is; null: none. */
	readonly photoOf: string | null;
}

/** Whatever changes who is who waits for its turn, in all tabs: each looks at rows that no other changes. */
export function inBook<T>(
	{ exclusive }: Pick<Desk, 'exclusive'>,
	work: () => Promise<T>
): Promise<T> {
	return exclusive('people', work);
}

export function mergeEntries(desk: BookDesk, choice: MergeChoice): Promise<MergeOutcome> {
	return inBook(desk, () => merge(desk, choice));
}

/** As `mergeEntries`, for whoever has the turn already. */
export async function merge(
	desk: BookDesk,
	{ parts, photoOf }: MergeChoice
): Promise<MergeOutcome> {
	const rows = await readRows(desk);
	if (new Set(parts).size < 2 || !(await areWhole(desk, rows, parts))) {
		return { ok: false, problem: 'gone' };
	}
	if (parts.flatMap((part) => leavesOf(rows, part)).length > PERSON_ADDRESSES_MAX) {
		return { ok: false, problem: 'too-many-addresses' };
	}
	const notes = joinNotes(await Promise.all(parts.map((part) => readNotes(desk, part))));
	if (notes.length > NOTES_CHARACTERS) return { ok: false, problem: 'notes-too-long' };
	const photo = photoOf === null ? null : await desk.store.get('photo', [photoOf]);
	const id = newMergedId(desk);
	const record = { kind: 'merged', id, parts, createdAt: desk.now(), ...toMark(photo) } as const;
	await desk.store.commit([
		{ table: 'book', key: [id], put: record },
		...(notes === ''
			? []
			: [
					{
						table: 'person',
						key: [id],
						put: { address: id, notes, updatedAt: desk.now() }
					} as const
				]),
		...(photo === null ? [] : [{ table: 'photo', key: [id], put: photo } as const])
	]);
	return {
		ok: true,
		id,
		undo: async () => {
			await splitEntry(desk, id);
		}
	};
}

/**
 * Its parts stand for themselves again, as they were. What was written meanwhile of the whole, notes and a
 * picture, the first of them keeps. `null`: there is no such person any more.
 */
export function splitEntry(desk: BookDesk, id: string): Promise<Undo | null> {
	return inBook(desk, () => split(desk, id));
}

/** As `splitEntry`, for whoever has the turn already; its way back waits for one. */
export async function split(desk: BookDesk, id: string): Promise<Undo | null> {
	const rows = await readRows(desk);
	const record = rows.get(id);
	if (record?.kind !== 'merged' || innerIds(rows).has(id)) return null;
	const own = await readOwn(desk, id);
	// First kept, then removed: whatever comes between leaves it somewhere.
	const ways = await keepLater(desk, record, own);
	await desk.store.commit([
		{ table: 'book', key: [id], remove: true },
		{ table: 'person', key: [id], remove: true },
		{ table: 'photo', key: [id], remove: true }
	]);
	return () =>
		inBook(desk, async () => {
			if (!(await isBroughtBack(desk, record, own))) return;
			for (const undo of ways) await undo();
		});
}

interface Own {
	readonly person: PersonRecord | null;
	readonly photo: PhotoRecord | null;
}

async function readOwn({ store }: Pick<Desk, 'store'>, id: string): Promise<Own> {
	const [person, photo] = await Promise.all([store.get('person', [id]), store.get('photo', [id])]);
	return { person, photo };
}

/** What none of the parts has, the first takes over; the ways back. */
async function keepLater(
	desk: BookDesk,
	{ parts, createdAt }: MergedRecord,
	{ person, photo }: Own
): Promise<readonly Undo[]> {
	const [head = ''] = parts;
	const owns = await Promise.all(parts.map((part) => readOwn(desk, part)));
	const notes = person?.notes ?? '';
	const ways: Undo[] = [];
	if (notes !== '' && notes !== joinNotes(owns.map((own) => own.person?.notes ?? ''))) {
		const before = owns[0]?.person?.notes ?? '';
		// Another tab may have stored notes of the part when it was merged already.
		const isLater = (owns[0]?.person?.updatedAt ?? 0) > createdAt;
		const kept = isLater ? joinNotes([notes, before]) : notes;
		await writeNotes(desk, head, kept);
		ways.push(async () => {
			if ((await readNotes(desk, head)) === kept.slice(0, NOTES_CHARACTERS))
				await writeNotes(desk, head, before);
		});
	}
	const isOnesOwn = owns.some((own) => own.photo?.version === photo?.version);
	if (photo !== null && !isOnesOwn && owns[0]?.photo === null) {
		const undo = await setPhoto(desk, head, { type: photo.type, bytes: photo.bytes });
		if (undo !== null) ways.push(undo);
	}
	return ways;
}

async function isBroughtBack(
	desk: BookDesk,
	record: MergedRecord,
	{ person, photo }: Own
): Promise<boolean> {
	const { id, parts } = record;
	const rows = await readRows(desk);
	if (rows.has(id) || !(await areWhole(desk, rows, parts))) return false;
	await desk.store.commit([
		{ table: 'book', key: [id], put: record },
		...(person === null ? [] : [{ table: 'person', key: [id], put: person } as const]),
		...(photo === null ? [] : [{ table: 'photo', key: [id], put: photo } as const])
	]);
	return true;
}

/**
 * Notes of an entry, by whoever has had them open. Of a person who was split meanwhile, in another tab, they
 * go to the entry of `address`, which is one of theirs: beside what that was given by the split.
 */
export async function writeNotesOf(
	desk: Pick<Desk, 'store' | 'now' | 'exclusive'>,
	id: string,
	address: Address,
	text: string
): Promise<void> {
	// Before any wait for a turn: the page may be about to go.
	await writeNotes(desk, id, text);
	if (!isMergedId(id)) return;
	await inBook(desk, async () => {
		const rows = await readRows(desk);
		if (rows.has(id)) return;
		const heir = wholeOf(rows, address);
		await writeNotes(desk, heir, joinNotes([text, await readNotes(desk, heir)]));
		await desk.store.commit([{ table: 'person', key: [id], remove: true }]);
	});
}

type Rows = ReadonlyMap<string, BookRecord>;

/** The entry that an address is part of, or is. */
function wholeOf(rows: Rows, address: Address): string {
	const wholes = [...rows.keys()].filter((id) => !innerIds(rows).has(id));
	return wholes.find((id) => leavesOf(rows, id).includes(address)) ?? address;
}

async function readRows({ store }: Pick<Desk, 'store'>): Promise<Rows> {
	return new Map((await store.list('book')).map((row) => [row.id, row]));
}

function innerIds(rows: Rows): ReadonlySet<string> {
	return new Set([...rows.values()].flatMap((row) => (row.kind === 'merged' ? row.parts : [])));
}

/** Are they there, and no part of anybody? */
async function areWhole(
	{ store }: Pick<Desk, 'store'>,
	rows: Rows,
	parts: readonly string[]
): Promise<boolean> {
	const inner = innerIds(rows);
	for (const part of parts) {
		const isThere = isContactId(part)
			? (await store.get('contact', [part])) !== null
			: rows.has(part);
		if (!isThere || inner.has(part)) return false;
	}
	return true;
}

function leavesOf(rows: Rows, id: string, seen = new Set<string>()): readonly string[] {
	if (seen.has(id)) return [];
	seen.add(id);
	const row = rows.get(id);
	if (row?.kind !== 'merged') return [id];
	return row.parts.flatMap((part) => leavesOf(rows, part, seen));
}

/** One below the other; what stands there already is not said twice. */
export function joinNotes(all: readonly string[]): string {
	return all.reduce((joined, notes) => {
		if (notes.trim() === '' || joined.includes(notes)) return joined;
		return joined === '' ? notes : `${joined}\n\n${notes}`;
	}, '');
}
