/** People with ordinary addresses, in the address book. */

import type { Desk } from '../post/ports.ts';
import type { OrdinaryRecord } from '../post/records.ts';
import type { Address } from '../wire/ids.ts';
import { toAlias } from './address-book.ts';
import type { Undo } from './filing.ts';
import { inBook } from './merging.ts';
import { BOOK_MAX } from './people-limits.ts';

type BookDesk = Pick<Desk, 'store' | 'now' | 'exclusive'>;

/** @param address as `parseOrdinary` gives it. `null`: they are here already, or the book is full. */
export function addOrdinary(desk: BookDesk, address: Address, name: string): Promise<Undo | null> {
	return inBook(desk, async () => {
		const rows = await desk.store.list('book');
		if (rows.length >= BOOK_MAX || rows.some(({ id }) => id === address)) return null;
		const put = newOrdinary(desk, address, name);
		await desk.store.commit([{ table: 'book', key: [address], put }]);
		return async () => {
			await removeOrdinary(desk, address);
		};
	});
}

/** One without a visible name is called by the address. */
export function newOrdinary(
	{ now }: Pick<Desk, 'now'>,
	address: Address,
	name: string
): OrdinaryRecord {
	return { kind: 'ordinary', id: address, name: toAlias(name) || address, createdAt: now() };
}

/** With notes and picture. `null`: they are not here, or are part of somebody with several addresses. */
export function removeOrdinary(desk: BookDesk, address: Address): Promise<Undo | null> {
	const key = [address];
	return inBook(desk, async () => {
		const rows = await desk.store.list('book');
		const row = rows.find(({ id }) => id === address);
		const isPart = rows.some((one) => one.kind === 'merged' && one.parts.includes(address));
		if (row === undefined || isPart) return null;
		const person = await desk.store.get('person', key);
		const photo = await desk.store.get('photo', key);
		await desk.store.commit([
			{ table: 'book', key, remove: true },
			{ table: 'person', key, remove: true },
			{ table: 'photo', key, remove: true }
		]);
		return () =>
			inBook(desk, async () => {
				if ((await desk.store.get('book', key)) !== null) return;
				await desk.store.commit([
					{ table: 'book', key, put: row },
					...(person === null ? [] : [{ table: 'person', key, put: person } as const]),
					...(photo === null ? [] : [{ table: 'photo', key, put: photo } as const])
				]);
			});
	});
}
