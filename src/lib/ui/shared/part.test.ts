import { expect, test } from 'vitest';
import type { Delivery, Person, Refusal, Thread } from '../../app/view.ts';
import { isThere, isUnderway } from './delivery.ts';
import { partIn } from './part.ts';

const person = (name: string): Person => ({
	...{ name, address: `${name}@k`, isMe: name === 'me', badge: 'known' as const }
});
const [me, mira, tom] = [person('me'), person('mira'), person('tom')];

function refused(who: Person, refusal: Refusal): Delivery {
	return { person: who, state: 'refused', holders: 0, times: {}, refusal };
}

const delivered = (who: Person): Delivery => ({
	...{ person: who, state: 'delivered', holders: 0, times: {}, refusal: null }
});

/** Of a thread, what its reader's part is read from. */
function thread(
	members: readonly Person[],
	recipients: readonly Delivery[],
	gone: { readonly by: Person; readonly gone: readonly Person[] } | null = null
): Thread {
	const comings = gone === null ? [] : [{ ...gone, added: [], at: 0 }];
	return { members, comings, messages: [{ recipients }] } as unknown as Thread;
}

test('a member is one until all recipients of the last message say that they know of a removal', () => {
	const [removed, unknown] = [refused(mira, 'removed'), refused(tom, 'not-a-member')];
	expect(partIn(thread([me, mira, tom], []))).toBe('member');
	expect(partIn(thread([me, mira, tom], [removed, delivered(tom)]))).toBe('member');
	expect(partIn(thread([me, mira, tom], [removed, refused(tom, 'blocked')]))).toBe('member');
	expect(partIn(thread([me, mira, tom], [removed, unknown]))).toBe('removed');
});

test('who is no member has left, or was removed', () => {
	expect(partIn(thread([mira, tom], [], { by: me, gone: [me] }))).toBe('left');
	expect(partIn(thread([mira, tom], [], { by: mira, gone: [me] }))).toBe('removed');
});

test('what was refused is neither there nor underway', () => {
	expect([isThere, isUnderway].map((is) => is(refused(mira, 'blocked')))).toEqual([false, false]);
	const noticed = { ...delivered(mira), state: 'noticed' } as const;
	expect([isThere, isUnderway].map((is) => is(noticed))).toEqual([false, true]);
	expect([isThere, isUnderway].map((is) => is(delivered(mira)))).toEqual([true, false]);
});
