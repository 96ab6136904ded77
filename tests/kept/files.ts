/** The files of a browser's profile. */

import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** Of this folder and all below it, each with its whole path. */
export async function filesUnder(folder: string): Promise<string[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	return entries
		.filter((entry) => entry.isFile())
		.map((entry) => path.join(entry.parentPath, entry.name));
}
