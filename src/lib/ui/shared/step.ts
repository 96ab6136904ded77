import type { Place } from '../../app/view.ts';
import { parseRoute, routeToFragment } from './route.ts';

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

/**
 * In place of whatever was noted there: Kit's router counts the links that were followed, and would take a
 * page for the one it knows under the same number, and its links for links to where the reader is.
 */
export function noteStep(step: Step, fragment?: string): void {
	attempt(() => history.replaceState(toState(step), '', fragment));
}

/** One more entry; of the same page, unless another is named. */
export function pushStep(step: Step, fragment?: string): void {
	attempt(() => history.pushState(toState(step), '', fragment));
}

/** Safari takes a hundred in half a minute, and a key that is held down is faster. */
function attempt(change: () => void): void {
	try {
		change();
	} catch {
		// Back goes its plain way from there.
	}
}

function toState({ place, ...step }: Step): Readonly<Record<string, unknown>> {
	return { [KEY]: { ...step, place: routeToFragment({ at: 'list', place }) } };
}

function stateOf(state: unknown): Readonly<Record<string, unknown>> {
	return typeof state === 'object' && state !== null ? { ...state } : {};
}
