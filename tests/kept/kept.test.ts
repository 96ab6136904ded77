/** What earlier versions wrote into a browser profile, this version reads. */

import { describe, expect, it, onTestFinished } from 'vitest';
import { TABLES } from '../../src/lib/post/records.ts';
import { listKept, readKept, unpack, type Kept } from './kept.ts';
import { makeFolder, runInProfile } from './profile.ts';

const names = await listKept();

/** Of tables that a version did not have. */
const NO_ROWS = Object.fromEntries(TABLES.map((table) => [table, []]));

describe('kept profiles', () => {
	it('are there', () => {
		expect(names).not.toEqual([]);
	});

	it.each(names)('%s opens', async (name) => {
		const kept = await readKept(name);
		const folder = await restore(kept);
		const rows = { ...NO_ROWS, ...kept.expected.rows };
		const expected = { ...kept.expected, rows };
		expect(await runInProfile(folder, 'dump')).toEqual(expected);
		// And once more, after this version has had its way with the database.
		expect(await runInProfile(folder, 'dump')).toEqual(expected);
	});

	it('are read, not made', async () => {
		const { expected } = await readKept(names[0]!);
		const folder = await restore({ expected, files: {} });
		expect(await runInProfile(folder, 'dump')).not.toEqual(expected);
	});
});

async function restore(kept: Kept): Promise<string> {
	const { folder, remove } = await makeFolder();
	onTestFinished(remove);
	await unpack(kept, folder);
	return folder;
}
