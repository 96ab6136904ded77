/** Finds a Chromium to test with. Installs nothing: that is `scripts/test.mjs`'s business. */
import { existsSync } from 'node:fs';
import path from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const HEADLESS_NAME = 'chromium-headless-shell';

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
	return named('CHROMIUM_PATH') ?? installed(NAMES, FIXED_PLACES) ?? playwrightsOwn();
}

/**
 * The same engine without windows of its own, and without what else only people need: tests that open
 * many browsers take two thirds of the time. It never asks for a permission, as for notifications.
 *
 * @returns {Promise<string | null>} path of an executable: the one that HEADLESS_CHROMIUM_PATH names,
 * the one that CHROMIUM_PATH names, Debian's; else the Chromium that is there
 * @throws {Error} if one of them names a file that does not exist
 */
export async function findHeadlessChromium() {
	const chosen = named('HEADLESS_CHROMIUM_PATH') ?? named('CHROMIUM_PATH');
	return chosen ?? installed([HEADLESS_NAME]) ?? findChromium();
}

/** @returns {boolean} */
export function hasHeadlessChromium() {
	return installed([HEADLESS_NAME]) !== null;
}

/**
 * @param {'CHROMIUM_PATH' | 'HEADLESS_CHROMIUM_PATH'} variable
 * @returns {string | null}
 */
function named(variable) {
	const place = process.env[variable];
	if (!place) return null;
	if (existsSync(place)) return place;
	throw new Error(`${variable} names ${place}, which does not exist`);
}

/**
 * @param {readonly string[]} names
 * @param {readonly string[]} otherPlaces
 * @returns {string | null}
 */
function installed(names, otherPlaces = []) {
	const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder);
	const places = folders.flatMap((folder) => names.map((name) => path.join(folder, name)));
	return [...places, ...otherPlaces].find((place) => existsSync(place)) ?? null;
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
	// The last three are pages of Chromium's own, drawn ahead for an address bar that nobody sees.
	'--disable-features=WebRtcHideLocalIpsWithMdns,HttpsUpgrades,MediaRouter,OptimizationHints,WebUIOmniboxPopup,WebUIOmniboxAimPopup,PreloadTopChromeWebUI'
];
