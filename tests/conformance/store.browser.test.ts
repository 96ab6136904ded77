/// <reference types="@vitest/browser-playwright" />
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { cdp } from 'vitest/browser';
import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import { createStore } from '../../src/lib/store/store.ts';
import { describeStore, type Profile } from './store.ts';

/** For what Chromium believes to have granted to an open database, it asks its quota no more. */
const GRANTED_BYTES = 60_000_000;

let profiles = 0;

describeStore('this browser', async (): Promise<Profile> => {
	const name = `profile ${String(profiles++)}`;
	await setRoom(GRANTED_BYTES);
	return {
		open: () => createStore({ suite: async () => nobleSuite, name }),
		fill: (isFull) => (isFull ? fillDisk() : emptyDisk()),
		end: () => deleteDatabase(name)
	};
});

describe('a page and two workers', () => {
	it('begin at once, hear of each other and lose no increment', async () => {
		const name = 'threads';
		const store = createStore({ suite: async () => nobleSuite, name });
		onTestFinished(async () => {
			store.close();
			await deleteDatabase(name);
		});
		const counts: number[] = [];
		store.mail.subscribe(() => {
			void store.mail.get('refusal', ['expired']).then((row) => counts.push(row?.count ?? 0));
		});
		await Promise.all([runWorker({ name, times: 20 }), runWorker({ name, times: 20 })]);
		await vi.waitFor(() => expect(counts).toContain(40));
	});
});

function runWorker(order: { readonly name: string; readonly times: number }): Promise<void> {
	const worker = new Worker(new URL('./store-tab.worker.ts', import.meta.url), { type: 'module' });
	onTestFinished(() => worker.terminate());
	return new Promise((resolve, reject) => {
		worker.onmessage = () => resolve();
		worker.onerror = ({ message }) => reject(new Error(message));
		worker.postMessage(order);
	});
}

async function setRoom(bytes: number): Promise<void> {
	const { usage = 0 } = await navigator.storage.estimate();
	const { origin } = location;
	await cdp().send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + bytes });
}

/** Takes the quota away, and writes until nothing more goes in, however small. */
async function fillDisk(): Promise<void> {
	await setRoom(0);
	const connection = await openFiller();
	for (const size of [4_000_000, 500_000, 50_000, 5_000, 500]) {
		while (await tryToAdd(connection, new Uint8Array(size)));
	}
	connection.close();
}

async function emptyDisk(): Promise<void> {
	await deleteDatabase('filler');
	await setRoom(GRANTED_BYTES);
}

function openFiller(): Promise<IDBDatabase> {
	const request = indexedDB.open('filler');
	return new Promise((resolve, reject) => {
		request.onupgradeneeded = () => request.result.createObjectStore('s', { autoIncrement: true });
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error!);
	});
}

function tryToAdd(connection: IDBDatabase, value: Uint8Array): Promise<boolean> {
	const transaction = connection.transaction('s', 'readwrite');
	transaction.objectStore('s').add(value);
	return new Promise((resolve, reject) => {
		transaction.oncomplete = () => resolve(true);
		transaction.onabort = () => {
			const { error } = transaction;
			if (error?.name === 'QuotaExceededError') resolve(false);
			else reject(error!);
		};
	});
}

function deleteDatabase(name: string): Promise<void> {
	const request = indexedDB.deleteDatabase(name);
	return new Promise((resolve) => {
		request.onsuccess = () => resolve();
	});
}
