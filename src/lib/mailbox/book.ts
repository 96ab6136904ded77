/** The address book: contacts, people with ordinary addresses, and what is one person of them. */

import { isOrdinary } from '../post/ordinary.ts';
import type { Change, Desk } from '../post/ports.ts';
import type { BookRecord, ContactRecord, MergedRecord, OrdinaryRecord } from '../post/records.ts';
import { toHex } from '../wire/bytes.ts';
import type { Address } from '../wire/ids.ts';

export interface Book {
	readonly ordinary: ReadonlyMap<Address, OrdinaryRecord>;
	/** By each of their addresses. */
	readonly merged: ReadonlyMap<Address, Merged>;
}

/** Several addresses that are one person. */
export interface Merged {
	readonly record: MergedRecord;
	/** The first lends its name, where there is no `name`. */
	readonly addresses: readonly Address[];
	/** As the user calls them. */
	readonly name?: string;
}

export const EMPTY_BOOK: Book = { ordinary: new Map(), merged: new Map() };

/** The rows after these writes: thousands that are brought are not read again for each hundred. */
export function adoptBook(
	rows: readonly BookRecord[],
	writes: readonly Change[]
): readonly BookRecord[] {
	const byId = new Map<string, BookRecord>(rows.map((row) => [row.id, row]));
	for (const write of writes) {
		if (write.table !== 'book') continue;
		const [id = ''] = write.key;
		if ('put' in write) byId.set(id, write.put);
		else byId.delete(id);
	}
	return [...byId.values()];
}

/** `p` and 16 hex digits: no address begins so and has that length. */
export function isMergedId(id: string): boolean {
	return /^p[0-9a-f]{16}$/.test(id);
}

export function newMergedId({ random }: Pick<Desk, 'random'>): string {
	return `p${toHex(random(8))}`;
}

/** Whom an entry stands for: its row is in `contact`, not in `book`. */
export function isContactId(id: string): id is Address {
	return !isMergedId(id) && !isOrdinary(id);
}

/**
 * What is not there is left out. Where two tabs have put one address into two persons, it is the older
 * one's, in every tab.
 */
export function toBook(
	rows: readonly BookRecord[],
	contacts: ReadonlyMap<Address, ContactRecord>
): Book {
	const ordinary = new Map(
		rows.flatMap((row) => (row.kind === 'ordinary' ? [[row.id, row] as const] : []))
	);
	const byId = new Map(
		rows.flatMap((row) => (row.kind === 'merged' ? [[row.id, row] as const] : []))
	);
	const inner = new Set([...byId.values()].flatMap(({ parts }) => parts));
	const merged = new Map<Address, Merged>();
	const toAddress = byText(contacts, ordinary);
	const whole = [...byId.values()].filter(({ id }) => !inner.has(id));
	for (const record of whole.sort(byAge)) {
		const addresses = addressesIn(record, byId)
			.flatMap((id) => toAddress(id) ?? [])
			.filter((address) => !merged.has(address));
		const name = nameIn(record, byId);
		const person = { record, addresses, ...(name !== undefined && { name }) };
		for (const address of addresses) merged.set(address, person);
	}
	return { ordinary, merged };
}

function byText(
	contacts: ReadonlyMap<string, ContactRecord>,
	ordinary: ReadonlyMap<string, OrdinaryRecord>
): (id: string) => Address | undefined {
	return (id) => contacts.get(id)?.address ?? ordinary.get(id)?.id;
}

type Records = ReadonlyMap<string, MergedRecord>;

function byAge(a: MergedRecord, b: MergedRecord): number {
	return a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}

/** Whatever stands in the rows, it ends: each record is looked into once. */
function addressesIn(record: MergedRecord, byId: Records, seen = new Set<string>()): string[] {
	if (seen.has(record.id)) return [];
	seen.add(record.id);
	const all = record.parts.flatMap((part) => {
		const inner = byId.get(part);
		return inner === undefined ? [part] : addressesIn(inner, byId, seen);
	});
	return [...new Set(all)];
}

function nameIn(record: MergedRecord, byId: Records): string | undefined {
	const seen = new Set<string>();
	for (let at: MergedRecord | undefined = record; at !== undefined && !seen.has(at.id);) {
		if (at.name !== undefined) return at.name;
		seen.add(at.id);
		at = byId.get(at.parts[0] ?? '');
	}
	return undefined;
}

/** The entry that an address belongs to: its notes and picture stand under this id. */
export function entryIdOf({ merged }: Book, address: Address): string {
	return merged.get(address)?.record.id ?? address;
}

/** All addresses of whoever has this one. */
export function addressesOf({ merged }: Book, address: Address): readonly Address[] {
	return merged.get(address)?.addresses ?? [address];
}
