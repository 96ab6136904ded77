/** Runs in Chromium: writes sample rows through the real store, or reads what a profile holds. */

import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import type { Change } from '../../src/lib/post/ports.ts';
import { TABLES, type TableName, type Tables } from '../../src/lib/post/records.ts';
import { bytesToRow, rowToBytes } from '../../src/lib/store/rows.ts';
import { createStore } from '../../src/lib/store/store.ts';
import RingWorker from '../../src/lib/workers/ring.ts?worker&inline';
import { equal, fromHex, toHex, utf8 } from '../../src/lib/wire/bytes.ts';
import { cidOfRaw } from '../../src/lib/wire/codec.ts';
import { cidToBlockId } from '../../src/lib/wire/ids.ts';

/** Everything that is in a profile and in no other, as far as reading can tell. */
export interface Dump {
	/** Table → rows as canonical DAG-CBOR in hex, sorted. */
	readonly rows: Readonly<Record<string, readonly string[]>>;
	/** The device's Ed25519 public key in hex; its signature was checked. */
	readonly device: string;
	/** Is the block there that `fill` writes? */
	readonly hasBlock: boolean;
	/** The key ring's file in hex, where there is one. */
	readonly ring?: string;
}

export interface Page {
	/** A row in each table, all with this text and bytes in them, and a block. */
	fill(text: string, bytes: readonly number[]): Promise<void>;
	/** The same rows and keys as any other program would write them: not sealed. */
	fillOpenly(text: string, bytes: readonly number[]): Promise<void>;
	dump(): Promise<Dump>;
	/**
	 * Two rows and a secret, each under a key of the ring; and the first row's text where it is not
	 * sealed, as what a search must find. Gives the ring's secrets in hex, in the same order.
	 */
	writeEnding(text: string): Promise<string[]>;
	/** Destroys the keys of the first row and of the secret; what the store still reads of the rows. */
	endThem(): Promise<string[]>;
	/** Writes these rows, each as `dump` gives it, in place of what stands there. */
	plant(rows: readonly Planted[]): Promise<void>;
}

export interface Planted {
	readonly table: TableName;
	readonly key: readonly string[];
	/** Canonical DAG-CBOR in hex. */
	readonly row: string;
}

const BLOCK = utf8('a block is ciphertext already');
const BLOCK_ID = cidToBlockId(cidOfRaw(BLOCK));

const page: Page = {
	async fill(text, bytes) {
		const store = createStore({ suite: async () => nobleSuite });
		await store.keys.deviceSigner();
		await store.mail.commit(makeChanges(text, Uint8Array.from(bytes)));
		await store.blocks.put([{ id: BLOCK_ID, data: BLOCK }]);
		store.close();
	},
	async fillOpenly(text, bytes) {
		const connection = await openControl();
		const transaction = connection.transaction('rows', 'readwrite', { durability: 'strict' });
		for (const change of makeChanges(text, Uint8Array.from(bytes))) {
			transaction.objectStore('rows').put(change, [change.table, ...change.key]);
		}
		await new Promise((resolve) => {
			transaction.oncomplete = resolve;
		});
		connection.close();
	},
	async dump() {
		const store = createStore({ suite: async () => nobleSuite });
		const signer = await store.keys.deviceSigner();
		const signature = await signer.sign(utf8('kept'));
		if (!(await nobleSuite.verify(signer.publicKey, utf8('kept'), signature))) {
			throw new Error('the device key signs wrongly');
		}
		const rows: Record<string, string[]> = {};
		for (const table of TABLES) {
			const list = await store.mail.list(table);
			rows[table] = list.map((row) => toHex(rowToBytes(row))).sort();
		}
		const block = await store.blocks.get(BLOCK_ID);
		store.close();
		const ring = await readRing();
		return {
			...(ring !== null && { ring }),
			rows,
			device: toHex(signer.publicKey),
			hasBlock: block !== null && equal(block, BLOCK)
		};
	},
	async writeEnding(text) {
		const store = openRinged();
		const keys = await store.ring.claim(3);
		const [first, second, third] = keys ?? [];
		if (!first || !second || !third) throw new Error('no ring here');
		const rowUnder = (under: Uint8Array, name: string): Change => {
			const put = { text: `${text} ${name}`, under } as unknown as Tables['draft'];
			return { table: 'draft', key: [name], put };
		};
		const sealed = await store.ring.seal(third, utf8(text));
		await store.mail.commit([rowUnder(first, 'first'), rowUnder(second, 'second')]);
		const refs = [first, second, third, sealed].map(toHex).join(' ');
		await store.mail.commit([{ table: 'setting', key: ['refs'], put: { value: refs } }]);
		// Old versions of a row stay in the browser's files for a while.
		await store.mail.commit([rowUnder(first, 'first'), rowUnder(second, 'second')]);
		store.close();
		const file = fromHex((await readRing()) ?? '') ?? new Uint8Array();
		return [2, 3, 4].map((place) => toHex(file.slice(32 * place, 32 * (place + 1))));
	},
	async endThem() {
		const store = openRinged();
		const row = await store.mail.get('setting', ['refs']);
		const [first, , third, sealed] = String(row?.value).split(' ').map(fromHex);
		if (!first || !third || !sealed) throw new Error('nothing was written');
		if ((await store.ring.open(third, sealed)) === null) throw new Error('it opens before');
		if (!(await store.ring.destroy([first, third]))) throw new Error('not destroyed');
		if ((await store.ring.open(third, sealed)) !== null) throw new Error('it still opens');
		const rows = await store.mail.list('draft');
		store.close();
		return rows.flatMap((each) => each.text);
	},
	async plant(rows) {
		const store = createStore({ suite: async () => nobleSuite });
		await store.mail.commit(
			rows.map(({ table, key, row }) => {
				const put = bytesToRow(table, fromHex(row) ?? new Uint8Array());
				return { table, key, put } as Change;
			})
		);
		store.close();
	}
};

Object.assign(globalThis, { page });

function openRinged() {
	return createStore({
		suite: async () => nobleSuite,
		startRingWorker: () => new RingWorker()
	});
}

async function readRing(): Promise<string | null> {
	const folder = await navigator.storage.getDirectory();
	const handle = await folder.getFileHandle('defms-ring').catch(() => null);
	if (handle === null) return null;
	return toHex(new Uint8Array(await (await handle.getFile()).arrayBuffer()));
}

/** The store does not look at the shape of a row, so every kind of field stands in each. */
function makeChanges(text: string, bytes: Uint8Array): Change[] {
	return TABLES.map((table) => {
		const fields = { text, bytes, count: 1.5, nothing: null, isIt: true, cid: cidOfRaw(bytes) };
		const row = { ...fields, list: [fields, [text]], [text]: table };
		return makeChange(table, text, row);
	});
}

function makeChange(table: TableName, text: string, row: object): Change {
	const put = row as Tables[TableName];
	return { table, key: [text, `second ${text}`], put } as Change;
}

function openControl(): Promise<IDBDatabase> {
	const request = indexedDB.open('control');
	return new Promise((resolve) => {
		request.onupgradeneeded = () => request.result.createObjectStore('rows');
		request.onsuccess = () => resolve(request.result);
	});
}
