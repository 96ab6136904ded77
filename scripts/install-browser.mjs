/** Makes sure that there are browsers to test with. */
import { existsSync } from 'node:fs';
import { findChromium, findHeadlessChromium, hasHeadlessChromium } from './find-browser.mjs';
import { run, say } from './setup.mjs';

const APT = '/usr/bin/apt-get';

/**
 * Debian's packages are installed where there are none and this process may do so.
 *
 * @returns {Promise<{ CHROMIUM_PATH: string, HEADLESS_CHROMIUM_PATH: string }>} for the environment of
 * what runs them; the second is the first where there is no other
 * @throws {Error} that says what to install
 */
export async function findOrInstallBrowsers() {
	const missing = await findMissing();
	const isDebian = process.getuid?.() === 0 && existsSync(APT);
	if (missing.length > 0 && isDebian) await installPackages(missing);
	const CHROMIUM_PATH = await findChromium();
	if (CHROMIUM_PATH) {
		return {
			CHROMIUM_PATH,
			HEADLESS_CHROMIUM_PATH: (await findHeadlessChromium()) ?? CHROMIUM_PATH
		};
	}
	throw new Error(
		'no Chromium found. Install Chromium or Google Chrome, or name one: CHROMIUM_PATH=/path/to/chrome'
	);
}

/** @returns {Promise<readonly string[]>} Debian's packages; whoever names a browser wants no other */
async function findMissing() {
	const isNamed = Boolean(process.env['CHROMIUM_PATH']);
	return [
		...((await findChromium()) ? [] : ['chromium']),
		...(isNamed || hasHeadlessChromium() ? [] : ['chromium-headless-shell'])
	];
}

/** @param {readonly string[]} packages */
async function installPackages(packages) {
	say(`installing ${packages.join(' and ')}, to test with …`);
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	await run(APT, ['update', '-qq'], { env });
	// One by one: without the second, all runs in the first, and takes longer.
	for (const name of packages) {
		await run(APT, ['install', '-y', '-qq', '--no-install-recommends', name], { env });
	}
}
