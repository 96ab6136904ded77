/** The status of one's own message towards each recipient, in the words that the screens know. */

import type { Delivery, Refusal as ShownRefusal } from '../app/view.ts';
import type { MessageRecord } from '../post/records.ts';
import type { Refusal } from '../wire/refusal.ts';
import { partyToPerson, type People } from './people.ts';

export function toDeliveries(
	people: People,
	{ deliveries, holders }: Pick<MessageRecord, 'deliveries' | 'holders'>
): Delivery[] {
	return deliveries.map(({ to, state, times, reason }) => {
		// It came to ask after the message had ended.
		const isLate = state === 'refused' && reason === 'expired';
		return {
			person: partyToPerson(people, to),
			state: isLate ? 'expired' : state,
			times: isLate ? { ...times, expired: times.refused ?? 0 } : times,
			holders: holders.length,
			refusal: state === 'refused' && reason !== undefined ? (SHOWN[reason] ?? null) : null
		};
	});
}

/** The others would tell a reader nothing. */
const SHOWN: Readonly<Partial<Record<Refusal, ShownRefusal>>> = {
	blocked: 'blocked',
	removed: 'removed',
	'not-a-member': 'not-a-member',
	'too-large': 'too-large',
	'rate-limited': 'too-much',
	'not-allowed': 'policy'
};
