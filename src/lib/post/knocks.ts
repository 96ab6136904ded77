/** Notices that wait for the user. */

import type { MailStore } from './ports.ts';
import type { KnockRecord } from './records.ts';

/** Of strangers, newest first. */
export async function requestsOf({
	store
}: {
	readonly store: Pick<MailStore, 'list'>;
}): Promise<KnockRecord[]> {
	const knocks = await store.list('knock');
	return knocks
		.filter(({ wait }) => wait === 'request')
		.sort((a, b) => b.receivedAt - a.receivedAt);
}
