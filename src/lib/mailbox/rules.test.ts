import { expect, test } from 'vitest';
import {
	addressOf,
	createDesk,
	messageIn,
	storeThread,
	threadIdOf,
	threadOf
} from '../../../tests/mailbox/records.ts';
import type { MessageRecord, ThreadRecord } from '../post/records.ts';
import { filingOf } from './filed.ts';
import { changeOwn } from './own-list.ts';
import { applyRule, createSorter, findMatches, isAbout, isRule, RULES, sortIn } from './rules.ts';
import type { Action, Condition, Rule } from './rules.ts';

const ROOF = threadIdOf('roof');

function fail(): never {
	throw new Error('not expected');
}

function rule(conditions: Condition[], actions: Action[], fields: Partial<Rule> = {}): Rule {
	return { id: 'r', isOn: true, isLast: false, conditions, actions, ...fields };
}

test.each<[Condition, boolean]>([
	[{ kind: 'from', text: 'BÓB' }, true],
	[{ kind: 'from', text: addressOf('bob') }, true],
	[{ kind: 'from', text: 'carol' }, false],
	[{ kind: 'to', text: 'alice' }, true],
	[{ kind: 'to', text: 'bob' }, false],
	[{ kind: 'subject', text: 'oof' }, true],
	[{ kind: 'body', text: 'text 1' }, true],
	[{ kind: 'body', text: 'text 2' }, false],
	[{ kind: 'attachment' }, false],
	[{ kind: 'label', label: 'a' }, true],
	[{ kind: 'label', label: 'b' }, false]
])('%j: %s', (condition, expected) => {
	const message = messageIn('roof', 1);
	expect(isAbout({ conditions: [condition] }, { labels: ['a'] }, message)).toBe(expected);
});

test('all conditions must hold', () => {
	const conditions: Condition[] = [
		{ kind: 'from', text: 'bob' },
		{ kind: 'subject', text: 'choir' }
	];
	expect(isAbout({ conditions }, {}, messageIn('roof', 1))).toBe(false);
});

test('rules are asked in order, see the labels of earlier ones, and may be the last', () => {
	const fromBob: Condition[] = [{ kind: 'from', text: 'bob' }];
	const rules = [
		rule(fromBob, [{ kind: 'label', label: 'a' }]),
		rule([{ kind: 'label', label: 'a' }], [{ kind: 'star' }, { kind: 'archive' }], {
			isLast: true
		}),
		rule(fromBob, [{ kind: 'trash' }])
	];
	const message = messageIn('roof', 1);
	const { row } = sortIn(rules, threadOf('roof', [message]), [message], null);
	expect(filingOf(row)).toMatchObject({ labels: ['a'], isStarred: true, place: 'archive' });
	const off = sortIn([rule(fromBob, [{ kind: 'star' }], { isOn: false })], row, [message], null);
	expect(off.row).toEqual(row);
});

test('a rule about one member hides nothing that another has just written', () => {
	const rules = [rule([{ kind: 'from', text: 'mallory' }], [{ kind: 'trash' }])];
	const [bobs, theirs] = [messageIn('roof', 1), messageIn('roof', 2, { from: 'mallory' })];
	const row = threadOf('roof', [bobs, theirs]);
	const place = (...args: [MessageRecord[], ThreadRecord | null]) =>
		sortIn(rules, row, ...args).row.place;
	expect(place([theirs, bobs], null)).toBe('inbox');
	expect(place([bobs, theirs], null)).toBe('inbox');
	expect(place([theirs], threadOf('roof', [bobs]))).toBe('inbox');
	expect(place([theirs], null)).toBe('trash');
	expect(place([theirs], threadOf('roof', [theirs], { place: 'trash' }))).toBe('trash');
	// Old mail that came late is no news.
	expect(place([{ ...theirs, isUnread: false }], null)).toBe('inbox');
});

test('the trash takes nothing along that was here before', () => {
	const rules = [rule([{ kind: 'from', text: 'mallory' }], [{ kind: 'trash' }])];
	const [bobs, theirs] = [messageIn('roof', 1), messageIn('roof', 2, { from: 'mallory' })];
	for (const place of ['inbox', 'archive'] as const) {
		const before = { ...threadOf('roof', [bobs], { place }), unread: 0 };
		const called = threadOf('roof', [bobs, theirs], { place: 'inbox' });
		const { row, changed } = sortIn(rules, { ...called, unread: 1 }, [theirs], before);
		expect(row).toMatchObject({ place, unread: 0 });
		expect(changed.map(({ id, isUnread }) => [id, isUnread])).toEqual([[theirs.id, false]]);
	}
});

