/**
 * Notices that our own office still repeats although their recipient has confirmed: a receipt came by
 * hand, with no network to say so. They wait until the office answers.
 */

import { equal } from '../wire/bytes.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Desk, Signalled } from './ports.ts';
import type { Counter } from './registration.ts';

const KEY = ['spent-knocks'];
const KNOCK_BYTES = 32;

export async function rememberSpent({ store }: Pick<Desk, 'store'>, knock: Uint8Array) {
	await change(store, (known) => [...known, knock]);
}

/** Throws `Unreachable`; then they go on waiting. */
export async function forgetSpent(
	{ store }: Pick<Desk, 'store'>,
	{ office, account }: Counter,
	options: Signalled = {}
): Promise<void> {
	const spent = read((await store.get('setting', KEY))?.value);
	if (spent.length === 0) return;
	const some = spent.slice(0, LIMITS.slotNotices);
	await office.forget(account, some, options);
	// Another tab may have forgotten them meanwhile, or added others.
	await change(store, (known) =>
		known.filter((knock) => !some.some((forgotten) => equal(forgotten, knock)))
	);
}

async function change(
	store: Desk['store'],
	next: (known: readonly Uint8Array[]) => readonly Uint8Array[]
): Promise<void> {
	await store.update('setting', KEY, (row) => {
		const knocks = next(read(row?.value));
		if (knocks.length === 0) return [{ table: 'setting', key: KEY, remove: true }];
		const value = new Uint8Array(knocks.length * KNOCK_BYTES);
		for (const [place, knock] of knocks.entries()) value.set(knock, place * KNOCK_BYTES);
		return [{ table: 'setting', key: KEY, put: { value } }];
	});
}

function read(value: unknown): readonly Uint8Array[] {
	if (!(value instanceof Uint8Array)) return [];
	const count = Math.floor(value.length / KNOCK_BYTES);
	return Array.from({ length: count }, (_, place) =>
		value.slice(place * KNOCK_BYTES, (place + 1) * KNOCK_BYTES)
	);
}
