import { expect, test } from 'vitest';
import {
	contactOf,
	deliveryTo,
	messageIn,
	partyOf,
	peopleWith,
	threadOf
} from '../../../tests/mailbox/records.ts';
import { toThread } from './thread-view.ts';

const people = peopleWith(contactOf('bob', { tier: 'trusted' }));
const here = () => ({ at: 'here' }) as const;

function show(...messages: readonly ReturnType<typeof messageIn>[]) {
	return toThread(people, threadOf('roof', messages), messages, here);
}

test('messages stand in the order of their clocks, with people as this user knows them', () => {
	const { messages, members } = show(messageIn('roof', 2), messageIn('roof', 1));
	expect(messages.map(({ body }) => body)).toMatchObject([{ text: 'text 1' }, { text: 'text 2' }]);
	expect(messages[0]?.from).toMatchObject({ name: 'Bob', badge: 'verified', isMe: false });
	expect(members.map(({ isMe }) => isMe)).toEqual([true, false]);
});

test('a writer whom no authenticator vouches for is a first contact, whoever it claims to be', () => {
	const { messages } = show(messageIn('roof', 1, { isVouched: false }));
	expect(messages[0]?.from.badge).toBe('new');
});

test('blind copies: the writer sees all, the recipient itself', () => {
	const mine = messageIn('roof', 1, { from: 'alice', bcc: [partyOf('carol')] });
	const theirs = messageIn('roof', 2, { mail: { to: [partyOf('carol')], blind: true } });
	const { messages } = show(mine, theirs);
	expect(messages.map(({ bcc }) => bcc.map(({ name }) => name))).toEqual([['Carol'], ['Alice']]);
});

test('a refusal says no more than a reader can use', () => {
	const deliveries = (['not-allowed', 'blocked', 'over-quota'] as const).map((reason) => ({
		...deliveryTo('bob', 'refused'),
		reason
	}));
	const { messages } = show(messageIn('roof', 1, { from: 'alice', deliveries }));
	const refusals = messages[0]?.recipients.map(({ refusal }) => refusal);
	expect(refusals).toEqual(['policy', 'blocked', null]);
});
