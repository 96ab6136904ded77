/// <reference types="@vitest/browser-playwright" />
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