test('read: the message and its thread are, and own messages are nobody’s business', () => {
	const rules = [rule([{ kind: 'subject', text: 'roof' }], [{ kind: 'read' }, { kind: 'mute' }])];
	const messages = [messageIn('roof', 1), messageIn('roof', 2, { from: 'alice' })];
	const sorted = sortIn(rules, threadOf('roof', messages), messages, null);
	expect(sorted.row).toMatchObject({ unread: 0, isMuted: true, place: 'archive' });
	expect(sorted.changed.map(({ id, isUnread }) => [id, isUnread])).toEqual([
		[messages[0]?.id, false]
	]);
	const mine = messages.slice(1);
	expect(sortIn(rules, threadOf('roof', mine), mine, null).changed).toEqual([]);
});

test('rules are kept, and what is none is not', async () => {
	const desk = createDesk();
	const one = rule([{ kind: 'attachment' }], [{ kind: 'star' }]);
	await changeOwn(desk.store, RULES, () => [one]);
	const message = messageIn('roof', 1, { mail: { attachments: [] } });
	const sort = await createSorter(desk, fail)();
	expect(sort(threadOf('roof', [message]), [message], null).changed).toEqual([]);
	expect(isRule(one)).toBe(true);
	expect(isRule({ ...one, conditions: [] })).toBe(false);
	for (const text of [' ', '\u0301', '\u200f']) {
		expect(isRule({ ...one, conditions: [{ kind: 'subject', text }] })).toBe(false);
	}
	expect(isRule({ ...one, actions: [{ kind: 'explode' }] })).toBe(false);
});

test('rules that cannot be read, or stumble, keep no mail away', async () => {
	const desk = createDesk();
	const troubles: unknown[] = [];
	const onTrouble = (error: unknown) => troubles.push(error);
	const get = () => Promise.reject(new Error('this row does not open'));
	const blind = await createSorter({ store: { ...desk.store, get } }, onTrouble)();
	const message = messageIn('roof', 1);
	const row = threadOf('roof', [message]);
	expect(blind(row, [message], null)).toEqual({ row, changed: [] });
	await changeOwn(desk.store, RULES, () => [
		rule([{ kind: 'subject', text: 'roof' }], [{ kind: 'trash' }])
	]);
	const bent = Object.defineProperty({ ...message.mail }, 'subject', { get: fail });
	const sort = await createSorter(desk, onTrouble)();
	expect(sort(row, [{ ...message, mail: bent }], null)).toEqual({ row, changed: [] });
	expect(troubles).toHaveLength(2);
});

test('a long text is folded once, not for every rule', () => {
	let reads = 0;
	const message = messageIn('roof', 1);
	const mail = Object.defineProperty({ ...message.mail }, 'text', {
		get: () => {
			reads++;
			return 'é'.repeat(1_000);
		}
	});
	const rules = Array.from({ length: 200 }, () =>
		rule([{ kind: 'body', text: 'x' }], [{ kind: 'star' }])
	);
	sortIn(rules, threadOf('roof', [message]), [{ ...message, mail }], null);
	expect(reads).toBe(1);
});

test('a dry run finds threads and changes nothing; applying is taken back', async () => {
	const desk = createDesk();
	for (const name of ['roof', 'choir']) {
		const messages = [messageIn(name, 1)];
		await storeThread(desk, threadOf(name, messages), messages);
	}
	const before = await desk.store.get('thread', [ROOF]);
	const one = rule(
		[{ kind: 'subject', text: 'roof' }],
		[{ kind: 'archive' }, { kind: 'read' }, { kind: 'label', label: 'a' }]
	);
	const found = await findMatches(desk, one);
	expect(found.map(({ id }) => id)).toEqual([ROOF]);
	expect(await desk.store.get('thread', [ROOF])).toEqual(before);
	const undo = await applyRule(desk, one, [ROOF]);
	expect(await desk.store.get('thread', [ROOF])).toMatchObject({
		...{ place: 'archive', unread: 0, labels: ['a'] }
	});
	await undo();
	const after = await desk.store.get('thread', [ROOF]);
	expect(after && { ...after, updatedAt: before?.updatedAt }).toEqual(before);
});
