/**
 * One hash over everything that the built app depends on: equal sources give an equal hash on
 * every machine, so it can stand in the app's version and decide whether a build is still good.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const BUILD_INPUTS = [
	'src',
	'static',
	'package.json',
	'package-lock.json',
	'tsconfig.json',
	'vite.config.ts',
	// What it builds with.
	'scripts/pdf-viewer.mjs',
	'scripts/plain-icons.mjs',
	'scripts/preload-error-page.mjs',
	'scripts/workers-of-the-page.mjs'
];

/** Tests stand beside the sources but never enter the bundle. */
const NOT_BUILT = /\.test\.ts$/;

/**
 * @param {string} root the repository's folder
 * @returns {string} such as `0.1.0+d56854e40e1d`: for people, then for caches
 */
export function appVersion(root) {
	const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
	return `${version}+${hashSources(root).slice(0, 12)}`;
}

/**
 * @param {string} root
 * @returns {string} SHA-256 in hex over names and contents of all build inputs
 */
function hashSources(root) {
	const hash = createHash('sha256');
	for (const file of BUILD_INPUTS.flatMap((input) => listFiles(root, input))) {
		const content = readFileSync(path.join(root, file));
		hash.update(`${file}\0${content.length}\0`).update(content);
	}
	return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} relative with forward slashes, so that the hash is the same on Windows
 * @returns {string[]} files in a fixed order
 */
function listFiles(root, relative) {
	const stats = statSync(path.join(root, relative), { throwIfNoEntry: false });
	if (!stats) return [];
	if (!stats.isDirectory()) return NOT_BUILT.test(relative) ? [] : [relative];
	return readdirSync(path.join(root, relative))
		.sort()
		.flatMap((name) => listFiles(root, `${relative}/${name}`));
}
