/**
 * Makes a clean clone ready to run: a fitting Node, then the packages. Runs on Node 18 with
 * nothing but the standard library, because it is what runs before anything is installed.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** SvelteKit 3, Vitest 5 and libp2p 3 need it (`Promise.withResolvers`, type stripping). */
const OLDEST_NODE = [22, 18];

const ONE_KEYSTROKE_MS = 300;

/** Where a Node of our own goes: outside node_modules, which `npm ci` empties. */
const NODE_FOLDER = path.join(ROOT, '.cache', 'node');

/**
 * @typedef {{ version: string, optional?: boolean, os?: string | string[],
 *   cpu?: string | string[], libc?: string | string[] }} Package one entry of package-lock.json
 */

/**
 * Installs what is missing and says so.
 * @returns {Promise<string>} path of the Node to run everything with
 * @throws {Error} whose message tells the user what to do
 */
export async function setUp() {
	const node = await findOrInstallNode();
	if (!hasPackages()) await installPackages(node);
	return node;
}

/**
 * What DEFMS is measured against: packages of `bench/` alone, fetched when a bench first needs them.
 * @param {string} node
 */
export async function setUpPeers(node) {
	if (hasPackages('bench/')) return;
	say('installing what DEFMS is measured against …');
	await npm(node, ['--prefix', path.join(ROOT, 'bench')]);
}

/**
 * Goes on in this file's fitting Node, if the running one is too old.
 * @param {string} script absolute path of the script that calls this
 * @returns {Promise<string>} path of the running Node; does not return if another one took over
 */
export async function setUpAndSwitch(script) {
	const node = await setUp();
	if (isNewEnough(process.versions.node)) return node;
	process.exit(await run(node, [script, ...process.argv.slice(2)]));
}

/**
 * Runs a program to its end, with our Node first on its PATH and signals passed on.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, signal?: AbortSignal }} [options] `signal` kills it with all
 * its children
 * @returns {Promise<number>} its exit code; 1 if a signal ended it
 */
export function run(program, args, { env = process.env, signal } = {}) {
	const nodeFolder = path.dirname(program);
	const PATH = existsSync(path.join(nodeFolder, 'node'))
		? `${nodeFolder}${path.delimiter}${env['PATH'] ?? ''}`
		: env['PATH'];
	// In a group of its own a Ctrl-C comes once, from us; and the time limit ends all children.
	const detached = process.platform !== 'win32';
	const child = spawn(program, args, {
		cwd: ROOT,
		env: { ...env, PATH },
		stdio: ['ignore', 'inherit', 'inherit'],
		detached
	});
	let passedAt = 0;
	/** @param {NodeJS.Signals} name */
	const pass = (name) => {
		// A terminal signals us and npm, and npm passes it on: one Ctrl-C comes twice.
		if (Date.now() - passedAt < ONE_KEYSTROKE_MS) return;
		passedAt = Date.now();
		// A closed terminal asks for the same orderly end.
		child.kill(name === 'SIGHUP' ? 'SIGTERM' : name);
	};
	const stop = () => {
		if (detached && child.pid) process.kill(-child.pid, 'SIGKILL');
		else child.kill('SIGKILL');
	};
	const names = /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
	for (const name of names) process.on(name, pass);
	signal?.addEventListener('abort', stop, { once: true });
	return new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (code) => resolve(code ?? 1));
	}).finally(() => {
		for (const name of names) process.off(name, pass);
		signal?.removeEventListener('abort', stop);
	});
}

const TOOLS = {
	eslint: 'eslint/bin/eslint.js',
	knip: 'knip/bin/knip.js',
	playwright: '@playwright/test/cli.js',
	prettier: 'prettier/bin/prettier.cjs',
	'svelte-check': 'svelte-check/bin/svelte-check',
	'svelte-kit': '@sveltejs/kit/svelte-kit.js',
	tsc: 'typescript/bin/tsc',
	vite: 'vite/bin/vite.js',
	vitest: 'vitest/vitest.mjs',
	wuchale: 'wuchale/dist/cli/index.js'
};

/**
 * @param {keyof typeof TOOLS} name
 * @returns {string} path of its script: links under `.bin` would run on the system's Node
 */
export function tool(name) {
	return path.join(ROOT, 'node_modules', TOOLS[name]);
}

/** @param {string} text */
export function say(text) {
	console.log(`DEFMS: ${text}`);
}

/**
 * @param {string} version such as "24.21.0"
 * @returns {boolean}
 */
