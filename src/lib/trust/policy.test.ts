import { expect, test } from 'vitest';
import { judge } from './policy.ts';

const stranger = { tier: null, isKnownThread: false, token: 'none' } as const;

test('a stranger without an invite waits in Requests, body unfetched', () => {
	expect(judge(stranger)).toEqual({ kind: 'requests' });
	expect(judge({ ...stranger, token: 'spent' })).toEqual({ kind: 'requests' });
});

test('an invited stranger comes in and becomes a contact', () => {
	expect(judge({ ...stranger, token: 'valid' })).toEqual({ kind: 'inbox', makesContact: true });
});

test('a contact comes in', () => {
	expect(judge({ ...stranger, tier: 'known' })).toEqual({ kind: 'inbox', makesContact: false });
	expect(judge({ ...stranger, tier: 'trusted' })).toEqual({ kind: 'inbox', makesContact: false });
});

test('a member of a thread that stands here comes in, and stays what they were', () => {
	expect(judge({ ...stranger, tier: 'unknown', isKnownThread: true })).toEqual({
		kind: 'inbox',
		makesContact: false
	});
});

test('blocking comes before an invite and before a known thread', () => {
	const blocked = { tier: 'blocked', isKnownThread: true, token: 'valid' } as const;
	expect(judge(blocked)).toEqual({ kind: 'refused', reason: 'blocked' });
});
