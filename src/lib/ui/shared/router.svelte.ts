import { createContext } from 'svelte';
import { on } from 'svelte/events';
import type { Place } from '../../app/view.ts';
import { layers } from './layers.ts';
import { parseRoute, routeToFragment, type Route } from './route.ts';
import { noteStep, pushStep, readStep, type Step } from './step.ts';

/**
 * The fragment as state. The browser's own history is the only history: a page is one entry in it, and
 * each layer that is put over a page one more, so that Back takes that off and stays. A layer that is closed
 * otherwise leaves its entry for the next one; Back and Forward step over it.
 */
export class Router {
	#route = $state.raw(parseRoute(location.hash));
	/** The list that stays beside an open thread. */
	#place = $state.raw<Place>(this.#route.at === 'list' ? this.#route.place : 'inbox');
	#fragment = location.hash;
	#step: Step;
	/** To be done when the browser has gone back to the page's own entry. */
	#then: (() => void) | null = null;

	constructor() {
		const known = readStep();
		this.#step = known ?? { at: 0, over: 0, depth: 0, behind: null, place: this.#place };
		if (this.#route.at !== 'list') this.#place = this.#step.place;
		// After a reload nothing lies over the page.
		this.#note({ ...this.#step, over: 0 });
	}

	get route(): Route {
		return this.#route;
	}

	get place(): Place {
		return this.#place;
	}

	/** Follows the address bar until the returned function is called. */
	listen(): () => void {
		layers.onchange = () => this.#coverOrUncover();
		const offs = [
			on(window, 'popstate', () => this.#arrive()),
			on(window, 'hashchange', () => this.#follow()),
			// Not before: browsers pass over what a page adds to its history by itself.
			on(window, 'click', () => this.#layGround(), { capture: true }),
			on(window, 'keydown', () => this.#layGround(), { capture: true })
		];
		return () => {
			layers.onchange = () => undefined;
			for (const off of offs) off();
		};
	}

	/** `isReplacing`: leaves no step to come back to. */
	go(route: Route, isReplacing = false): void {
		const fragment = routeToFragment(route);
		if (!isReplacing) {
			location.hash = fragment;
			this.#arrive();
		} else if (this.#step.depth > 0) {
			this.#then = () => this.#replace(fragment);
			history.go(-this.#step.depth);
		} else this.#replace(fragment);
	}

	/**
	 * To the list, and from a composer to the conversation that it was opened from: by the browser's own step
	 * back where that is where we came from.
	 */
	close(): void {
		const { behind, depth } = this.#step;
		const before = behind === null ? null : parseRoute(behind);
		const isList = before?.at === 'list' && before.place === this.#place;
		if (isList || (before?.at === 'thread' && this.#route.at === 'compose')) {
			history.go(-depth - 1);
		} else this.go({ at: 'list', place: this.#place }, true);
	}

	#replace(fragment: string): void {
		const { at, behind } = this.#step;
		location.replace(fragment);
		this.#note({ ...this.#new(), at, behind });
	}

	/** On an entry: one that is known, or one that a link or `go` has just made. */
	#arrive(): void {
		const from = this.#step;
		const step = readStep();
		if (step === null) {
			this.#note({ ...this.#new(), at: from.at + 1, behind: this.#fragment });
			return;
		}
		if (step.at === from.at) return;
		this.#step = step;
		const then = this.#then;
		this.#then = null;
		if (layers.count > step.over) layers.closeTo(step.over);
		else if (then === null) this.#stepOver(from, step);
		this.#coverOrUncover();
		then?.();
	}

	/** Where nothing was to be closed, going between entries of one page would show nothing. */
	#stepOver(from: Step, { at, depth, over }: Step): void {
		if (at === from.at - 1 && depth === from.depth - 1) history.back();
		else if (at > from.at && depth > 0 && over > layers.count) history.forward();
	}

	#follow(): void {
		this.#arrive();
		if (location.hash === this.#fragment) return;
		this.#fragment = location.hash;
		this.#route = parseRoute(this.#fragment);
		this.#place = this.#route.at === 'list' ? this.#route.place : this.#step.place;
		if (this.#place !== this.#step.place) this.#note({ ...this.#step, place: this.#place });
	}

	#coverOrUncover(): void {
		// A link may have led on already.
		if (readStep() === null) this.#arrive();
		const { at, over, depth } = this.#step;
		const { count } = layers;
		if (count > over) {
			pushStep({ ...this.#step, at: at + 1, over: count, depth: depth + 1 });
			this.#step = readStep() ?? this.#step;
		} else if (depth === 0 && count < over) this.#note({ ...this.#step, over: count });
	}

	/**
	 * Whoever comes in by a notification, a shared link or a bookmark has no list behind them: Back would
	 * leave the app. It is laid there with the first press of a button or a key.
	 */
	#layGround(): void {
		const { at, behind, depth } = this.#step;
		if (behind !== null || depth > 0 || !hasList(this.#route)) return;
		const fragment = this.#fragment;
		const list = routeToFragment({ at: 'list', place: this.#place });
		this.#replace(list);
		location.hash = fragment;
		this.#note({ ...this.#new(), at: at + 1, behind: list });
	}

	#new(): Step {
		return { at: 0, over: layers.count, depth: 0, behind: null, place: this.#place };
	}

	#note(step: Step): void {
		this.#step = step;
		noteStep(step);
	}
}

/** What stands above a list. A letter and an invite come before there need be any; a share is one step. */
function hasList({ at }: Route): boolean {
	return at !== 'list' && at !== 'letter' && at !== 'invite' && at !== 'write' && at !== 'shared';
}

export const [getRouter, setRouter] = createContext<Router>();