export function isNewEnough(version) {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
	return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

async function findOrInstallNode() {
	if (isNewEnough(process.versions.node)) return process.execPath;
	const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
	const file = process.platform === 'win32' ? 'node.exe' : 'node';
	const node = path.join(NODE_FOLDER, 'node_modules', name, 'bin', file);
	const pinned = readPackages('package-lock.json')[`node_modules/${name}`];
	if (!pinned) {
		throw new Error(
			`This is Node ${process.versions.node}; DEFMS needs ${OLDEST_NODE.join('.')} or newer, and ` +
				`there is no package of it for ${process.platform} ${process.arch}. ` +
				'Install it from https://nodejs.org and start again.'
		);
	}
	if (existsSync(node) && installedNodeVersion(name) === pinned.version) return node;
	say(`this is Node ${process.versions.node}; fetching Node ${pinned.version} beside it …`);
	writeNodeProject(name, pinned);
	await npm(process.execPath, ['--prefix', NODE_FOLDER]);
	return node;
}

/**
 * @param {string} name
 * @returns {string | undefined} npm writes this list last, so what it names is complete
 */
function installedNodeVersion(name) {
	const lock = '.cache/node/node_modules/.package-lock.json';
	return existsSync(path.join(ROOT, lock))
		? readPackages(lock)[`node_modules/${name}`]?.version
		: undefined;
}

/**
 * A project of one package: `npm ci` then checks the hash that our own lock file pins.
 * @param {string} name
 * @param {Package} pinned
 */
function writeNodeProject(name, pinned) {
	const dependencies = { [name]: pinned.version };
	const needed = { ...pinned, optional: false };
	const packages = { '': { dependencies }, [`node_modules/${name}`]: needed };
	mkdirSync(NODE_FOLDER, { recursive: true });
	writeFileSync(path.join(NODE_FOLDER, 'package.json'), JSON.stringify({ dependencies }));
	writeFileSync(
		path.join(NODE_FOLDER, 'package-lock.json'),
		JSON.stringify({ lockfileVersion: 3, packages })
	);
}

/** @param {string} node */
async function installPackages(node) {
	say('installing the packages …');
	const started = Date.now();
	await npm(node, []);
	await run(node, [tool('svelte-kit'), 'sync']);
	say(`packages are there (${((Date.now() - started) / 1000).toFixed(0)} s)`);
}

/**
 * @param {string} node the Node that npm itself runs on: it skips packages that this one cannot run
 * @param {readonly string[]} args
 */
async function npm(node, args) {
	const options = [
		'--no-audit',
		'--no-fund',
		'--ignore-scripts',
		'--include=dev',
		'--include=optional'
	];
	const code = await run(node, [findNpm(), 'ci', ...options, ...args]);
	if (code !== 0) throw new Error(`npm ci failed (${code}); see its message above`);
}

/** @returns {string} path of npm's own script, so that any Node can run it */
function findNpm() {
	const bin = path.dirname(process.execPath);
	const found = [
		process.env['npm_execpath'] ?? '',
		path.join(bin, '../lib/node_modules/npm/bin/npm-cli.js'),
		path.join(bin, 'node_modules/npm/bin/npm-cli.js'),
		...(process.env['PATH'] ?? '')
			.split(path.delimiter)
			.flatMap((folder) => [
				path.join(folder, '../lib/node_modules/npm/bin/npm-cli.js'),
				path.join(folder, 'node_modules/npm/bin/npm-cli.js')
			]),
		'/usr/share/nodejs/npm/bin/npm-cli.js'
	].find((place) => place.endsWith('npm-cli.js') && existsSync(place));
	if (!found) throw new Error('npm was not found. Install npm and start again with: npm start');
	return found;
}

/**
 * @param {string} [folder] of the project, with a slash at its end
 * @returns {boolean} whether node_modules holds what package-lock.json says, for this machine
 */
function hasPackages(folder = '') {
	const hidden = `${folder}node_modules/.package-lock.json`;
	if (!existsSync(path.join(ROOT, hidden))) return false;
	const installed = readPackages(hidden);
	return Object.entries(readPackages(`${folder}package-lock.json`))
		.filter(([place, wanted]) => place !== '' && isNeededHere(wanted))
		.every(([place, wanted]) => installed[place]?.version === wanted.version);
}

/**
 * @param {Package} entry
 * @returns {boolean} true also for this machine's own build of a native package, which npm calls
 * optional and leaves out under a Node that is too old for it
 */
function isNeededHere({ os, cpu, libc, optional }) {
	if (!optional) return true;
	/** @param {string | string[] | undefined} list @param {string} own */
	const names = (list, own) => [list ?? []].flat().includes(own);
	if (!names(os, process.platform) || !names(cpu, process.arch)) return false;
	return libc === undefined || names(libc, cLibrary());
}

/** @returns {string} as npm names it */
function cLibrary() {
	const report = /** @type {{ header?: { glibcVersionRuntime?: string } } | undefined} */ (
		process.report?.getReport()
	);
	return report?.header?.glibcVersionRuntime ? 'glibc' : 'musl';
}

/** @type {Map<string, Record<string, Package>>} */
const packagesByLock = new Map();

/**
 * @param {string} lock path below the repository
 * @returns {Record<string, Package>} by place, such as `node_modules/vite`
 */
function readPackages(lock) {
	const known = packagesByLock.get(lock);
	if (known) return known;
	const { packages } = JSON.parse(readFileSync(path.join(ROOT, lock), 'utf8'));
	packagesByLock.set(lock, packages);
	return packages;
}
