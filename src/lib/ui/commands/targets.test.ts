import { expect, test } from 'vitest';
import type { Row } from '../../app/view.ts';
import type { Scene } from './command.ts';
import { answerTarget, areAll, draftTargets, threadTargets } from './targets.ts';

const marks = { isStarred: false, isPinned: false, isMuted: false, snoozedUntil: null };
const row = (id: string, kind: Row['kind'] = 'thread', isStarred = false) =>
	({ id, kind, marks: { ...marks, isStarred } }) as Row;

const ROWS = [row('roof'), row('choir', 'thread', true), row('begun', 'draft'), row('keys')];

/** Of three panes: what is chosen, what has the focus in the list, and what is open beside it. */
function scene(openId: string | null, focused: string | null, ...chosen: string[]): Scene {
	const list = {
		rows: ROWS,
		selection: { has: (id: string) => chosen.includes(id) },
		focusedId: () => focused
	};
	const route = openId === null ? { at: 'list', place: 'inbox' } : { at: 'thread', id: openId };
	return { stage: { list, thread: null }, router: { route } } as unknown as Scene;
}

test('with the focus in what is open, or nowhere, that is meant', () => {
	expect(threadTargets(scene('roof', null))).toEqual(['roof']);
	expect(answerTarget(scene('roof', null))).toBe('roof');
	expect(threadTargets(scene(null, null))).toEqual([]);
	expect(answerTarget(scene(null, null))).toBeNull();
});

test('a row in focus is meant, not the conversation that is open beside it', () => {
	const it = scene('roof', 'choir');
	expect(threadTargets(it)).toEqual(['choir']);
	expect(answerTarget(it)).toBe('choir');
	expect(areAll(it, ({ isStarred }) => isStarred)).toBe(true);
});

test('a draft in focus: nothing becomes of the conversation beside it', () => {
	const it = scene('roof', 'begun');
	expect(threadTargets(it)).toEqual([]);
	expect(draftTargets(it)).toEqual(['begun']);
	expect(answerTarget(it)).toBeNull();
});

test('what is chosen comes before both', () => {
	const it = scene('roof', 'choir', 'keys', 'begun');
	expect(threadTargets(it)).toEqual(['keys']);
	expect(draftTargets(it)).toEqual(['begun']);
});

test('a command that was asked of something means that alone', () => {
	const it = { ...scene('roof', 'choir', 'keys'), ids: ['roof'] };
	expect(threadTargets(it)).toEqual(['roof']);
	expect(draftTargets(it)).toEqual([]);
});
