/** The status of one's own message towards each recipient, in the words that the screens know. */

import type { Delivery, Refusal as ShownRefusal } from '../app/view.ts';
import type { MessageRecord } from '../post/records.ts';
import type { Refusal } from '../wire/refusal.ts';
import { partyToPerson, type People } from './people.ts';

export function toDeliveries(
	people: People,
	{ deliveries, holders }: Pick<MessageRecord, 'deliveries' | 'holders'>
): Delivery[] {
	return deliveries.map(({ to, state, times, reason }) => ({
		person: partyToPerson(people, to),
		state,
		times,
		holders: holders.length,
		refusal: state === 'refused' && reason !== undefined ? toShown(reason) : null
	}));
}

/** `null`: a reason that would tell a reader nothing. */
function toShown(reason: Refusal): ShownRefusal | null {
	switch (reason) {
		case 'blocked':
		case 'removed':
		case 'not-a-member':
		case 'too-large':
			return reason;
		case 'not-allowed':
			return 'policy';
		default:
			return null;
	}
}
