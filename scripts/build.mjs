/** Builds the app into `build/`, and knows whether the one that lies there is still good. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT, run, say, tool } from './setup.mjs';
import { appVersion } from './source-hash.mjs';

/**
 * @param {string} node path of a fitting Node
 * @throws {Error} if the build fails; Vite has then said why
 */
export async function buildIfChanged(node) {
	if (builtVersion() === appVersion(ROOT)) return;
	say('building the app …');
	const started = Date.now();
	const code = await run(node, [tool('vite'), 'build', '--logLevel', 'warn']);
	if (code !== 0) throw new Error('the app could not be built; see the message above');
	say(`the app is in build/ (${((Date.now() - started) / 1000).toFixed(0)} s)`);
}

/** @returns {string | null} version of the app in `build/`, null if there is no complete one */
function builtVersion() {
	const file = path.join(ROOT, 'build', '_app', 'version.json');
	// The page is written last: without it the build was interrupted.
	if (!existsSync(file) || !existsSync(path.join(ROOT, 'build', 'index.html'))) return null;
	return JSON.parse(readFileSync(file, 'utf8')).version;
}
