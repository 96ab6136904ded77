/** The service worker as the page sees it: registered, told to drain, replaced when the person says so. */

import { Workbox } from 'workbox-window';

declare global {
	/** Background Sync (https://wicg.github.io/background-sync/spec/), which TypeScript leaves out. */
	interface ServiceWorkerRegistration {
		readonly sync?: { register(tag: string): Promise<void> };
	}
}

/** What the page says to its worker; `SKIP_WAITING` is Workbox's own word. */
export type WorkerWord =
	/**
	 * `leave`: as `drain`, and no page will do it; `hide`: the page may be ended without a word, what it
	 * holds is to go out when it is due.
	 */
	{ readonly type: 'drain' | 'leave' | 'hide' } | { readonly type: 'SKIP_WAITING' };

export interface WorkerLink {
	/** Posts the word in this very call; what was written is then handed over even without a page. */
	drain(): void;
	/** The same when this page goes: the worker does not wait for it. */
	leave(): void;
	/** The page is seen no more: what is held goes out when it is due, whatever becomes of the page. */
	hide(): void;
	/** Lets the waiting worker take over, then loads the page anew. */
	update(): void;
}

const UPDATE_MS = 60 * 60 * 1000;
/** The name of the Background Sync event (Chromium). */
const SYNC_TAG = 'drain';

/** Registers now. `onUpdateReady`: a newer version is downloaded and waits. */
export function linkWorker(appUrl: string, onUpdateReady: () => void): WorkerLink {
	const workbox = new Workbox(new URL('service-worker.js', appUrl).href, { scope: appUrl });
	let registration: ServiceWorkerRegistration | undefined;
	workbox.addEventListener('waiting', onUpdateReady);
	void workbox.register({ immediate: true }).then(
		(registered) => {
			registration = registered;
			if (registered) lookForUpdates(registered);
		},
		() => undefined // without one (private windows of Firefox) the page does everything itself
	);
	const say = (type: 'drain' | 'leave' | 'hide'): void => {
		const word: WorkerWord = { type };
		const { active, waiting, installing } = registration ?? {};
		// On a first visit none is active yet: the one that still fetches the app hears us, too.
		const worker = navigator.serviceWorker.controller ?? active ?? waiting ?? installing;
		worker?.postMessage(word);
		if (registration) void registerSync(registration);
	};
	return {
		drain: () => say('drain'),
		leave: () => say('leave'),
		hide: () => say('hide'),
		update() {
			// Another tab has let it take over already.
			if (!registration?.waiting) {
				location.reload();
				return;
			}
			workbox.addEventListener('controlling', () => location.reload());
			workbox.messageSkipWaiting();
		}
	};
}

/** Navigation inside the page never looks for a newer worker: we do. */
function lookForUpdates(registration: ServiceWorkerRegistration): void {
	const look = () => {
		if (document.visibilityState !== 'visible' || !navigator.onLine) return;
		registration.update().catch(() => undefined); // no network: the next look finds it
	};
	document.addEventListener('visibilitychange', look);
	setInterval(look, UPDATE_MS);
}

/** The browser then wakes the worker when the network is back, with no page open. */
async function registerSync(registration: ServiceWorkerRegistration): Promise<void> {
	await registration.sync?.register(SYNC_TAG).catch(() => undefined); // refused: the page drains
}
