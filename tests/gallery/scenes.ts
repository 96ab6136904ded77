import type { Row } from '../../src/lib/app/view.ts';
import { CHOIR, HOUSE, NOW, UNMARKED } from './fixture/mail.ts';
import { HARD_ROWS, USUAL, type Scene } from './fixture/app.svelte.ts';

/** One of each mark. */
const ORGANISED = USUAL.rows.map((row, at): Row => {
	if (at === 2) return { ...row, marks: { ...UNMARKED, isPinned: true, isStarred: true } };
	if (at === 0) return { ...row, labels: [HOUSE, CHOIR], marks: { ...UNMARKED, isStarred: true } };
	if (at === 1)
		return { ...row, time: NOW - 300_000, marks: { ...UNMARKED, snoozedUntil: NOW - 300_000 } };
	if (at === 3) return { ...row, marks: { ...UNMARKED, isMuted: true } };
	if (at === 4) return { ...row, marks: { ...UNMARKED, snoozedUntil: NOW + 86_400_000 } };
	return row;
});

const SCENES: Record<string, Partial<Scene>> = {
	usual: {},
	tour: { hasTour: true, areWordsConfirmed: false },
	words: { areWordsConfirmed: false },
	empty: { isEmpty: true, areWordsConfirmed: false, connection: 'relay' },
	loading: { isLoading: true },
	offline: { connection: 'offline' },
	waiting: { connection: 'waiting' },
	full: { isFull: true },
	stuck: { isStuck: true },
	'relay-full': { connection: 'relay', obstacle: 'relay-full' },
	'quota-full': { obstacle: 'quota-full' },
	hard: { rows: HARD_ROWS },
	labels: { hasManyLabels: true, rows: ORGANISED },
	many: { rows: manyRows(10_000) },
	'letter-open': { letter: { kind: 'open', name: 'Rosa', until: NOW + 7 * 86_400_000 } },
	guest: { letter: { kind: 'entered' }, areWordsConfirmed: false },
	welcome: { phase: { at: 'welcome', isFleeting: false } },
	fleeting: { phase: { at: 'welcome', isFleeting: true } },
	insecure: { phase: { at: 'unsupported', reason: 'insecure' } }
};

/** As many as a mailbox holds after some years, four a day. */
function manyRows(count: number): Row[] {
	return Array.from({ length: count }, (_, at) => {
		const row = USUAL.rows[at % USUAL.rows.length];
		if (!row) throw new Error('the usual inbox is empty');
		return { ...row, id: `many-${String(at)}`, time: NOW - at * 6 * 3_600_000 };
	});
}

export function sceneOf(name: string): Scene {
	return { ...USUAL, ...SCENES[name] };
}
