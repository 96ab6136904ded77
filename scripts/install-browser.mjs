/** Makes sure that there is a Chromium to test with. */
import { existsSync } from 'node:fs';
import { findChromium } from './find-browser.mjs';
import { run, say } from './setup.mjs';

const APT = '/usr/bin/apt-get';

/**
 * @returns {Promise<string>} path of a Chromium or Chrome; Debian's package is installed if there
 * is none and this process may do so
 * @throws {Error} that says what to install
 */
export async function findOrInstallChromium() {
	const found = await findChromium();
	if (found) return found;
	if (process.getuid?.() === 0 && existsSync(APT)) await installDebiansPackage();
	const installed = await findChromium();
	if (installed) return installed;
	throw new Error(
		'no Chromium found. Install Chromium or Google Chrome, or name one: CHROMIUM_PATH=/path/to/chrome'
	);
}

async function installDebiansPackage() {
	say('no Chromium found; installing the package chromium …');
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	await run(APT, ['update', '-qq'], { env });
	await run(APT, ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env });
}
