import { expect, test } from 'vitest';
import {
	addressOf,
	contactOf,
	deliveryTo,
	messageIn,
	NOW,
	partyOf,
	peopleWith,
	threadOf
} from '../../../tests/mailbox/records.ts';
import { SAMPLES } from '../../../tests/vectors/wire-samples.ts';
import { cidOfRaw, encodePlain } from '../wire/codec.ts';
import type { ThreadRecord } from '../post/records.ts';
import { toThread } from './thread-view.ts';

const people = peopleWith(contactOf('bob', { tier: 'trusted' }));
const here = () => ({ state: { at: 'here' }, given: new Map() }) as const;

function show(...messages: readonly ReturnType<typeof messageIn>[]) {
	return toThread(people, threadOf('roof', messages), { messages, isWhole: true }, here);
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

test('who came and went stands above what was written from then on', () => {
	const messages = [messageIn('roof', 1), messageIn('roof', 3), messageIn('roof', 5)];
	const events = [
		{ by: addressOf('bob'), at: NOW + 9, added: [], gone: [addressOf('bob')] },
		{ by: addressOf('bob'), at: NOW + 3, added: [addressOf('carol')], gone: [] }
	];
	const circle = { mayAdd: true, mayRemove: true, events };
	const thread = toThread(
		people,
		threadOf('roof', messages, { circle }),
		{ messages, isWhole: true },
		here
	);
	expect(thread.mayRemove).toBe(true);
	expect(thread.comings.map(({ before }) => before)).toEqual([messages[1]?.id, null]);
	expect(thread.comings[0]).toMatchObject({ by: { name: 'Bob' }, added: [{ badge: 'new' }] });
});

test('who was removed reads it, and by whose word', () => {
	const messages = [messageIn('roof', 1)];
	const told = (by: 'bob' | 'carol', at: number) => {
		return { by: addressOf(by), at, epoch: messageIn('roof', 1).entry };
	};
	const comings = (parted: ThreadRecord['parted']) =>
		toThread(people, threadOf('roof', messages, { parted }), { messages, isWhole: true }, here)
			.comings;
	const hearsay = { [addressOf('carol')]: told('bob', NOW + 8) };
	const [first, ...others] = comings(hearsay);
	expect(others).toEqual([]);
	expect(first).toMatchObject({ by: { name: 'Bob' }, gone: [{ isMe: true }], before: null });
	expect(first?.saidBy?.address).toContain(addressOf('carol'));
	// The word of whoever removed is better, whenever it was said.
	const [sure] = comings({ ...hearsay, [addressOf('bob')]: told('bob', NOW + 9) });
	expect(sure).toMatchObject({ by: { name: 'Bob' }, at: NOW + 9 });
	expect(sure).not.toHaveProperty('saidBy');
});

test('what was passed on names its keeper, and has no badge of its writer', () => {
	const kept = { from: 'mallory', keptBy: addressOf('bob'), isVouched: false } as const;
	const { messages } = show(messageIn('roof', 1, kept));
	expect(messages[0]).toMatchObject({ from: { badge: 'known' }, keptBy: { name: 'Bob' } });
});

test('a date beyond all dates does not keep the thread from being shown', () => {
	const { messages } = show(messageIn('roof', 1, { mail: { date: Number.MAX_SAFE_INTEGER } }));
	expect(new Date(messages[0]?.date ?? NaN).getTime()).not.toBeNaN();
});

test('on the record is what can be proved, and a signature that is not the writer’s is said', () => {
	const record = encodePlain(SAMPLES['root'] ?? {});
	const testimony = { sig: new Uint8Array(64), record, card: new Uint8Array() };
	const { messages } = show(
		messageIn('roof', 1, { isOnRecord: true, testimony }),
		messageIn('roof', 2, { isOnRecord: true }),
		messageIn('roof', 3, { isMissigned: true })
	);
	expect(messages.map(({ isOnRecord }) => isOnRecord)).toEqual([true, false, false]);
	expect(messages.map(({ doubt }) => doubt)).toEqual([
		null,
		null,
		{ kind: 'wrong-signature', name: 'Bob' }
	]);
});

test('a key that was revoked since marks what it put on the record', () => {
	const old = SAMPLES['root'] ?? {};
	const newer = {
		...old,
		seq: 9,
		card: new Uint8Array(32),
		revoked: [{ key: old['card']!, since: 8 }]
	};
	const testimony = { sig: new Uint8Array(64), record: encodePlain(old), card: new Uint8Array() };
	const keys = { record: encodePlain(newer), card: new Uint8Array(), pair: { rootSeq: 9, seq: 9 } };
	const knowing = peopleWith(contactOf('bob', { keys }));
	const message = messageIn('roof', 1, { isOnRecord: true, testimony });
	const { messages } = toThread(
		knowing,
		threadOf('roof', [message]),
		{ messages: [message], isWhole: true },
		here
	);
	expect(messages[0]?.doubt).toEqual({ kind: 'revoked-key', name: 'Bob', since: 8 });
});

test('what was refused is not shown', () => {
	const { messages } = show(messageIn('roof', 1), messageIn('roof', 2, { refused: 'removed' }));
	expect(messages.map(({ body }) => body)).toMatchObject([{ text: 'text 1' }]);
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

test('where older messages are not read, it says how many, and who came before them stays out', () => {
	const messages = [messageIn('roof', 1), messageIn('roof', 3)];
	const events = [1, 3].map((at) => ({
		...{ by: addressOf('bob'), at: NOW + at, added: [addressOf('carol')], gone: [] }
	}));
	const circle = { mayAdd: true, mayRemove: true, events };
	const record = threadOf('roof', messages, { circle, count: 12 });
	const thread = toThread(people, record, { messages: messages.slice(1), isWhole: false }, here);
	expect(thread.earlier).toBe(11);
	expect(thread.comings.map(({ before }) => before)).toEqual([messages[1]?.id]);
});

test('a file that an earlier message has is said to be stored and sent once', () => {
	const bytes = new Uint8Array(32);
	const manifest = cidOfRaw(bytes);
	const file = { name: 'f', type: 'a/b', size: 1, sha256: bytes, key: bytes, manifest };
	const { messages } = show(
		messageIn('roof', 2, { mail: { attachments: [{ ...file, name: 'again' }] } }),
		messageIn('roof', 1, { mail: { attachments: [file] } })
	);
	expect(messages.map((each) => each.attachments.map(({ isRepeated }) => isRepeated))).toEqual([
		[false],
		[true]
	]);
});

test('what somebody wrote as the seat of a letter link is not said to be of whoever came in by it', () => {
	for (const seat of [{ seat: 'given', sitter: addressOf('bob') }, { seat: 'opened' }] as const) {
		const known = peopleWith(contactOf('bob', { tier: 'trusted' }), {
			...contactOf('mallory'),
			...seat
		});
		const messages = [messageIn('roof', 1, { from: 'mallory' })];
		const thread = toThread(known, threadOf('roof', messages), { messages, isWhole: true }, here);
		expect(thread.messages[0]?.from).toMatchObject({
			name: 'Letter link',
			badge: 'new',
			isMe: false
		});
	}
});
