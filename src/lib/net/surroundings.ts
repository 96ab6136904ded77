/** What the page tells the network: it came back, or it goes. */

import type { Surroundings } from './supervisor.ts';

/** In Node, where nothing sleeps: always online, never woken. */
export function pageSurroundings(): Surroundings {
	if (!('document' in globalThis)) return { isOnline: () => true, onWake: () => () => undefined };
	return {
		isOnline: () => globalThis.navigator.onLine,
		onWake(listener) {
			const onVisible = (): void => {
				if (document.visibilityState === 'visible') listener();
			};
			globalThis.addEventListener('online', listener);
			globalThis.addEventListener('offline', listener);
			globalThis.addEventListener('pageshow', listener);
			document.addEventListener('visibilitychange', onVisible);
			return () => {
				globalThis.removeEventListener('online', listener);
				globalThis.removeEventListener('offline', listener);
				globalThis.removeEventListener('pageshow', listener);
				document.removeEventListener('visibilitychange', onVisible);
			};
		}
	};
}

/**
 * `hide` when the page goes, `show` when the browser takes it back as it was (bfcache). A node that
 * only vanishes confuses its peers for some ten seconds after a reload (js-libp2p #1835).
 */
export function onPageLife(hide: () => void, show: () => void): () => void {
	if (!('document' in globalThis)) return () => undefined;
	const onShow = ({ persisted }: PageTransitionEvent): void => {
		if (persisted) show();
	};
	globalThis.addEventListener('pagehide', hide);
	globalThis.addEventListener('pageshow', onShow);
	return () => {
		globalThis.removeEventListener('pagehide', hide);
		globalThis.removeEventListener('pageshow', onShow);
	};
}
