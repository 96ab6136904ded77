import { expect, test } from 'vitest';
import type { Draft } from '../../app/view.ts';
import { isUntouched } from './leave.ts';

const EMPTY: Draft = {
	id: 'a',
	origin: 'new',
	threadId: null,
	to: [],
	cc: [],
	bcc: [],
	subject: '',
	html: '<div><br></div>',
	text: '',
	isOnRecord: false,
	isPlain: false,
	history: 'none',
	...{ ends: null, isEndForAll: false, threadEnds: null },
	course: null,
	attachments: [],
	...{ signature: '', savedAt: null, heldUntil: null, heldBack: null },
	edit: () => undefined,
	flush: () => Promise.resolve(),
	addFiles: () => undefined,
	removeFile: () => undefined,
	send: () => Promise.reject(new Error('not sent here')),
	hold: () => Promise.reject(new Error('not sent here'))
};
const tom = { text: 'Tom', name: 'Tom', address: 'tom@k', standing: 'reachable' } as const;

test('only a draft in which nothing was written is untouched', () => {
	expect(isUntouched(EMPTY)).toBe(true);
	expect(isUntouched({ ...EMPTY, origin: 'reply', to: [tom], subject: 'Re: x' })).toBe(true);
	expect(isUntouched({ ...EMPTY, origin: 'reply', text: 'x' })).toBe(false);
	const signed = { ...EMPTY, signature: '-- \nMira  Roof\n\nKiel' };
	expect(isUntouched({ ...signed, text: '\n\n-- \nMira Roof\n\nKiel' })).toBe(true);
	expect(isUntouched({ ...signed, text: 'x\n-- \nMira Roof\n\nKiel' })).toBe(false);
	expect(isUntouched({ ...EMPTY, to: [tom] })).toBe(false);
	expect(isUntouched({ ...EMPTY, subject: 'x' })).toBe(false);
	expect(isUntouched({ ...EMPTY, text: 'x' })).toBe(false);
	expect(isUntouched({ ...EMPTY, origin: 'forward', to: [] })).toBe(false);
});

test('what is written below the signature, or like one, is written', () => {
	const signed = { ...EMPTY, signature: '-- \nMira' };
	expect(isUntouched({ ...signed, text: '\n-- \nMira\n\nCome at nine.' })).toBe(false);
	expect(isUntouched({ ...signed, text: '\n-- \nMira Kessler' })).toBe(false);
	expect(isUntouched({ ...EMPTY, text: '--\nCome at nine.' })).toBe(false);
});
