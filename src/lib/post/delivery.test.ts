import { expect, test } from 'vitest';
import { rootKeyToAddress } from '../wire/ids.ts';
import { advance, advanceMessage } from './delivery.ts';
import type { DeliveryRecord, MessageRecord } from './records.ts';

const bob = { root: new Uint8Array(32).fill(1), name: 'Bob' };
const carol = { root: new Uint8Array(32).fill(2), name: 'Carol' };

function written(to = bob): DeliveryRecord {
	return { to, field: 'to', state: 'written', times: { written: 1 } };
}

test('a status moves forward and keeps the time of each step', () => {
	const kept = advance(written(), 'kept', 2);
	const delivered = advance(kept, 'delivered', 3);
	expect(delivered.state).toBe('delivered');
	expect(delivered.times).toEqual({ written: 1, kept: 2, delivered: 3 });
});

test('late news of an earlier step changes nothing', () => {
	const delivered = advance(written(), 'delivered', 3);
	expect(advance(delivered, 'noticed', 4)).toBe(delivered);
	expect(advance(delivered, 'delivered', 4)).toBe(delivered);
});

test('a refusal says why, and delivery after all counts more', () => {
	const refused = advance(written(), 'refused', 2, 'blocked');
	expect(refused.reason).toBe('blocked');
	expect(advance(refused, 'delivered', 3).state).toBe('delivered');
});

test('only the named recipient moves', () => {
	const message = { deliveries: [written(bob), written(carol)] } as unknown as MessageRecord;
	const only = rootKeyToAddress(bob.root);
	const states = advanceMessage(message, 'kept', 2, { only }).deliveries.map(({ state }) => state);
	expect(states).toEqual(['kept', 'written']);
	const all = advanceMessage(message, 'kept', 2).deliveries.map(({ state }) => state);
	expect(all).toEqual(['kept', 'kept']);
});
