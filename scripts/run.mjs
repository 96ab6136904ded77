/**
 * `npm run <task>`: sets up a clean clone first, and runs the tools on a fitting Node. Arguments
 * go to the task's last tool.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findOrInstallBrowsers } from './install-browser.mjs';
import { ROOT, run, setUpAndSwitch, setUpPeers, tool } from './setup.mjs';

/** Gathers what the screens say into the catalogs of words, and leaves out what they no longer say. */
const WORDS = [tool('wuchale'), '--clean', '--log-level', 'error'];

/** @type {Record<string, readonly string[][]>} each task's programs, run in order */
const TASKS = {
	a11y: [WORDS, ['tests/a11y/main.ts']],
	build: [[tool('vite'), 'build']],
	dev: [[tool('vite'), 'dev']],
	check: [
		[tool('svelte-kit'), 'sync'],
		WORDS,
		[tool('tsc'), '--noEmit'],
		[tool('tsc'), '--noEmit', '--project', 'tsconfig.worker.json'],
		[tool('svelte-check'), '--fail-on-warnings']
	],
	lint: [[tool('prettier'), '--check', '.'], [tool('eslint'), '.'], [tool('knip')]],
	format: [[tool('prettier'), '--write', '.']],
	e2e: [[tool('playwright'), 'test']],
	engines: [WORDS, [tool('vite'), 'build'], ['tests/engines/main.ts']],
	screenshots: [
		WORDS,
		[tool('playwright'), 'test', '--config', 'tests/e2e/screenshots.config.ts'],
		['tests/gallery/documents.ts']
	],
	sim: [['tests/sim/main.ts']],
	proof: [['scripts/proof.ts']],
	size: [[tool('vite'), 'build'], ['scripts/size.mjs']],
	kept: [['tests/kept/make.ts']],
	words: [WORDS],
	bench: [[tool('vite'), 'build'], ['bench/all.ts']],
	'bench:append': [['bench/append.ts']],
	'bench:crypto': [['bench/crypto.ts']],
	'bench:files': [['bench/files.ts']],
	'bench:fling': [[tool('vite'), 'build'], ['bench/fling.ts']],
	'bench:hostile': [['bench/hostile.ts']],
	'bench:import': [[tool('vite'), 'build'], ['bench/import.ts']],
	'bench:live': [[tool('vite'), 'build'], ['bench/live.ts']],
	'bench:search': [['bench/search.ts']],
	'bench:start': [[tool('vite'), 'build'], ['bench/start.ts']],
	'bench:sync': [['bench/sync.ts']],
	lighthouse: [[tool('vite'), 'build'], ['bench/lighthouse.ts']]
};

const BENCHES = [
	'bench',
	'bench:append',
	'bench:crypto',
	'bench:files',
	'bench:fling',
	'bench:import',
	'bench:live',
	'bench:search',
	'bench:start',
	'bench:sync',
	'lighthouse'
];

const NEED_BROWSER = ['a11y', 'e2e', 'engines', 'screenshots', 'kept', 'bench:hostile', ...BENCHES];

const [task = '', ...args] = process.argv.slice(2);

try {
	process.exitCode = await runTask();
} catch (error) {
	console.error(`DEFMS: ${error instanceof Error ? error.message : String(error)}`);
	process.exitCode = 1;
}

async function runTask() {
	const programs = TASKS[task];
	if (!programs) throw new Error(`no task ${task}; there are: ${Object.keys(TASKS).join(', ')}`);
	const node = await setUpAndSwitch(fileURLToPath(import.meta.url));
	if (BENCHES.includes(task)) await setUpPeers(node);
	const env = { ...process.env };
	if (NEED_BROWSER.includes(task)) Object.assign(env, await findOrInstallBrowsers());
	for (const [index, program] of programs.entries()) {
		const [script = ''] = program;
		if (!existsSync(path.resolve(ROOT, script))) throw new Error(`${script} is missing`);
		const isLast = index === programs.length - 1;
		const code = await run(node, isLast ? [...program, ...args] : program, { env });
		if (code !== 0) return code;
	}
	return 0;
}
