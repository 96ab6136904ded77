/** Drafts that the user throws away, and takes back: what was to end goes from the disk at once. */

import { doom } from '../post/doomed.ts';
import { exclusiveDraft } from '../post/held.ts';
import type { Change, Desk } from '../post/ports.ts';
import type { DraftRecord } from '../post/records.ts';

/**
 * Removes them, but none that goes out in a moment or has gone out, with the keys under which they
 * stood. Gives back what restores them, as long as somebody holds it: each under a fresh key, for its old one is destroyed.
 */
export async function discardDrafts(
	desk: Pick<Desk, 'store' | 'ring' | 'exclusive'>,
	drafts: readonly DraftRecord[]
): Promise<() => Promise<void>> {
	const discarded: DraftRecord[] = [];
	for (const draft of drafts) {
		if (await discard(desk, draft)) discarded.push(draft);
	}
	const { store, ring } = desk;
	return async () => {
		const ending = discarded.filter(({ under }) => under !== undefined);
		const keys = ending.length === 0 ? [] : ((await ring.claim(ending.length)) ?? []);
		await store.commit(
			discarded.map((draft): Change => {
				const { under: _destroyed, heldUntil: _, ...rest } = draft;
				const under = keys[ending.indexOf(draft)];
				return { table: 'draft', key: [draft.id], put: { ...rest, ...(under && { under }) } };
			})
		);
	};
}

/** `false`: it is held, or sent; its row says so, whatever the tab knows that throws it away. */
async function discard(
	desk: Pick<Desk, 'store' | 'exclusive'>,
	{ id, under }: DraftRecord
): Promise<boolean> {
	return exclusiveDraft(desk, id, async () => {
		let isDiscarded = false;
		await desk.store.update('draft', [id], (row): readonly Change[] => {
			isDiscarded = row !== null && row.heldUntil === undefined;
			if (row === null || !isDiscarded) return [];
			const keys = new Set([under, row.under].flatMap((key) => key ?? []));
			return [{ table: 'draft', key: [id], remove: true }, ...doom([...keys])];
		});
		return isDiscarded;
	});
}
