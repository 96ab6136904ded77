/** Drafts that the user throws away, and takes back: what was to end goes from the disk at once. */

import { doom } from '../post/doomed.ts';
import type { Change, Desk } from '../post/ports.ts';
import type { DraftRecord } from '../post/records.ts';

/**
 * Removes them with the keys under which they stood. Gives back what restores them, as long as somebody
 * holds it: each under a fresh key, for its old one is destroyed.
 */
export async function discardDrafts(
	{ store, ring }: Pick<Desk, 'store' | 'ring'>,
	drafts: readonly DraftRecord[]
): Promise<() => Promise<void>> {
	await store.commit([
		...drafts.map(({ id }): Change => ({ table: 'draft', key: [id], remove: true })),
		...doom(drafts.flatMap(({ under }) => under ?? []))
	]);
	return async () => {
		const ending = drafts.filter(({ under }) => under !== undefined);
		const keys = ending.length === 0 ? [] : ((await ring.claim(ending.length)) ?? []);
		await store.commit(
			drafts.map((draft): Change => {
				const { under: _destroyed, ...rest } = draft;
				const under = keys[ending.indexOf(draft)];
				return { table: 'draft', key: [draft.id], put: { ...rest, ...(under && { under }) } };
			})
		);
	};
}
