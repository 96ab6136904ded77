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
	/** Of the entry that `#step` is about; the screen follows a moment later. */
	#standing = location.hash;
	#step: Step;
	/** The entry that is being left by its own button: another press would leave the one behind it, too. */
	#closing: number | null = null;
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
			on(window, 'popstate', () => offs.push(this.#lastToHear()), { once: true }),
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
	 * To the list that it stands in, and from a composer to the conversation that it was opened from: by the
	 * browser's own step back where that is where we came from.
	 */
	close(): void {
		const { at, behind, depth } = this.#step;
		if (this.#closing === at) return;
		const parent = parentOf(this.#route, this.#place);
		const isParent = behind === routeToFragment(parent);
		const isAnswered =
			this.#route.at === 'compose' && behind !== null && parseRoute(behind).at === 'thread';
		if (isParent || isAnswered) {
			this.#closing = at;
			history.go(-depth - 1);
		} else this.go(parent, true);
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
			this.#note({ ...this.#new(), at: from.at + 1, behind: this.#standing });
			return;
		}
		if (step.at === from.at) return;
		this.#closing = null;
		this.#step = step;
		this.#standing = location.hash;
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

	/** Kit notes its own at each link, which is taken away again: it listens since before the first step. */
	#lastToHear(): () => void {
		return on(window, 'hashchange', () => this.#note(this.#step));
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
		const list = routeToFragment(parentOf(this.#route, this.#place));
		noteStep({ ...this.#new(), at, over: 0 }, list);
		this.#step = { ...this.#new(), at: at + 1, behind: list };
		pushStep(this.#step, this.#fragment);
	}

	#new(): Step {
		return { at: 0, over: layers.count, depth: 0, behind: null, place: this.#place };
	}

	#note(step: Step): void {
		this.#step = step;
		this.#standing = location.hash;
		noteStep(step);
	}
}

/** The list that it stands in. */
function parentOf(route: Route, place: Place): Route {
	const isOfPeople = route.at === 'group' || (route.at === 'people' && route.address !== null);
	return isOfPeople ? { at: 'people', address: null } : { at: 'list', place };
}

/** What stands above a list. A letter and an invite come before there need be any; a share is one step. */
function hasList({ at }: Route): boolean {
	return at !== 'list' && at !== 'letter' && at !== 'invite' && at !== 'write' && at !== 'shared';
}

export const [getRouter, setRouter] = createContext<Router>();
