import { HARD_ROWS, USUAL, type Scene } from './fixture/app.svelte.ts';

const SCENES: Record<string, Partial<Scene>> = {
	usual: {},
	words: { areWordsConfirmed: false },
	empty: { isEmpty: true, areWordsConfirmed: false, connection: 'relay' },
	loading: { isLoading: true },
	offline: { connection: 'offline' },
	waiting: { connection: 'waiting' },
	full: { isFull: true },
	hard: { rows: HARD_ROWS },
	welcome: { phase: { at: 'welcome', isFleeting: false } },
	fleeting: { phase: { at: 'welcome', isFleeting: true } },
	insecure: { phase: { at: 'unsupported', reason: 'insecure' } }
};

export function sceneOf(name: string): Scene {
	return { ...USUAL, ...SCENES[name] };
}
