/** The status of one message towards one recipient: it moves forward only (protocol §6.5). */

import type { Address, ThreadId } from '../wire/ids.ts';
import { rootKeyToAddress } from '../wire/ids.ts';
import type { Refusal } from '../wire/refusal.ts';
import type { Change } from './ports.ts';
import type { DeliveryRecord, DeliveryState, MessageRecord } from './records.ts';

const ORDER: readonly DeliveryState[] = [
	'written',
	'kept',
	'noticed',
	'expired',
	'refused',
	'withdrawn',
	'delivered',
	'read',
	'ended'
];

const ENDS: readonly DeliveryState[] = [
	'delivered',
	'read',
	'refused',
	'expired',
	'withdrawn',
	'ended'
];

/** Is nothing more to come of it? */
export function hasEnded(state: DeliveryState): boolean {
	return ENDS.includes(state);
}

/** The record itself where the news is not newer than what is known. */
export function advance(
	delivery: DeliveryRecord,
	state: DeliveryState,
	at: number,
	reason?: Refusal
): DeliveryRecord {
	if (ORDER.indexOf(state) <= ORDER.indexOf(delivery.state)) return delivery;
	return {
		...delivery,
		state,
		times: { ...delivery.times, [state]: at },
		...(reason && { reason })
	};
}

/** The change that moves these recipients (all where none are named) of one message. */
export function advanceMessage(
	message: MessageRecord,
	state: DeliveryState,
	at: number,
	{ only, reason }: { readonly only?: Address; readonly reason?: Refusal } = {}
): MessageRecord {
	const deliveries = message.deliveries.map((delivery) =>
		only === undefined || rootKeyToAddress(delivery.to.root) === only
			? advance(delivery, state, at, reason)
			: delivery
	);
	return { ...message, deliveries };
}

export function putMessage(thread: ThreadId, message: MessageRecord): Change {
	return { table: 'message', key: [thread, message.id], put: message };
}
