/**
 * A kept profile: the database files of one browser profile and its key ring in one file, with what was
 * read from them then. Rows are sealed by keys that only this profile has, so the files themselves are
 * what proves that a later version opens them.
 *
 * profiles/<version>.kept = gzip(DAG-CBOR { expected: Dump, files: { name: bytes } })
 *
 * A name with a slash is a path below `Default`, any other a file of the database.
 */

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { decode } from '@ipld/dag-cbor';
import { encodePlain } from '../../src/lib/wire/codec.ts';
import { filesUnder } from './files.ts';
import type { Dump } from './page.ts';
import { DATABASE_FOLDER, makeFolder, runInProfile } from './profile.ts';

export interface Kept {
	readonly expected: Dump;
	readonly files: Readonly<Record<string, Uint8Array>>;
}

const DEFAULT_FOLDER = 'Default';
/** Of the origin-private file systems, below that. */
const RING_FOLDER = 'File System';
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
	const base = path.join(profile, DEFAULT_FOLDER);
	const ring = (await filesUnder(path.join(base, RING_FOLDER))).map((file) => ({
		file,
		name: path.relative(base, file)
	}));
	const database = (await readdir(path.join(profile, DATABASE_FOLDER))).map((name) => ({
		file: path.join(profile, DATABASE_FOLDER, name),
		name
	}));
	for (const { file, name } of [...database, ...ring]) {
		if (!NEEDLESS_FILES.includes(path.basename(name))) files[name] = await readFile(file);
	}
	// A copy of the database alone: a real profile's service worker would answer in our place.
	const { folder, remove } = await makeFolder();
	await unpack({ files }, folder);
	const expected = await runInProfile(folder, 'dump');
	await remove();
	const packed = gzipSync(encodePlain({ expected: { ...expected }, files }));
	await writeFile(path.join(KEPT_FOLDER, name), packed);
	return packed.length;
}

/** Puts the files where Chromium looks for them, in an empty profile folder. */
export async function unpack({ files }: Pick<Kept, 'files'>, profile: string): Promise<void> {
	for (const [name, content] of Object.entries(files)) {
		const folder = name.includes('/') ? DEFAULT_FOLDER : DATABASE_FOLDER;
		const file = path.join(profile, folder, name);
		await mkdir(path.dirname(file), { recursive: true });
		await writeFile(file, content);
	}
}
