/**
 * `npm test`: sets up a clean clone, finds a browser, runs every check in sequence, goes on after
 * a failure, and ends with the sum. `npm test -- --only unit` runs the steps of that name alone.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findOrInstallBrowsers } from './install-browser.mjs';
import { ROOT, run, setUpAndSwitch, tool } from './setup.mjs';
import { countCheck, countPlaywright, countSim, countVitest } from './test-count.mjs';

/** @typedef {import('./test-count.mjs').Count} Count */
/** @typedef {{ name: string, title: string, run: (signal: AbortSignal) => Promise<Count> }} Step */

/**
 * A hanging test ends the run instead of holding the machine. On two quick cores all takes 22 minutes, on two
 * slow ones 40: a limit that a slow machine passes by itself would refuse what is right.
 */
const LIMIT_MS = 75 * 60_000;

/** Runs of the simulator, a quarter played twice: about a minute on two cores. */
const SEEDS = 500;

const REPORTS = path.join(ROOT, 'test-results');

try {
	process.exitCode = await test();
} catch (error) {
	console.error(`DEFMS: ${error instanceof Error ? error.message : String(error)}`);
	process.exitCode = 1;
}

async function test() {
	const { values } = parseArgs({ options: { only: { type: 'string' } } });
	const node = await setUpAndSwitch(fileURLToPath(import.meta.url));
	const steps = allSteps(node).filter(({ name }) => !values.only || name === values.only);
	if (steps.length === 0) {
		const names = [...new Set(allSteps(node).map(({ name }) => name))];
		throw new Error(`no step ${values.only}; there are: ${names.join(', ')}`);
	}
	rmSync(REPORTS, { recursive: true, force: true });
	mkdirSync(REPORTS, { recursive: true });
	const signal = AbortSignal.timeout(LIMIT_MS);
	/** @type {Count[]} */
	const counts = [];
	for (const step of steps) counts.push(await runStep(step, signal));
	return report(counts);
}

/**
 * @param {Step} step
 * @param {AbortSignal} signal
 * @returns {Promise<Count>}
 */
async function runStep(step, signal) {
	console.log(`\n── ${step.title} ──`);
	const started = Date.now();
	const count = await step.run(signal).catch((error) => {
		console.error(error instanceof Error ? error.message : error);
		return countCheck(step.title, 1);
	});
	const seconds = ((Date.now() - started) / 1000).toFixed(1);
	const isLate = signal.aborted ? ', stopped: the time limit is over' : '';
	console.log(
		`── ${step.title}: ${count.passed} passed, ${count.failed.length} failed, ${seconds} s${isLate}`
	);
	return count;
}

/**
 * @param {readonly Count[]} counts
 * @returns {number} exit code
 */
function report(counts) {
	const passed = counts.reduce((sum, count) => sum + count.passed, 0);
	const failed = counts.flatMap((count) => count.failed);
	const skipped = counts.flatMap((count) => count.skipped);
	console.log('');
	for (const name of failed) console.log(`failed: ${name}`);
	for (const name of skipped) console.log(`skipped: ${name}`);
	const ending = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
	console.log(`${passed} passed, ${failed.length} failed${ending}`);
	return failed.length > 0 ? 1 : 0;
}

/**
 * @param {string} node
 * @returns {Step[]}
 */
function allSteps(node) {
	/** @param {string} name @param {string} title @param {readonly string[]} args @returns {Step} */
	const check = (name, title, args) => ({
		name,
		title,
		run: async (signal) => countCheck(title, await run(node, args, { signal }))
	});
	return [
		{ name: 'corpora', title: 'corpora', run: async () => checkCorpora() },
		check('lint', 'prettier', [tool('prettier'), '--check', '.']),
		check('types', 'svelte-kit sync', [tool('svelte-kit'), 'sync']),
		// What is new in the source has no translation yet, and a test of the words says so.
		check('types', 'words', [tool('wuchale'), '--clean', '--log-level', 'error']),
		check('lint', 'eslint', [tool('eslint'), '.']),
		check('types', 'tsc', [tool('tsc'), '--noEmit']),
		check('types', 'tsc (service worker)', [tool('tsc'), '--noEmit', '-p', 'tsconfig.worker.json']),
		check('types', 'svelte-check', [tool('svelte-check'), '--fail-on-warnings']),
		check('lint', 'knip', [tool('knip')]),
		{ name: 'unit', title: 'vitest', run: (signal) => vitest(node, 'node', {}, signal) },
		{ name: 'gallery', title: 'screens', run: (signal) => inChromium(node, 'gallery', signal) },
		{ name: 'sim', title: 'simulation', run: (signal) => simulate(node, signal) },
		{
			name: 'browser',
			title: 'vitest in Chromium',
			run: (signal) => inChromium(node, 'browser', signal)
		},
		{ name: 'e2e', title: 'end to end in Chromium', run: (signal) => endToEnd(node, signal) },
		// After the end-to-end tests, which have built the app.
		check('size', 'size of the scripts', ['scripts/size.mjs'])
	];
}

/**
 * The vectors of others stand outside the repository. A run without them says so; on the build
 * server it fails, lest nobody notice.
 * @returns {Count}
 */
function checkCorpora() {
	const folder = process.env['CORPORA'];
	if (folder && existsSync(folder)) return countCheck('corpora', 0);
	console.log(`CORPORA ${folder ? `names ${folder}, which does not exist` : 'is not set'}`);
	if (process.env['CI'] === 'true' || folder) return countCheck('corpora', 1);
	return {
		passed: 0,
		failed: [],
		skipped: ['vectors from CORPORA (set it to the folder with them)']
	};
}

/**
 * @param {string} node
 * @param {'node' | 'browser' | 'gallery'} project
 * @param {NodeJS.ProcessEnv} env
 * @param {AbortSignal} signal
 */
async function vitest(node, project, env, signal) {
	const file = path.join(REPORTS, `vitest-${project}.json`);
	const code = await run(
		node,
		[
			...[tool('vitest'), 'run', '--project', project],
			...['--reporter', 'dot', '--reporter', 'json', `--outputFile.json=${file}`]
		],
		{ env: { ...process.env, ...env }, signal }
	);
	return countVitest(`vitest ${project}`, file, code);
}

/** @param {string} node @param {AbortSignal} signal */
async function simulate(node, signal) {
	const file = path.join(REPORTS, 'sim.json');
	const args = ['tests/sim/main.ts', '--seeds', String(SEEDS), '--report', file];
	return countSim(file, await run(node, args, { signal }));
}

/**
 * @param {string} node
 * @param {'browser' | 'gallery'} project
 * @param {AbortSignal} signal
 */
async function inChromium(node, project, signal) {
	return vitest(node, project, await findOrInstallBrowsers(), signal);
}

/** @param {string} node @param {AbortSignal} signal */
async function endToEnd(node, signal) {
	const browsers = await findOrInstallBrowsers();
	const file = path.join(REPORTS, 'playwright.json');
	const env = { ...process.env, ...browsers, PLAYWRIGHT_JSON_OUTPUT_FILE: file };
	const code = await run(node, [tool('playwright'), 'test', '--reporter', 'list,json'], {
		env,
		signal
	});
	return countPlaywright(file, code);
}
