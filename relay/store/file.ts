/** Files that are either wholly there or not at all, also after a power cut. */

import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';

/** Ends the name of a file that is being written; what bears it after a crash is rubbish. */
export const UNFINISHED = '.tmp';

/** Writes beside, syncs, renames, syncs the folder. Throws what the file system throws. */
export function writeDurably(file: string, bytes: Uint8Array, mode = 0o600): void {
	const folder = dirname(file);
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const beside = `${file}.${randomBytes(6).toString('hex')}${UNFINISHED}`;
	try {
		const handle = openSync(beside, 'wx', mode);
		try {
			for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done);
			fsyncSync(handle);
		} finally {
			closeSync(handle);
		}
		renameSync(beside, file);
	} catch (error) {
		rmSync(beside, { force: true });
		throw error;
	}
	syncFolder(folder);
}

/** A rename or removal is durable only once its folder is. Windows has no such call. */
export function syncFolder(folder: string): void {
	if (process.platform === 'win32') return;
	const handle = openSync(folder, 'r');
	try {
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
}
