import { expect, test } from 'vitest';
import { countsSentence, damagedSentence, takenSentence } from './sentences.ts';

const NOTHING = { brought: 0, duplicates: 0, unread: 0, others: 0, damaged: 0 };

test('the counts are said in one line, and nothing is said of what there was none of', () => {
	expect(countsSentence({ ...NOTHING, brought: 12_340, duplicates: 310, unread: 2 })).toBe(
		'12,340 messages, 310 duplicates left out, 2 could not be read: kept as files'
	);
	expect(countsSentence({ ...NOTHING, brought: 1 })).toBe('1 message');
});

test('damaged files are named, as far as they are known', () => {
	expect(damagedSentence(NOTHING)).toBeNull();
	const counts = { ...NOTHING, damaged: 3, damagedNames: ['a.eml', 'b.zip'] };
	// With or without a comma, as the language has it.
	expect(damagedSentence(counts)).toMatch(/^Not read to the end: a\.eml, b\.zip,? and 1 more$/);
});

test('what went without its files is said', () => {
	const taken = { messages: 2, missingFiles: 1, ending: 0, isStopped: false };
	expect(takenSentence(taken)).toBe('2 messages written, 1 file missing, for nobody has it now');
});
