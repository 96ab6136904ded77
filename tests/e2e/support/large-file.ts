/** Large files of a known content that cost no disk: holes, and a word here and there. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

export const MIB = 1024 * 1024;

export interface LargeFile {
	readonly path: string;
	readonly name: string;
	readonly bytes: number;
	/** SHA-256 in hex. */
	readonly hash: string;
	remove(): Promise<void>;
}

/** How many MiB the scenarios of large files take: `FILE_MIB`, else what a test run can spare. */
export function fileMib(otherwise: number): number {
	return Number(process.env['FILE_MIB'] ?? otherwise);
}

/** No two of its MiB are alike, so that one in another's place is seen. */
export async function createLargeFile(name: string, mib: number): Promise<LargeFile> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'defms-large-'));
	const file = path.join(folder, name);
	// One that ends inside a chunk.
	const bytes = mib * MIB + 12_345;
	const handle = await open(file, 'w');
	await handle.truncate(bytes);
	for (let at = 0; at < mib; at++) await handle.write(`MiB ${String(at)} of ${name}`, at * MIB);
	await handle.close();
	return {
		path: file,
		name,
		bytes,
		hash: await hashFile(file),
		remove: () => rm(folder, { recursive: true, force: true })
	};
}

export async function hashFile(file: string): Promise<string> {
	const hash = createHash('sha256');
	for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
	return hash.digest('hex');
}
