/**
 * A reader's rows in the middle of a long thread, as a version wrote them: the outline has come, and some
 * of the texts. Rows are not sealed here; how they are at rest, the kept profiles show.
 *
 * halves/<version>.kept = gzip(DAG-CBOR Half)
 */

import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { decode } from '@ipld/dag-cbor';
import type { Desk } from '../../src/lib/post/ports.ts';
import type { TableName } from '../../src/lib/post/records.ts';
import type { Address, ThreadId } from '../../src/lib/wire/ids.ts';
import { encodeFields } from '../../src/lib/wire/codec.ts';
import { createMemoryDisk } from '../conformance/memory-store.ts';
import { Dice } from '../sim/dice.ts';
import { SUITES } from '../sim/suites.ts';

export interface Half {
	/** Unix ms, a little after all of it. */
	readonly now: number;
	readonly thread: ThreadId;
	/** Who has promised the texts. */
	readonly writer: Address;
	readonly rows: readonly HalfRow[];
	/** Entries whose texts had not come, newest first. */
	readonly texts: readonly { readonly header: Uint8Array; readonly body: Uint8Array }[];
	/** What the reader has read of it, and what it says in the end; sorted. */
	readonly read: readonly string[];
	readonly all: readonly string[];
}

export interface HalfRow {
	readonly table: TableName;
	readonly key: readonly string[];
	/** Canonical DAG-CBOR. */
	readonly row: Uint8Array;
}

const FOLDER = path.join(import.meta.dirname, 'halves');

export async function listHalves(): Promise<string[]> {
	return readdir(FOLDER);
}

export async function readHalf(name: string): Promise<Half> {
	return decode<Half>(gunzipSync(await readFile(path.join(FOLDER, name))));
}

export async function writeHalf(name: string, half: Half): Promise<void> {
	await writeFile(path.join(FOLDER, name), gzipSync(encodeFields({ ...half })));
}

/** With the real cryptography, on a disk of its own; without a key ring, whose keys would have to be kept, too. */
export function layDesk(name: string, now: () => number): Desk {
	const { mail: store, blocks, ring } = createMemoryDisk().open();
	const dice = new Dice(name);
	return {
		...{ suite: SUITES.noble, store, blocks, now, appUrl: 'https://mail.example/' },
		ring: { ...ring, erases: async () => false, claim: async () => null },
		offices: () => {
			throw new Error('nobody is asked here');
		},
		random: (size) => dice.bytes(size),
		keys: { deviceSigner: () => Promise.reject(new Error('nobody signs requests here')) },
		exclusive: (_name, work) => work()
	};
}

/** What this person's archive says of the thread. */
export async function textsOf({ store }: Desk, thread: ThreadId): Promise<string[]> {
	return (await store.list('message', [thread])).map(({ mail }) => mail.text).sort();
}
