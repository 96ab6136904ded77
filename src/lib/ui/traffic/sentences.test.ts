import { expect, test } from 'vitest';
import type { Left } from '../../app/view.ts';
import { departureSentences } from './sentences.ts';

const BASE = { id: 'a/1', time: 0, by: 'page' } as const;
const request = (fields: Partial<Extract<Left, { kind: 'request' }>>): Left => ({
	...{ ...BASE, kind: 'request', what: 'keep', to: 'https://post.example:8443/base' },
	...{ bytes: 262_144, pieces: 3, isSigned: true, via: null },
	...fields
});

test('three pieces, by number, size and host', () => {
	const told = departureSentences(request({}));
	expect(told.did.replaceAll('\u00a0', ' ')).toMatch(/^Stored 3 sealed pieces, 26\d kB|256 KiB/i);
	expect(told.to).toBe('post.example:8443');
	expect(told.sees).toContain('your mailbox asks');
});

test('a knock names the office, and nobody', () => {
	const told = departureSentences(
		request({ what: 'knock', pieces: null, via: 'https://there.example/' })
	);
	expect(told.did).toBe('Asked it to knock at there.example');
	expect(told.hidden).toContain('Whose slot');
});

test('who is not told who asks, is said to be', () => {
	expect(departureSentences(request({ what: 'fetch', isSigned: false })).sees).toContain(
		'not told whose browser'
	);
});

test('a direct connection says who sees the network address', () => {
	const told = departureSentences({ ...BASE, kind: 'direct', to: 'post.example', isOurs: true });
	expect(told.sees).toContain('The other browser sees your network address');
});
