/**
 * Keys of the ring whose time is over. They are written down in the transaction that does without
 * them, and overwritten after it: a crash between the two only puts the overwriting off.
 */

import { toHex } from '../wire/bytes.ts';
import type { Change, Desk, RingKey } from './ports.ts';

export function doom(keys: readonly RingKey[]): Change[] {
	return keys.map((key) => ({ table: 'doomed', key: [toHex(key)], put: { key } }));
}

/** Whatever is doomed by now. The ring may be away: then the next round does it. */
export async function destroyDoomed({ store, ring }: Pick<Desk, 'store' | 'ring'>): Promise<void> {
	const doomed = (await store.list('doomed')).map(({ key }) => key);
	if (doomed.length === 0 || !(await ring.destroy(doomed))) return;
	await store.commit(
		doomed.map((key) => ({ table: 'doomed', key: [toHex(key)], remove: true }) as const)
	);
}
