/**
 * A kept profile: the database files of one browser profile in one file, with what was read from them
 * then. Rows are sealed by keys that only this profile has, so the files themselves are what proves
 * that a later version opens them.
 *
 * profiles/<version>.kept = gzip(DAG-CBOR { expected: Dump, files: { name: bytes } })
 */

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { decode } from '@ipld/dag-cbor';
import { encodePlain } from '../../src/lib/wire/codec.ts';
import type { Dump } from './page.ts';
import { DATABASE_FOLDER, makeFolder, runInProfile } from './profile.ts';

export interface Kept {
	readonly expected: Dump;
	readonly files: Readonly<Record<string, Uint8Array>>;
}

const KEPT_FOLDER = path.join(import.meta.dirname, 'profiles');
/** LevelDB writes these anew. */
const NEEDLESS_FILES = ['LOCK', 'LOG', 'LOG.old'];

export async function listKept(): Promise<string[]> {
	const names = await readdir(KEPT_FOLDER);
	return names.filter((name) => name.endsWith('.kept'));
}

export async function readKept(name: string): Promise<Kept> {
	return decode<Kept>(gunzipSync(await readFile(path.join(KEPT_FOLDER, name))));
}

/** @param profile folder of a browser that is closed. Returns the size of the written file. */
export async function keep(profile: string, name: string): Promise<number> {
	const files: Record<string, Uint8Array> = {};
	for (const file of await readdir(path.join(profile, DATABASE_FOLDER))) {
		if (NEEDLESS_FILES.includes(file)) continue;
		files[file] = await readFile(path.join(profile, DATABASE_FOLDER, file));
	}
	// A copy of the database alone: a real profile's service worker would answer in our place.
	const { folder, remove } = await makeFolder();
	await unpack({ files }, folder);
	const { rows, device, hasBlock } = await runInProfile(folder, 'dump');
	await remove();
	const packed = gzipSync(encodePlain({ expected: { rows, device, hasBlock }, files }));
	await writeFile(path.join(KEPT_FOLDER, name), packed);
	return packed.length;
}

/** Puts the files where Chromium looks for them, in an empty profile folder. */
export async function unpack({ files }: Pick<Kept, 'files'>, profile: string): Promise<void> {
	const folder = path.join(profile, DATABASE_FOLDER);
	await mkdir(folder, { recursive: true });
	for (const [name, content] of Object.entries(files)) {
		await writeFile(path.join(folder, name), content);
	}
}
