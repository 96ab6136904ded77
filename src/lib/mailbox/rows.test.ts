import { expect, test } from 'vitest';
import {
	addressOf,
	contactOf,
	deliveryTo,
	messageIn,
	NOW,
	partyOf,
	peopleWith,
	threadIdOf,
	threadOf
} from '../../../tests/mailbox/records.ts';
import { toDigest } from '../post/digest.ts';
import { toListed } from '../post/listed.ts';
import type { MessageRecord, ThreadRecord } from '../post/records.ts';
import { ListRows } from './list-rows.ts';
import type { ThreadList } from './lists.ts';
import { draftRows, sentRows, type Shelf } from './rows.ts';

type Mailbox = readonly (readonly [ThreadRecord, readonly MessageRecord[]])[];

function shelve(mailbox: Mailbox, people = peopleWith(contactOf('bob'))): Shelf {
	const threads = mailbox.map(([thread]) => toListed(thread));
	const digests = mailbox.flatMap(([{ id }, messages]) => {
		const digest = toDigest(messages);
		return digest === null ? [] : [[id, digest] as const];
	});
	return { people, threads, digests: new Map(digests) };
}

function threadRows(shelf: Shelf, list: ThreadList, now: number) {
	return new ListRows(list, () => shelf).of(shelf.threads, now);
}

function mailboxOf(name: string, messages: readonly MessageRecord[], fields = {}) {
	return [threadOf(name, messages, fields), messages] as const;
}

test('a list has the threads of its place, newest first', () => {
	const shelf = shelve([
		mailboxOf('old', [messageIn('old', 1)]),
		mailboxOf('new', [messageIn('new', 3)]),
		mailboxOf('kept', [messageIn('kept', 2)], { place: 'archive' })
	]);
	expect(threadRows(shelf, 'inbox', NOW).map(({ subject }) => subject)).toEqual(['new', 'old']);
	expect(threadRows(shelf, 'archive', NOW).map(({ subject }) => subject)).toEqual(['kept']);
	expect(threadRows(shelf, 'trash', NOW)).toEqual([]);
});

test('a row shows the others, the newest writer first, and the beginning of the newest text', () => {
	const messages = [
		messageIn('roof', 1, { mail: { cc: [partyOf('carol')] } }),
		messageIn('roof', 2, { from: 'mallory' })
	];
	const [row] = threadRows(shelve([mailboxOf('roof', messages)]), 'inbox', NOW);
	expect(row?.people.map(({ name }) => name)).toEqual(['Mallory', 'Bob', 'Carol']);
	expect(row?.people.map(({ badge }) => badge)).toEqual(['new', 'known', 'new']);
	expect(row).toMatchObject({
		count: 2,
		isUnread: true,
		isOutgoing: false,
		line: { kind: 'preview', text: 'text 2' }
	});
});

test('my newest message says how far it has come, and also stands in sent', () => {
	const mine = messageIn('roof', 2, {
		from: 'alice',
		deliveries: [deliveryTo('bob', 'noticed')],
		holders: ['https://mail.example']
	});
	const shelf = shelve([
		mailboxOf('roof', [messageIn('roof', 1), mine]),
		mailboxOf('theirs', [messageIn('theirs', 3)])
	]);
	const [sent, ...others] = sentRows(shelf);
	expect(others).toEqual([]);
	expect(sent).toMatchObject({ isOutgoing: true, time: mine.order });
	expect(sent?.people.map(({ name }) => name)).toEqual(['Bob']);
	expect(sent?.line).toMatchObject({
		kind: 'delivery',
		recipients: [{ state: 'noticed', holders: 1 }]
	});
	expect(threadRows(shelf, 'inbox', NOW)[1]?.line.kind).toBe('delivery');
});

test('what was sent stands in its place before anybody has looked at what it says', () => {
	const messages = [messageIn('roof', 1, { from: 'alice' }), messageIn('roof', 2)];
	const listed = toListed(threadOf('roof', messages));
	const unread = { ...listed, digest: Uint8Array.of(0xff), mineAt: NOW + 1 };
	const shelf = { people: peopleWith(), threads: [unread], digests: new Map() };
	const [row] = sentRows(shelf);
	expect(row?.time).toBe(NOW + 1);
	expect(() => row?.line).toThrow();
	expect(sentRows({ ...shelf, threads: [{ ...unread, place: 'trash' }] })).toEqual([]);
});

test('the side thread of a blind copy and an emptied thread show nowhere', () => {
	const messages = [messageIn('side', 1, { from: 'alice' })];
	const shelf = shelve([
		mailboxOf('side', messages, { sideOf: threadIdOf('main') }),
		mailboxOf('emptied', [], { count: 0 })
	]);
	expect(threadRows(shelf, 'inbox', NOW)).toEqual([]);
	expect(sentRows(shelf)).toEqual([]);
});

test('a message of one who was removed is not in the row', () => {
	const refused = messageIn('roof', 2, { from: 'mallory', refused: 'removed' });
	const [row] = threadRows(
		shelve([mailboxOf('roof', [messageIn('roof', 1), refused])]),
		'inbox',
		NOW
	);
	expect(row?.line).toEqual({ kind: 'preview', text: 'text 1' });
	expect(row?.people.map(({ name }) => name)).not.toContain('Mallory');
});

test('a draft shows whom it is for, known or as it was typed', () => {
	const base = { kind: 'new', cc: [], bcc: [], html: '', files: [] } as const;
	const rows = draftRows(peopleWith(contactOf('bob')), [
		{
			...base,
			id: 'a',
			to: [addressOf('bob'), 'Eve <eve@mail.example.org>', ' ? '],
			subject: 's',
			text: 'a  b',
			savedAt: 1
		},
		{ ...base, id: 'b', to: [], subject: '', text: '', savedAt: 2 }
	]);
	expect(rows.map(({ id }) => id)).toEqual(['b', 'a']);
	expect(rows[1]).toMatchObject({
		kind: 'draft',
		people: [
			{ name: 'Bob' },
			{ name: 'eve@mail.example.org', address: 'eve@mail.example.org', badge: 'ordinary' },
			{ name: '?', address: '', badge: 'new' }
		],
		line: { kind: 'preview', text: 'a b' }
	});
});
