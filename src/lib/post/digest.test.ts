import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageIn, type Name } from '../../../tests/mailbox/records.ts';
import { mineIn, RECENT_MESSAGES, toDigest } from './digest.ts';

const NAMES: readonly Name[] = ['alice', 'bob', 'carol', 'mallory'];
const MESSAGES = Array.from({ length: 3 * RECENT_MESSAGES }, (_, i) =>
	messageIn('roof', i + 1, {
		from: NAMES[(i * i) % 4] ?? 'bob',
		mail: { subject: `subject ${String(Math.floor(i / 40))}` },
		...(i % 7 === 3 && { refused: 'removed' as const })
	})
);

test('grown step by step, in any order, it is as from all messages at once', () => {
	const parts = fc.tuple(fc.shuffledSubarray(MESSAGES, { minLength: 1 }), fc.nat(40));
	fc.assert(
		fc.property(parts, ([messages, size]) => {
			let grown: ReturnType<typeof toDigest> = null;
			for (let start = 0; start < messages.length; start += size + 1) {
				grown = toDigest(messages.slice(start, start + size + 1), grown);
			}
			const whole = toDigest(messages);
			expect(grown && { ...grown, subjects: new Set(grown.subjects) }).toEqual(
				whole && { ...whole, subjects: new Set(whole.subjects) }
			);
		}),
		{ numRuns: 100 }
	);
});

test('the newest, the newest of mine, and as many as a screen shows', () => {
	const digest = toDigest(MESSAGES);
	if (digest === null) throw new Error('messages have a digest');
	const shown = MESSAGES.filter(({ refused, isMine }) => refused === undefined || isMine);
	expect(digest.last.id).toBe(shown.at(-1)?.id);
	expect(mineIn(digest)?.id).toBe(shown.findLast(({ isMine }) => isMine)?.id);
	expect(digest.recent.map(({ id }) => id)).toEqual(
		shown.slice(-RECENT_MESSAGES).map(({ id }) => id)
	);
});

test('of what is refused nothing is told', () => {
	const refused = messageIn('roof', 1, { from: 'mallory', refused: 'removed' });
	expect(toDigest([refused])).toBeNull();
	const digest = toDigest([messageIn('roof', 2), refused]);
	expect(digest?.writers.map(({ name }) => name)).toEqual(['Bob']);
});
