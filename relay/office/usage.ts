/** What one address has at this office, counted against its bounds. */

import { accept, refuse, type Result } from '../../src/lib/wire/refusal.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import { BOUNDS } from './bounds.ts';
import type { Change, OfficeGround } from './ports.ts';
import type { Row } from './tables.ts';

export type Usage = Row<'usage'>;

const NONE: Usage = { bytes: 0, slots: 0, tokens: 0, sends: 0 };

/**
 * The change that books these differences, to be committed with what causes them. `over-quota`
 * where something grows beyond its bound; less is always accepted.
 */
export function book(
	{ store, quotaBytes }: Pick<OfficeGround, 'store' | 'quotaBytes'>,
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
	return isOver ? refuse('over-quota') : accept({ table: 'usage', key: [root], put });
}
