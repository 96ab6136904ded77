/**
 * Proves that the lint rules bite: every file under `refused/` names in its first line the one
 * rule that must refuse it, or `nothing`.
 */
import { ESLint } from 'eslint';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

const REFUSED = path.join(import.meta.dirname, 'refused');
const FILES = globSync('{src,relay}/**/*.{ts,svelte}', { cwd: REFUSED }).sort();

describe('files that must be refused', () => {
	const rulesByFile = new Map<string, string[]>();

	beforeAll(async () => {
		// The folder mirrors the repository, so that the real configuration applies to it as it is.
		const eslint = new ESLint({
			cwd: REFUSED,
			overrideConfigFile: path.join(import.meta.dirname, '../../eslint.config.js')
		});
		for (const { filePath, messages } of await eslint.lintFiles(FILES)) {
			const rules = messages.map(({ ruleId, message }) => ruleId ?? message);
			rulesByFile.set(path.relative(REFUSED, filePath).replaceAll(path.sep, '/'), rules);
		}
	}, 60_000);

	test.each(FILES)('%s', (file) => {
		const [firstLine = ''] = readFileSync(path.join(REFUSED, file), 'utf8').split('\n');
		const expected = /expect: (\S+)/.exec(firstLine)?.[1];
		expect(expected, 'the first line names a rule').toBeDefined();
		const rules = new Set(rulesByFile.get(file.replaceAll(path.sep, '/')));
		expect([...rules]).toEqual(expected === 'nothing' ? [] : [expected]);
	});
});
