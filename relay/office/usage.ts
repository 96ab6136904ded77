/** What one address has at this office, counted against its bounds. */

import { accept, refuse, type Result } from '../../src/lib/wire/refusal.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import { BOUNDS } from './bounds.ts';
import type { Office } from './office.ts';
import type { Change } from './ports.ts';
import type { Row } from './tables.ts';

export type Usage = Row<'usage'>;

type OfficeRoom = Pick<Office, 'store' | 'quotaBytes' | 'totals' | 'totalBytes'>;

const NONE: Usage = { bytes: 0, slots: 0, tokens: 0, sends: 0 };

/**
 * The change that books these differences, to be committed with what causes them. `over-quota`
 * where something grows beyond the address's bound, `disk-full` where the bytes of all addresses
 * together do; less is always accepted.
 */
export function book(
	{ store, quotaBytes, totals, totalBytes }: OfficeRoom,
	root: string,
	difference: Partial<Usage>
): Result<Change> {
	const held = store.get('usage', [root]) ?? NONE;
	const { bytes = 0, slots = 0, tokens = 0, sends = 0 } = difference;
	const put: Usage = {
		bytes: Math.max(0, held.bytes + bytes),
		slots: Math.max(0, held.slots + slots),
		tokens: Math.max(0, held.tokens + tokens),
		sends: Math.max(0, held.sends + sends)
	};
	const isOver =
		(bytes > 0 && put.bytes > quotaBytes) ||
		(slots > 0 && put.slots > LIMITS.slotsPerAddress) ||
		(tokens > 0 && put.tokens > LIMITS.inviteTokensPerAddress) ||
		(sends > 0 && put.sends > BOUNDS.sendsPerAddress);
	if (isOver) return refuse('over-quota');
	if (bytes > 0 && totals.bytes + bytes > totalBytes) return refuse('disk-full');
	return accept({ table: 'usage', key: [root], put });
}
