/** What stands in a list's row beside the digest is what lists would have to read it for. */

import { expect, test } from 'vitest';
import {
	addressOf,
	deliveryTo,
	messageIn,
	NOW,
	partyOf,
	threadOf
} from '../../../tests/mailbox/records.ts';
import { toDigest } from './digest.ts';
import { digestOf, toListed } from './listed.ts';
import type { MessageRecord, ThreadRecord } from './records.ts';

function listed(messages: readonly MessageRecord[], fields: Partial<ThreadRecord> = {}) {
	const digest = toDigest(messages);
	return toListed(threadOf('roof', messages, { ...(digest && { digest }), ...fields }));
}

test('a digest is read as it was', () => {
	const mine = messageIn('roof', 1, { from: 'alice', deliveries: [deliveryTo('bob', 'read')] });
	const row = listed([mine, messageIn('roof', 2)]);
	const { last, mine: own, writers, subjects } = digestOf(row) ?? {};
	expect(last).toMatchObject({ isMine: false, order: NOW + 2, preview: 'text 2' });
	expect(own).toMatchObject({ isMine: true, order: NOW + 1, deliveries: [{ state: 'read' }] });
	expect(writers?.map(({ address }) => address)).toEqual([addressOf('bob'), addressOf('alice')]);
	expect(subjects).toHaveLength(1);
	expect(digestOf(listed([], { count: 0 }))).toBeUndefined();
});

test('when I wrote last is known without it', () => {
	const mine = messageIn('roof', 3, { from: 'alice' });
	expect(listed([mine, messageIn('roof', 5)]).mineAt).toBe(mine.order);
	expect(listed([messageIn('roof', 5)])).not.toHaveProperty('mineAt');
});

test.each([
	['kept', true],
	['noticed', true],
	['delivered', undefined],
	['refused', undefined],
	['withdrawn', undefined]
] as const)('of what is %s it is said whether it is on its way', (state, isMoving) => {
	const deliveries = [deliveryTo('bob', 'delivered'), deliveryTo('carol', state)];
	const mine = messageIn('roof', 1, { from: 'alice', deliveries });
	// Also where it is not the newest.
	expect(listed([mine, messageIn('roof', 2)]).isMoving).toBe(isMoving);
});

test('what has an end to come is looked up, what has ended is not', () => {
	const message = { ...messageIn('roof', 1), endsAt: 9_000_000_000_000 };
	expect(listed([message]).isMoving).toBe(true);
	expect(listed([{ ...message, endedAt: 8_000 }])).not.toHaveProperty('isMoving');
});

test('who wrote or was named and is no member is found without it', () => {
	const { mail, ...message } = messageIn('roof', 1);
	const copied = { ...message, mail: { ...mail, cc: [partyOf('carol')] } };
	const members = [addressOf('alice'), addressOf('mallory')];
	expect(listed([copied], { members }).others?.toSorted()).toEqual(
		[addressOf('bob'), addressOf('carol')].toSorted()
	);
	const all = [...members, addressOf('bob'), addressOf('carol')];
	expect(listed([copied], { members: all })).not.toHaveProperty('others');
});
