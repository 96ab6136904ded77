/**
 * Whether the program stands on the home screen, and how it gets there. Installed it has a window and an
 * icon of its own, and the browser keeps its data more surely: Safari clears those of a page that was not
 * visited for seven days, unless it was put on the home screen.
 *
 * https://webkit.org/tracking-prevention/#deletion-of-all-website-data
 */

import type { Installing } from './view-program.ts';

/** Chromium's event, which TypeScript leaves out (https://wicg.github.io/manifest-incubations/). */
interface InstallPrompt extends Event {
	prompt(): Promise<{ readonly outcome: 'accepted' | 'dismissed' }>;
}

/** What it looks at of the page. */
export interface InstallPage {
	readonly target: EventTarget;
	readonly userAgent: string;
	readonly touchPoints: number;
	readonly isStandalone: boolean;
	/** Absent where the browser has no such question. */
	readonly registerProtocolHandler?: (scheme: string, url: string) => void;
}

export class InstallingState implements Installing {
	readonly takeMailLinks: Installing['takeMailLinks'];
	readonly #isApple: boolean;
	#prompt = $state.raw<InstallPrompt | null>(null);
	#isInstalled = $state(false);

	/** To be made early: the browser offers it once, while the page loads. */
	constructor(page: InstallPage, appUrl: string) {
		const { target, registerProtocolHandler } = page;
		this.#isApple = isApple(page);
		this.#isInstalled = page.isStandalone;
		this.takeMailLinks =
			registerProtocolHandler === undefined
				? null
				: () => registerProtocolHandler('mailto', `${appUrl}#/write/%s`);
		target.addEventListener('beforeinstallprompt', (event) => {
			if (!isInstallPrompt(event)) return;
			event.preventDefault(); // asked when the person wants to, not when the browser does
			this.#prompt = event;
		});
		target.addEventListener('appinstalled', () => {
			this.#prompt = null;
			this.#isInstalled = true;
		});
	}

	get way(): Installing['way'] {
		if (this.#isInstalled) return 'installed';
		if (this.#prompt !== null) return 'prompt';
		return this.#isApple ? 'share-sheet' : 'browser-menu';
	}

	async install(): Promise<boolean> {
		const prompt = this.#prompt;
		if (prompt === null) return false;
		this.#prompt = null; // may be shown once
		const { outcome } = await prompt.prompt();
		return outcome === 'accepted';
	}
}

export function thisPage(): InstallPage {
	const mayRegister = 'registerProtocolHandler' in navigator;
	return {
		target: window,
		userAgent: navigator.userAgent,
		touchPoints: navigator.maxTouchPoints,
		isStandalone:
			matchMedia('(display-mode: standalone), (display-mode: window-controls-overlay)').matches ||
			Reflect.get(navigator, 'standalone') === true, // Safari on iOS
		...(mayRegister && {
			registerProtocolHandler: (scheme: string, url: string) =>
				navigator.registerProtocolHandler(scheme, url)
		})
	};
}

function isInstallPrompt(event: Event): event is InstallPrompt {
	return 'prompt' in event && typeof event.prompt === 'function';
}

/** An iPad says that it is a Macintosh; no Macintosh has a touch screen. */
function isApple({ userAgent, touchPoints }: InstallPage): boolean {
	return /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1);
}
