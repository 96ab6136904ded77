/** In which order a browser stored the chunks of a file. */
import * as dagCbor from '@ipld/dag-cbor';
import type { Page } from '@playwright/test';
import { CID } from 'multiformats/cid';
import { rowsOf } from './vault.ts';

declare global {
	// In the page; declared with `var`, so that it is a property of the global object.
	var storedOrder: string[];
}

/** An `initScript`: notes the keys of blocks, in hex, as they are put. */
export const STORED_ORDER = `
	globalThis.storedOrder = [];
	const { put } = IDBObjectStore.prototype;
	IDBObjectStore.prototype.put = function (value, key) {
		if (this.name === 'blocks') {
			const bytes = new Uint8Array(key);
			globalThis.storedOrder.push(Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join(''));
		}
		return put.call(this, value, key);
	};
`;

/** Of the only file that this browser has: its chunks' places, in the order in which they came. */
export async function chunkOrder(page: Page): Promise<number[]> {
	const { message = [] } = await rowsOf(page);
	const mails = message.map((row) => dagCbor.decode<Row>(Buffer.from(row, 'hex')));
	const [file] = mails.flatMap(({ mail }) => mail.attachments);
	if (file === undefined) throw new Error('no file');
	const root = dagCbor.decode<{ links: CID[] }>(await blockOf(page, file.manifest));
	const places = new Map(root.links.map((link, place) => [keyOf(link), place]));
	const stored = await page.evaluate(() => globalThis.storedOrder);
	return stored.flatMap((key) => places.get(key) ?? []);
}

interface Row {
	readonly mail: { readonly attachments: readonly { readonly manifest: CID }[] };
}

/** First byte: a block of mail (store/block-store.ts). */
function keyOf(cid: CID): string {
	return `00${Buffer.from(cid.multihash.bytes).toString('hex')}`;
}

async function blockOf(page: Page, cid: CID): Promise<Buffer> {
	const hex = await page.evaluate(async (key) => {
		const opening = indexedDB.open('defms');
		await new Promise((resolve) => (opening.onsuccess = resolve));
		const bytes = Uint8Array.from(key.match(/../g) ?? [], (pair) => parseInt(pair, 16));
		const request = opening.result.transaction('blocks').objectStore('blocks').get(bytes);
		await new Promise((resolve) => (request.onsuccess = resolve));
		opening.result.close();
		const block = request.result as Uint8Array;
		return Array.from(block, (byte) => byte.toString(16).padStart(2, '0')).join('');
	}, keyOf(cid));
	return Buffer.from(hex, 'hex');
}
