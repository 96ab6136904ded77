/** One person's browser: a Chromium with a profile folder of its own on disk, as in real life. */
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
	CHROMIUM_FLAGS,
	findChromium,
	findHeadlessChromium
} from '../../../scripts/find-browser.mjs';

type LaunchOptions = NonNullable<Parameters<typeof chromium.launchPersistentContext>[1]>;

export interface ProfileOptions {
	/** Runs in every page before its own scripts, also after `reopen`. */
	readonly initScript?: string;
	/** As chosen under Settings; what a scenario writes goes out at once unless it says otherwise. */
	readonly undoSeconds?: number;
	readonly viewport?: LaunchOptions['viewport'];
	readonly colorScheme?: LaunchOptions['colorScheme'];
	readonly isMobile?: boolean;
	readonly deviceScaleFactor?: number;
	/** Fills the profile folder before the browser starts for the first time. */
	readonly prepare?: (folder: string) => Promise<void>;
	/** Faults that the scenario is about to provoke. */
	readonly provoked?: RegExp;
	/** In Chromium as people have it, with permissions to ask for; else without windows of its own. */
	readonly isWhole?: boolean;
	/** Further flags of Chromium. */
	readonly flags?: readonly string[];
}

/** An `initScript` for a browser that cannot connect directly, as WebKitGTK and Tor Browser. */
export const WITHOUT_WEBRTC =
	'delete globalThis.RTCPeerConnection; delete globalThis.RTCDataChannel;';

/** Nobody can answer the browser's own dialog of where to save: it saves among the downloads. */
const WITHOUT_PICKER = 'delete globalThis.showSaveFilePicker;';

export interface Profile {
	readonly name: string;
	/** Profile folder on disk. */
	readonly folder: string;
	/** Of the running browser: another object after `reopen`. */
	readonly context: BrowserContext;
	/** First tab of the running browser: another object after `reopen`. */
	readonly page: Page;
	/** Opens a further tab, whose errors are collected too. */
	newTab(): Promise<Page>;
	/** Everything the tabs wrote to the console, in order, as `error: text`. */
	readonly console: readonly string[];
	/** Uncaught exceptions and breaches of the Content Security Policy: never right. */
	readonly faults: readonly string[];
	/** Closes the browser as its user would. */
	close(): Promise<void>;
	/** Ends the browser in the middle of whatever it does; nothing gets a chance to clean up. */
	kill(): Promise<void>;
	/** Starts the closed or killed browser again on the same profile, with one empty tab. */
	reopen(): Promise<void>;
	/** Closes the browser and removes the folder. */
	dispose(): Promise<void>;
}

export async function createProfile(name: string, options: ProfileOptions = {}): Promise<Profile> {
	const folder = mkdtempSync(path.join(os.tmpdir(), `defms-${name}-`));
	const log: string[] = [];
	const faults: string[] = [];
	let context: BrowserContext | null = null;
	let page: Page | null = null;

	const running = <T>(part: T | null): T => {
		if (part === null) throw new Error(`${name}'s browser is closed`);
		return part;
	};
	const reopen = async () => {
		if (context) throw new Error(`${name}'s browser is open`);
		context = await launch(folder, options);
		const note = (fault: string) => {
			if (options.provoked?.test(fault) !== true) faults.push(`${name}: ${fault}`);
		};
		context.on('page', (tab) => watch(tab, log, note));
		for (const tab of context.pages()) watch(tab, log, note);
		page = context.pages()[0] ?? (await context.newPage());
	};
	const forget = () => {
		const last = context;
		context = null;
		page = null;
		return last;
	};

	await options.prepare?.(folder);
	await reopen().catch((error: unknown) => {
		rmSync(folder, { recursive: true, force: true });
		throw error;
	});
	return {
		name,
		folder,
		console: log,
		faults,
		get context() {
			return running(context);
		},
		get page() {
			return running(page);
		},
		newTab: () => running(context).newPage(),
		reopen,
		close: async () => forget()?.close(),
		kill: async () => crash(running(forget())),
		async dispose() {
			await forget()?.close();
			rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
		}
	};
}

async function launch(folder: string, options: ProfileOptions): Promise<BrowserContext> {
	const { initScript, flags = [], undoSeconds = 0, isWhole = false, ...more } = options;
	const { prepare: _, provoked: __, ...rest } = more;
	const executablePath = await (isWhole ? findChromium() : findHeadlessChromium());
	if (!executablePath) throw new Error('no Chromium found; set CHROMIUM_PATH');
	const context = await chromium.launchPersistentContext(folder, {
		executablePath,
		headless: true,
		args: [...CHROMIUM_FLAGS, ...flags],
		...rest
	});
	await context.addInitScript(WITHOUT_PICKER);
	await context.addInitScript(chooseUndo, undoSeconds);
	if (initScript) await context.addInitScript(initScript);
	return context;
}

/** Runs in every page and frame; a frame without an origin has no storage. */
function chooseUndo(seconds: number): void {
	try {
		if (localStorage.getItem('defms-undo-send') !== null) return;
		localStorage.setItem('defms-undo-send', String(seconds));
	} catch {
		// It shows a mail, and sends none.
	}
}

function watch(page: Page, log: string[], note: (fault: string) => void): void {
	page.on('console', (message) => {
		log.push(`${message.type()}: ${message.text()}`);
		if (/Content Security Policy/.test(message.text())) note(message.text());
	});
	page.on('pageerror', (error) => {
		const text = `${error.name}: ${error.message}\n${error.stack ?? ''}`.trim();
		log.push(`uncaught: ${text}`);
		note(text);
	});
}

/** The browser's own command to crash ends it at once, on every system, with all its children. */
async function crash(context: BrowserContext): Promise<void> {
	const browser = context.browser();
	if (!browser) throw new Error('this Playwright gives no browser to a persistent profile');
	const gone = new Promise((resolve) => browser.once('disconnected', resolve));
	const session = await browser.newBrowserCDPSession();
	// The answer never comes: the one who would send it is gone.
	session.send('Browser.crash').catch(() => undefined);
	await gone;
}
