import type { Row } from '../../src/lib/app/view.ts';
import { NOW } from './fixture/mail.ts';
import { HARD_ROWS, USUAL, type Scene } from './fixture/app.svelte.ts';

const SCENES: Record<string, Partial<Scene>> = {
	usual: {},
	words: { areWordsConfirmed: false },
	empty: { isEmpty: true, areWordsConfirmed: false, connection: 'relay' },
	loading: { isLoading: true },
	offline: { connection: 'offline' },
	waiting: { connection: 'waiting' },
	full: { isFull: true },
	'relay-full': { connection: 'relay', obstacle: 'relay-full' },
	'quota-full': { obstacle: 'quota-full' },
	hard: { rows: HARD_ROWS },
	many: { rows: manyRows(10_000) },
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
