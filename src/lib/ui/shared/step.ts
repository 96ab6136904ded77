import type { Place } from '../../app/view.ts';
import { parseRoute } from './route.ts';

/** What we note of an entry of the browser's history; it outlives a reload. */
export interface Step {
	/** Counts the entries of this tab. */
	readonly at: number;
	/** How many layers lay over the page where this entry was made (`layers.ts`). */
	readonly over: number;
	/** Entries of the same page below this one, each for a layer that was put on it; 0: the page's own. */
	readonly depth: number;
	/** The fragment of the page before; null: whoever goes back from here leaves the app. */
	readonly behind: string | null;
	/** The list that stays beside what is open. */
	readonly place: Place;
}

const KEY = 'defms';

/** @returns null: an entry that we have not seen, as a link makes them */
export function readStep(): Step | null {
	const state = stateOf(history.state)[KEY];
	const { at, over, depth, behind, place } = stateOf(state);
	if (typeof at !== 'number' || typeof over !== 'number' || typeof depth !== 'number') return null;
	const route = parseRoute(typeof place === 'string' ? place : '');
	return {
		...{ at, over, depth, behind: typeof behind === 'string' ? behind : null },
		place: route.at === 'list' ? route.place : 'inbox'
	};
}

/** Beside what others have noted there. */
export function noteStep(step: Step): void {
	history.replaceState(withStep(step), '');
}

/** The same page once more, for Back to come to. */
export function pushStep(step: Step): void {
	history.pushState(withStep(step), '');
}

function withStep({ place, ...step }: Step): Readonly<Record<string, unknown>> {
	return { ...stateOf(history.state), [KEY]: { ...step, place: `#/${place}` } };
}

function stateOf(state: unknown): Readonly<Record<string, unknown>> {
	return typeof state === 'object' && state !== null ? { ...state } : {};
}
