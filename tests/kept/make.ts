/**
 * Makes a kept profile (`kept.ts`) named after the version in package.json, at each release:
 *
 *   node tests/kept/make.ts                  a row of each table, written by the store alone
 *   node tests/kept/make.ts --from FOLDER    of a real profile that used the app at ORIGIN
 */

import { parseArgs } from 'node:util';
import manifest from '../../package.json' with { type: 'json' };
import { keep } from './kept.ts';
import { makeFolder, ORIGIN, runInProfile } from './profile.ts';

const { from } = parseArgs({ options: { from: { type: 'string' } } }).values;
const name = `${manifest.version}.kept`;
const size = from === undefined ? await keepSample() : await keep(from, name);
console.log(`tests/kept/profiles/${name}: ${String(size)} bytes, for ${ORIGIN}`);

async function keepSample(): Promise<number> {
	const { folder, remove } = await makeFolder();
	const bytes = Array.from({ length: 64 }, (_, i) => i);
	await runInProfile(folder, 'fill', `kept by ${manifest.version}`, bytes);
	const size = await keep(folder, name);
	await remove();
	return size;
}
