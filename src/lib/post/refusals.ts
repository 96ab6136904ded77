/** Silent refusals: what a stranger caused is counted by reason and said to nobody else. */

import type { Refusal } from '../wire/refusal.ts';
import type { Desk } from './ports.ts';

export async function countRefusals(desk: Desk, reasons: readonly Refusal[]): Promise<void> {
	for (const reason of reasons) {
		await desk.store.update('refusal', [reason], (row) => [
			{
				table: 'refusal',
				key: [reason],
				put: { reason, count: (row?.count ?? 0) + 1, lastAt: desk.now() }
			}
		]);
	}
}
