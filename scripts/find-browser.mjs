/** Finds a Chromium to test with. Installs nothing: that is `scripts/test.mjs`'s business. */
import { existsSync } from 'node:fs';
import path from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const FIXED_PLACES = [
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'
];

/**
 * @returns {Promise<string | null>} path of an executable: the one that CHROMIUM_PATH names, an
 * installed Chromium or Chrome, Playwright's own, in this order; null if there is none
 * @throws {Error} if CHROMIUM_PATH names a file that does not exist
 */
export async function findChromium() {
	const named = process.env['CHROMIUM_PATH'];
	if (named) {
		if (existsSync(named)) return named;
		throw new Error(`CHROMIUM_PATH names ${named}, which does not exist`);
	}
	const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder);
	const places = folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name)));
	return [...places, ...FIXED_PLACES].find((place) => existsSync(place)) ?? playwrightsOwn();
}

/** @returns {Promise<string | null>} */
async function playwrightsOwn() {
	const { chromium } = await import('playwright-core');
	const own = chromium.executablePath();
	return existsSync(own) ? own : null;
}

/** What makes Chromium quiet, offline towards its maker, and runnable as root in a container. */
export const CHROMIUM_FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	// Of several such flags Chromium heeds the last, so Playwright's own wishes are repeated here.
	// Pages find each other by local addresses: a container may have no multicast DNS.
	'--disable-features=WebRtcHideLocalIpsWithMdns,HttpsUpgrades,MediaRouter,OptimizationHints'
];
