/** Large files of a known content that cost no disk: holes, and a word here and there. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
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

/** So many seconds of a tone, 16 bit in stereo at 48 kHz: 192,000 bytes each. */
export async function createSong(name: string, seconds: number): Promise<LargeFile> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'defms-large-'));
	const file = path.join(folder, name);
	const rate = 48_000;
	const frames = rate * seconds;
	const song = Buffer.alloc(44 + 4 * frames);
	song.write('RIFF', 0);
	song.writeUInt32LE(song.length - 8, 4);
	song.write('WAVEfmt ', 8);
	song.writeUInt32LE(16, 16);
	song.writeUInt16LE(1, 20);
	song.writeUInt16LE(2, 22);
	song.writeUInt32LE(rate, 24);
	song.writeUInt32LE(4 * rate, 28);
	song.writeUInt16LE(4, 32);
	song.writeUInt16LE(16, 34);
	song.write('data', 36);
	song.writeUInt32LE(4 * frames, 40);
	for (let at = 0; at < frames; at++) {
		const tone = Math.round(8_000 * Math.sin((at * 2 * Math.PI * 440) / rate));
		song.writeInt16LE(tone, 44 + 4 * at);
		song.writeInt16LE(tone, 46 + 4 * at);
	}
	await writeFile(file, song);
	return {
		...{ path: file, name, bytes: song.length, hash: await hashFile(file) },
		remove: () => rm(folder, { recursive: true, force: true })
	};
}
