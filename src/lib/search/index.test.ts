/** The index finds what a look at every message finds. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageIn, NOW, partyOf, type Name } from '../../../tests/mailbox/records.ts';
import type { MessageRecord } from '../post/records.ts';
import { bytesToMessageId, idToCid } from '../wire/ids.ts';
import type { Marked } from './build.ts';
import { toDocument } from './document.ts';
import { isExact } from './evaluate.ts';
import { find } from './find.ts';
import { SearchIndex } from './index.ts';
import { matches } from './match.ts';
import { readQuery, type ThreadTest } from './query.ts';
import { decodeSegment, encodeSegment, type Segment } from './segment.ts';

const WORDS = [
	...['tea', 'Tea', 'teapot', 'cake', 'Käse', 'kase', 'naïve', 'a', 'e-mail', 'harbour', 'harbor'],
	...[
		'漢字',
		'漢字検索',
		'検索',
		'漢',
		'東京都',
		'京',
		'한국어',
		'ภาษาไทย',
		'ที่',
		'iPhone手机',
		'Straße',
		'🎉'
	]
];
const word = fc.constantFrom(...WORDS);
const phrase = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));
const name: fc.Arbitrary<Name> = fc.constantFrom('alice', 'bob', 'carol');
const threads = ['one', 'two', 'three'];

const message = fc
	.record({
		thread: fc.constantFrom(...threads),
		from: name,
		to: name,
		subject: phrase,
		text: phrase,
		file: fc.option(word),
		order: fc.integer({ min: 0, max: 20 })
	})
	.map(({ thread, from, to, subject, text, file, order }) => {
		const file0 = { type: 'image/png', size: 5_000, manifest: fileCid(), key: new Uint8Array(32) };
		const attachments =
			file === null ? [] : [{ ...file0, name: `${file}.png`, sha256: new Uint8Array(32) }];
		const mail = { subject, text, to: [partyOf(to)], attachments };
		return messageIn(thread, 1, { from, order: NOW + 86_400_000 * order, mail });
	});

const term = fc.oneof(
	{ weight: 4, arbitrary: word },
	{ weight: 1, arbitrary: word.map((each) => each.slice(0, 2)) },
	{ weight: 2, arbitrary: phrase.map((text) => `"${text}"`) },
	{ weight: 1, arbitrary: word.map((each) => `subject:${each}`) },
	{ weight: 1, arbitrary: word.map((each) => `filename:${each}`) },
	fc.constantFrom(
		'from:bob',
		'to:carol',
		'cc:bob',
		'from:al',
		'has:attachment',
		'has:image',
		'in:sent'
	),
	fc.constantFrom('is:unread', 'is:starred', 'larger:1k', 'smaller:1k', 'after:2025-10-15')
);
const search = fc
	.array(fc.tuple(fc.constantFrom('', '-', 'OR ', '(', ') '), term), { minLength: 1, maxLength: 5 })
	.map((parts) => parts.map((part) => part.join('')).join(' '));

const answer = (test: ThreadTest, thread: string) =>
	test.is === 'unread' ? thread < 'bafyreih' : thread > 'bafyreic';

test('index = a look at every message, after any changes', () => {
	fc.assert(
		fc.property(
			fc.array(message, { maxLength: 60 }),
			fc.array(fc.array(fc.nat(80), { maxLength: 8 }), { maxLength: 6 }),
			search,
			(written, rounds, text) => {
				const { query } = readQuery(text, { now: NOW, startOf });
				if (query === null) return;
				const all = written.map(toMarked);
				const { index, here } = live(all, rounds);
				const expected = here
					.filter(({ document }) => document && matches(query, document, answer))
					.map(({ of }) => of.id);
				const found = ids(index, query);
				if (isExact(query)) expect(found.toSorted()).toEqual(expected.toSorted());
				else expect(expected.filter((id) => !found.includes(id))).toEqual([]);
			}
		),
		{ numRuns: 150 }
	);
});

test('newest first, over all segments', () => {
	fc.assert(
		fc.property(fc.array(message, { maxLength: 60 }), (written) => {
			const { index } = live(written.map(toMarked), [[1, 5, 9]]);
			const { query } = readQuery('-nothing', { now: NOW, startOf });
			const found = query === null ? [] : [...find(index.segments.values(), query, sets)];
			const orders = found.map(({ order }) => order);
			expect(orders).toEqual(orders.toSorted((a, b) => b - a));
		})
	);
});

test('what went leaves no word behind', () => {
	const secret = messageIn('one', 1, { mail: { text: 'Weissdorn tea', subject: '' } });
	const other = messageIn('two', 2, { mail: { text: 'only tea', subject: '' } });
	const index = new SearchIndex(new Map(), names());
	index.change(new Set(), [toMarked(secret, 0), toMarked(other, 1)]);
	expect(terms(index)).toContain('weissdorn');
	const before = [...index.segments.keys()];
	index.change(new Set([0]), []);
	expect(terms(index)).not.toContain('weissdorn');
	expect(terms(index)).toContain('tea');
	expect(index.count).toBe(1);
	expect([...index.segments.keys()]).not.toEqual(before);
});

test('there are few segments, however the messages come', () => {
	const index = new SearchIndex(new Map(), names());
	for (let i = 0; i < 300; i++) index.change(new Set(), [toMarked(messageIn('one', i % 200), i)]);
	expect(index.count).toBe(300);
	expect(index.segments.size).toBeLessThan(16);
});

/** Messages come in portions; in each round some go. Segments are read back from their bytes. */
function live(all: readonly Marked[], rounds: readonly (readonly number[])[]) {
	const index = new SearchIndex(new Map(), names());
	const portion = Math.ceil(all.length / (rounds.length + 1));
	const here = new Map<number, Marked>();
	for (let round = 0; round <= rounds.length; round++) {
		const come = all.slice(round * portion, (round + 1) * portion);
		const gone = new Set((rounds[round] ?? []).filter((mark) => here.has(mark)));
		index.change(gone, come);
		for (const mark of gone) here.delete(mark);
		for (const marked of come) here.set(marked.mark, marked);
	}
	const read = new Map<string, Segment>();
	for (const [name, segment] of index.segments) {
		const decoded = decodeSegment(encodeSegment(segment));
		if (decoded === null) throw new Error('a segment does not open');
		read.set(name, decoded);
	}
	return { index: new SearchIndex(read, names()), here: [...here.values()] };
}

function toMarked(message: MessageRecord, mark: number): Marked {
	const id = bytesToMessageId(Uint8Array.from({ length: 16 }, (_, i) => (i === 0 ? mark : 1)));
	const named = { ...message, id };
	return { mark, document: toDocument(named), of: { thread: message.thread, id } };
}

const sets = (test: ThreadTest) => ({ has: (thread: string) => answer(test, thread) });

function ids(index: SearchIndex, query: Parameters<typeof find>[1]) {
	return [...find(index.segments.values(), query, sets)].map(({ id }) => id);
}

function terms(index: SearchIndex): string[] {
	return [...index.segments.values()].flatMap((segment) => [...segment.terms]);
}

function names(): () => string {
	let made = 0;
	return () => String(made++);
}

function startOf({ year, month, day }: { year: number; month: number; day: number }): number {
	return Date.UTC(year, month - 1, day);
}

function fileCid() {
	return idToCid(messageIn('file', 1).entry);
}
