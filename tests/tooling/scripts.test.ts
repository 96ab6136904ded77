/** The scripts that judge everything else: what they count, and when they call a build old. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appVersion } from '../../scripts/source-hash.mjs';
import { countCheck, countPlaywright, countSim, countVitest } from '../../scripts/test-count.mjs';

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(path.join(os.tmpdir(), 'defms-scripts-'));
});

afterEach(() => {
	rmSync(folder, { recursive: true, force: true });
});

function write(name: string, content: unknown): string {
	const file = path.join(folder, name);
	mkdirSync(path.dirname(file), { recursive: true });
	writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
	return file;
}

describe('the sum at the end', () => {
	test('counts a check as one test', () => {
		expect(countCheck('tsc', 0)).toEqual({ passed: 1, failed: [], skipped: [] });
		expect(countCheck('tsc', 2)).toEqual({ passed: 0, failed: ['tsc'], skipped: [] });
	});

	test('counts single tests of Vitest, and names what failed or was skipped', () => {
		const results = ['passed', 'passed', 'failed', 'skipped', 'todo'].map((status) => ({
			fullName: `is ${status}`,
			status
		}));
		const file = write('vitest.json', {
			testResults: [
				{ name: path.resolve('a.test.ts'), status: 'failed', assertionResults: results }
			]
		});
		expect(countVitest('vitest', file, 1)).toEqual({
			passed: 2,
			failed: ['a.test.ts: is failed'],
			skipped: ['a.test.ts: is skipped', 'a.test.ts: is todo']
		});
	});

	test('counts a test file that could not be loaded as failed', () => {
		const file = write('vitest.json', {
			testResults: [{ name: path.resolve('a.test.ts'), status: 'failed', assertionResults: [] }]
		});
		expect(countVitest('vitest', file, 1).failed).toEqual(['a.test.ts (the file itself)']);
	});

	test('believes an exit code that no single test explains', () => {
		const file = write('vitest.json', { testResults: [] });
		expect(countVitest('vitest', file, 1).failed).toEqual(['vitest (exit code 1)']);
		expect(countVitest('vitest', path.join(folder, 'missing.json'), 1).failed).toHaveLength(1);
		expect(countPlaywright(path.join(folder, 'missing.json'), 1).failed).toHaveLength(1);
	});

	test('counts each seed of the simulator', () => {
		const file = write('sim.json', { passed: 499, failed: ['seed 7'] });
		expect(countSim(file, 1)).toEqual({ passed: 499, failed: ['seed 7'], skipped: [] });
		const missing = path.join(folder, 'missing.json');
		expect(countSim(missing, 1).failed).toEqual(['simulation (exit code 1)']);
	});

	test('finds the tests of nested suites of Playwright, and takes flaky for failed', () => {
		const spec = (title: string, status: string) => ({
			title,
			file: 'a.e2e.ts',
			tests: [{ status }]
		});
		const file = write('playwright.json', {
			suites: [
				{
					title: 'a.e2e.ts',
					specs: [spec('one', 'expected')],
					suites: [
						{ title: 'inner', specs: [spec('two', 'flaky'), spec('three', 'skipped')] },
						{ title: 'other', specs: [spec('four', 'unexpected')] }
					]
				}
			]
		});
		expect(countPlaywright(file, 1)).toEqual({
			passed: 1,
			failed: ['a.e2e.ts: two', 'a.e2e.ts: four'],
			skipped: ['a.e2e.ts: three']
		});
	});
});

describe('the version of the built app', () => {
	beforeEach(() => {
		write('package.json', { version: '1.2.3' });
		write('src/lib/a.ts', 'a');
	});

	test('is the same for the same sources', () => {
		const before = appVersion(folder);
		expect(before).toMatch(/^1\.2\.3\+[0-9a-f]{12}$/);
		write('src/lib/a.ts', 'a');
		write('README.md', 'not built');
		write('src/lib/a.test.ts', 'not built');
		expect(appVersion(folder)).toBe(before);
	});

	test.each([
		['a change', 'src/lib/a.ts', 'b'],
		['a new file', 'src/lib/b.ts', ''],
		['a new asset', 'static/icon.svg', '<svg/>']
	])('differs after %s', (_what, name, content) => {
		const before = appVersion(folder);
		write(name, content);
		expect(appVersion(folder)).not.toBe(before);
	});

	test('differs when a text moves from one file to the next', () => {
		write('src/lib/b.ts', 'b');
		const before = appVersion(folder);
		write('src/lib/a.ts', 'ab');
		write('src/lib/b.ts', '');
		expect(appVersion(folder)).not.toBe(before);
	});
});
