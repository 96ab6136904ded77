/** A destroyed key is in no file of the profile any more, while Chromium runs and after it. */

import { readFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { filesUnder } from '../kept/files.ts';
import { makeFolder, openProfile } from '../kept/profile.ts';

const TEXT = 'Mirabelle-8sf3wQz1-reift-im-August';

describe('the key ring at rest', () => {
	it('has nothing left of what was destroyed, and all of the rest', async () => {
		const { folder, remove } = await makeFolder();
		onTestFinished(remove);
		const profile = await openProfile(folder);
		const secrets = await profile.call('writeEnding', TEXT);
		const find = async () => {
			const found = await search(folder, secrets);
			return secrets.map((secret) => found.has(secret));
		};
		// The search finds what is there: else it would prove nothing.
		expect(await find()).toEqual([true, true, true]);

		expect(await profile.call('endThem')).toEqual([`${TEXT} second`]);
		expect(await find()).toEqual([false, true, false]);
		await profile.close();
		expect(await find()).toEqual([false, true, false]);
		expect(await search(folder, [Buffer.from(TEXT).toString('hex')])).toEqual(new Set());

		// As another program would have written it, the text is found.
		const again = await openProfile(folder);
		await again.call('fillOpenly', TEXT, [1, 2, 3]);
		await again.close();
		expect(await search(folder, [Buffer.from(TEXT).toString('hex')])).not.toEqual(new Set());
		expect(await find()).toEqual([false, true, false]);
	}, 60_000);
});

/** Which of these bytes, in hex, stand in any file. */
async function search(folder: string, needles: readonly string[]): Promise<Set<string>> {
	const found = new Set<string>();
	for (const file of await filesUnder(folder)) {
		const content = await readFile(file).catch(() => Buffer.alloc(0)); // gone meanwhile
		for (const needle of needles) {
			if (content.includes(Buffer.from(needle, 'hex'))) found.add(needle);
		}
	}
	return found;
}
