/**
 * `npm run size`: what a browser has to fetch, as brotli sends it, against `size-limits.json`. Fails where
 * a limit is passed. `start`: the scripts that the page names, and what they import at once; the rest comes
 * when the inbox is painted. `total`: all of the app's scripts, without WebAssembly, the viewer of PDFs,
 * the service worker, and the words of languages that are not shown. The limits only ever go down: we want 120 and 640.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { ROOT } from './setup.mjs';

const KIB = 1024;
const BUILD = path.join(ROOT, 'build');
const SCRIPTS = path.join(BUILD, '_app/immutable');

/** @type {{ startKib: number, totalKib: number, left_out: string[] }} */
const limits = JSON.parse(readFileSync(path.join(ROOT, 'size-limits.json'), 'utf8'));

const all = readdirSync(SCRIPTS, { recursive: true, encoding: 'utf8' })
	.filter((name) => name.endsWith('.js'))
	.map((name) => path.join(SCRIPTS, name));
const otherWords = findOtherWords();
const figures = {
	startKib: sizeOf(startScripts()),
	totalKib: sizeOf(all.filter((file) => !isLeftOut(file)))
};
let isFine = true;
for (const name of /** @type {const} */ (['startKib', 'totalKib'])) {
	const isOver = figures[name] > limits[name];
	isFine &&= !isOver;
	console.log(
		`${name} ${figures[name].toFixed(1)} of ${String(limits[name])}${isOver ? ': TOO MUCH' : ''}`
	);
}
process.exitCode = isFine ? 0 : 1;

/** @param {string} file */
function isLeftOut(file) {
	return limits.left_out.some((part) => file.includes(part)) || otherWords.has(path.basename(file));
}

/** Names of files with words of other languages than English. */
function findOtherWords() {
	const manifest = path.join(ROOT, '.svelte-kit/output/client/.vite/manifest.json');
	const files = Object.entries(JSON.parse(readFileSync(manifest, 'utf8')));
	const found = files
		.filter(
			([source]) => /\/words\/.*\.compiled\.js$/.test(source) && !/\.en\.compiled/.test(source)
		)
		.map(([, { file }]) => path.basename(file));
	if (found.length === 0) throw new Error('no words of other languages are in the build');
	return new Set(found);
}

/** Those of the page, and what they import, as long as that is not at run time. */
function startScripts() {
	const page = readFileSync(path.join(BUILD, 'index.html'), 'utf8');
	const named = [...page.matchAll(/_app\/immutable\/[^"']+\.js/g)].map(([name]) =>
		path.join(BUILD, name)
	);
	if (named.length === 0) throw new Error('the page names no script');
	const found = new Set(named);
	for (const file of found) {
		const source = readFileSync(file, 'utf8');
		for (const [, name = ''] of source.matchAll(/(?:from|import)\s*["'](\.[^"']+\.js)["']/g)) {
			found.add(path.resolve(path.dirname(file), name));
		}
	}
	return [...found];
}

/** @param {readonly string[]} files */
function sizeOf(files) {
	const bytes = files.map((file) => brotliCompressSync(readFileSync(file)).length);
	return bytes.reduce((sum, size) => sum + size, 0) / KIB;
}
