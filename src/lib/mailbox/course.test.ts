import { expect, test } from 'vitest';
import {
	addressOf,
	contactOf,
	partyOf,
	peopleWith,
	threadOf,
	type Name
} from '../../../tests/mailbox/records.ts';
import type { DraftRecord } from '../post/records.ts';
import { courseOf, historyOf } from './course.ts';
import { formatRecipient } from './drafts.ts';

const people = peopleWith(contactOf('bob'), contactOf('carol'));
const ofThree = { members: [addressOf('alice'), addressOf('bob'), addressOf('carol')] };

const typed = (name: Name) => formatRecipient(partyOf(name).name, `x@${addressOf(name)}.ipns`);

function course(
	to: readonly Name[],
	{ mayAdd = true, kind = 'replyAll' as DraftRecord['kind'], members = ofThree.members } = {}
) {
	const circle = { mayAdd, mayRemove: false, events: [] };
	const thread = threadOf('roof', [], { members, circle });
	const found = courseOf(people, thread, {
		kind,
		to: to.slice(0, 1).map(typed),
		cc: to.slice(1).map(typed)
	});
	if (found === null) return null;
	const whom = found.kind === 'adds' ? found.added : found.without;
	return [found.kind, ...whom.map(({ name }) => name)];
}

test('an answer to the members goes on, and says nothing', () => {
	expect(course(['bob', 'carol'])).toBeNull();
	expect(course([])).toBeNull();
	expect(course(['bob'], { kind: 'forward' })).toBeNull();
	expect(courseOf(people, undefined, { kind: 'new', to: [typed('bob')], cc: [] })).toBeNull();
});

test('with one more it adds, under the name that was typed', () => {
	expect(course(['bob', 'carol', 'mallory'])).toEqual(['adds', 'Mallory']);
});

test('with one less it parts, also where somebody is new', () => {
	expect(course(['bob'])).toEqual(['parts', 'Carol']);
	expect(course(['bob', 'mallory'])).toEqual(['parts', 'Carol']);
});

test('it parts where nobody may be added, or one has left', () => {
	expect(course(['bob', 'carol', 'mallory'], { mayAdd: false })).toEqual(['parts']);
	const members = [addressOf('bob'), addressOf('carol')];
	expect(course(['bob', 'carol'], { members })).toEqual(['parts']);
});

test('a thread of 0.1, whose row says nothing, takes more people', () => {
	const thread = threadOf('roof', []);
	const to = [typed('bob'), typed('carol')];
	expect(courseOf(people, thread, { kind: 'reply', to, cc: [] })?.kind).toBe('adds');
});

test('what newcomers read is as chosen, else as last time', () => {
	expect(historyOf(undefined, {})).toBe('none');
	expect(historyOf({ history: 'all' }, {})).toBe('all');
	expect(historyOf({ history: 'all' }, { history: 'none' })).toBe('none');
});
