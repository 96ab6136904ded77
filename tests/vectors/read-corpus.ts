/** Reading the corpora: in Node directly, for a browser through a command of the test server. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { BrowserCommand } from 'vitest/node';

const SAFE_NAME = /^[a-z]+\/[a-z0-9_-]+\.json$/;

/**
 * @param name folder and file below CORPORA
 * @returns the text; `null` where there are no corpora. Throws where CI runs without them.
 */
export async function readCorpus(name: string): Promise<string | null> {
	if (!SAFE_NAME.test(name)) throw new RangeError(`${name} is no name of a corpus`);
	const folder = process.env['CORPORA'];
	try {
		if (folder) return await readFile(path.join(folder, name), 'utf8');
	} catch (error) {
		if (!isMissing(error)) throw error;
	}
	if (process.env['CI'] === 'true') throw new Error(`CORPORA holds no ${name}, which CI must run`);
	return null;
}

function isMissing(error: unknown): boolean {
	return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** For `browser.commands` of the test configuration. */
export const readCorpusCommand: BrowserCommand<[name: string]> = (_context, name) =>
	readCorpus(name);
