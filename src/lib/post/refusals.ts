/** Silent refusals: what a stranger caused is counted by reason and said to nobody else. */

import type { Refusal } from '../wire/refusal.ts';
import type { Desk } from './ports.ts';

export async function countRefusals(desk: Desk, reasons: readonly Refusal[]): Promise<void> {
	const counts = new Map<Refusal, number>();
	for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
	for (const [reason, count] of counts) {
		await desk.store.update('refusal', [reason], (row) => [
			{
				table: 'refusal',
				key: [reason],
				put: { reason, count: (row?.count ?? 0) + count, lastAt: desk.now() }
			}
		]);
	}
}
