/** Nothing readable is in the profile's files, whatever Chromium does with them. */

import { readFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { filesUnder } from '../kept/files.ts';
import { makeFolder, runInProfile } from '../kept/profile.ts';

/** Neither compressible nor to be found by chance. */
const TEXT = 'Zwetschge-6kq0vXr4mTnB-Größe';
const BYTES = Array.from({ length: 32 }, (_, i) => (i * 151 + 57) % 256);

const NEEDLES = {
	'the text in UTF-8': Buffer.from(TEXT),
	'the text in Latin-1': Buffer.from(TEXT, 'latin1'),
	'the text in UTF-16': Buffer.from(TEXT, 'utf16le'),
	'the text in UTF-16 of keys': Buffer.from(TEXT, 'utf16le').swap16(),
	'its ASCII part': Buffer.from(TEXT.slice(0, 22)),
	'the bytes': Buffer.from(BYTES)
};

describe('storage at rest', () => {
	it('shows nothing of what the store keeps', async () => {
		expect(await search('fill')).toEqual([]);
	});

	it('would show it unsealed', async () => {
		const found = await search('fillOpenly');
		expect(found).toEqual(
			expect.arrayContaining(['the text in Latin-1', 'the text in UTF-16 of keys', 'the bytes'])
		);
	});
});

async function search(fill: 'fill' | 'fillOpenly'): Promise<string[]> {
	const { folder, remove } = await makeFolder();
	onTestFinished(remove);
	await runInProfile(folder, fill, TEXT, BYTES);
	const found = new Set<string>();
	for (const file of await filesUnder(folder)) {
		const content = await readFile(file);
		for (const [name, needle] of Object.entries(NEEDLES)) {
			if (content.includes(needle)) found.add(name);
		}
	}
	return [...found];
}
