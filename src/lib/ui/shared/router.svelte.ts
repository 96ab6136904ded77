import { createContext } from 'svelte';
import { on } from 'svelte/events';
import type { Place } from '../../app/view.ts';
import { parseRoute, routeToFragment, type Route } from './route.ts';

/** The fragment as state. The browser's own history is the only history. */
export class Router {
	#route = $state.raw(parseRoute(location.hash));
	/** The list that stays beside an open thread. */
	#place = $state.raw<Place>(this.#route.at === 'list' ? this.#route.place : 'inbox');
	#previous: Route | null = null;

	get route(): Route {
		return this.#route;
	}

	get place(): Place {
		return this.#place;
	}

	/** Follows the address bar until the returned function is called. */
	listen(): () => void {
		return on(window, 'hashchange', () => {
			this.#previous = this.#route;
			this.#route = parseRoute(location.hash);
			if (this.#route.at === 'list') this.#place = this.#route.place;
		});
	}

	/** `isReplacing`: leaves no step to come back to. */
	go(route: Route, isReplacing = false): void {
		const fragment = routeToFragment(route);
		if (isReplacing) location.replace(fragment);
		else location.hash = fragment;
	}

	/** To the list: by the browser's own step back where that is where we came from. */
	close(): void {
		const isBehind = this.#previous?.at === 'list' && this.#previous.place === this.#place;
		if (isBehind) history.back();
		else this.go({ at: 'list', place: this.#place }, true);
	}
}

export const [getRouter, setRouter] = createContext<Router>();
