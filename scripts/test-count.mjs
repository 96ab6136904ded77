/** Reads the reports of the test runners, so that the sum at the end counts real tests. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './setup.mjs';

/** @typedef {{ passed: number, failed: string[], skipped: string[] }} Count */

/**
 * @param {string} name
 * @param {number} code exit code of a check that is no test runner: it counts as one test
 * @returns {Count}
 */
export function countCheck(name, code) {
	return { passed: code === 0 ? 1 : 0, failed: code === 0 ? [] : [name], skipped: [] };
}

/**
 * @param {string} name
 * @param {string} file Vitest's JSON report
 * @param {number} code Vitest's exit code
 * @returns {Count}
 */
export function countVitest(name, file, code) {
	/** @type {Count} */
	const count = { passed: 0, failed: [], skipped: [] };
	/** @type {{ name: string, status: string, assertionResults: { fullName: string, status: string }[] }[]} */
	const files = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).testResults : [];
	for (const { name: testFile, status, assertionResults } of files) {
		const relative = path.relative(ROOT, testFile);
		for (const { fullName, status } of assertionResults) {
			add(count, status, `${relative}: ${fullName}`);
		}
		const hasFailed = assertionResults.some((result) => result.status === 'failed');
		if (status === 'failed' && !hasFailed) add(count, 'failed', `${relative} (the file itself)`);
	}
	return believeExitCode(count, name, code);
}

/**
 * @typedef {{ title: string, file?: string, suites?: Suite[], specs?: Spec[] }} Suite
 * @typedef {{ title: string, file: string, tests: { status: string }[] }} Spec
 */

/**
 * @param {string} file Playwright's JSON report
 * @param {number} code Playwright's exit code
 * @returns {Count}
 */
export function countPlaywright(file, code) {
	/** @type {Count} */
	const count = { passed: 0, failed: [], skipped: [] };
	/** @type {Suite[]} */
	const suites = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).suites : [];
	for (const spec of suites.flatMap(specsOf)) {
		for (const { status } of spec.tests) add(count, status, `${spec.file}: ${spec.title}`);
	}
	return believeExitCode(count, 'playwright', code);
}

/** @param {Suite} suite @returns {Spec[]} */
function specsOf({ specs = [], suites = [] }) {
	return [...specs, ...suites.flatMap(specsOf)];
}

/**
 * @param {string} file the simulator's JSON report
 * @param {number} code its exit code
 * @returns {Count}
 */
export function countSim(file, code) {
	/** @type {{ passed: number, failed: string[] }} */
	const report = existsSync(file)
		? JSON.parse(readFileSync(file, 'utf8'))
		: { passed: 0, failed: [] };
	return believeExitCode({ ...report, skipped: [] }, 'simulation', code);
}

/**
 * @param {Count} count
 * @param {string} status in the words of Vitest or Playwright
 * @param {string} name
 */
function add(count, status, name) {
	if (status === 'passed' || status === 'expected') count.passed++;
	else if (['skipped', 'pending', 'todo', 'disabled'].includes(status)) count.skipped.push(name);
	// Also "flaky", which is broken, and whatever a later version invents.
	else count.failed.push(name);
}

/**
 * A runner can fail without a failed test: no report, an unhandled rejection, no tests at all.
 * @param {Count} count
 * @param {string} name
 * @param {number} code
 * @returns {Count}
 */
function believeExitCode(count, name, code) {
	if (code !== 0 && count.failed.length === 0) count.failed.push(`${name} (exit code ${code})`);
	return count;
}
