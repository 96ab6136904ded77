/** Which parcels of theirs were taken in whole: what those say of us need not be said again. */

import type { Address } from '../wire/ids.ts';
import type { Desk } from './ports.ts';

/** `made` of the newest one; `null`: none yet. */
export async function takenParcel(
	{ store }: Pick<Desk, 'store'>,
	from: Address
): Promise<number | null> {
	const row = await store.get('setting', takenKey(from));
	return typeof row?.value === 'number' ? row.value : null;
}

export async function rememberTaken(
	{ store }: Pick<Desk, 'store'>,
	from: Address,
	madeMs: number
): Promise<void> {
	const key = takenKey(from);
	await store.update('setting', key, (row) => {
		const isNewer = typeof row?.value !== 'number' || row.value < madeMs;
		return isNewer ? [{ table: 'setting', key, put: { value: madeMs } }] : [];
	});
}

function takenKey(from: Address): readonly string[] {
	return ['parcel-taken', from];
}
