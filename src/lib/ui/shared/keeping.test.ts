import { expect, test } from 'vitest';
import { keepSentence, keepWord } from './keeping.ts';

const NOW = new Date(2026, 4, 1, 12).getTime();
const DAY = 86_400_000;
const MAY_3 = new Date(2026, 4, 3, 23, 59).getTime();

test.each([
	[{ after: DAY }, '1 day'],
	[{ after: 7 * DAY }, '1 week'],
	[{ after: 30 * DAY }, '1 month'],
	[{ after: 12 * DAY }, '12 days'],
	[{ after: 5 }, '1 day'],
	[{ at: MAY_3 }, 'until 3 May'],
	[{ at: new Date(2027, 0, 2).getTime() }, 'until 2 Jan 2027']
])('%o is kept %s', (end, words) => {
	expect(keepWord(end, NOW)).toBe(words);
});

test('the choice says what it means, and what it cannot do', () => {
	const none = { ends: null, isEndForAll: false, threadEnds: null };
	expect(keepSentence(none, true, NOW)).toContain('until they delete it');
	const week = { ...none, ends: { after: 7 * DAY } };
	expect(keepSentence(week, true, NOW)).toMatch(/^It goes .* after 1 week, yours too/);
	expect(keepSentence(week, true, NOW)).toContain('copies it');
	expect(keepSentence(week, false, NOW)).toContain('cannot erase');
	expect(keepSentence({ ...week, isEndForAll: true }, true, NOW)).toContain('All that is written');
	const inThread = { ...none, threadEnds: { at: MAY_3 } };
	expect(keepSentence(inThread, true, NOW)).toMatch(/^All that is written here .* on 3 May/);
});
