/// <reference types="@vitest/browser-playwright" />
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { cdp } from 'vitest/browser';
import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import { Overtaken, type MailStore } from '../../src/lib/post/ports.ts';
import { createStore, type Store } from '../../src/lib/store/store.ts';
import { createTurns } from '../../src/lib/store/turns.ts';
import { lockName } from '../../src/lib/store/writer.ts';
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

describeStore('this browser, which writes in a worker', async (): Promise<Profile> => {
	const name = `profile ${String(profiles++)}`;
	await setRoom(GRANTED_BYTES);
	const stores = await Promise.all(Array.from({ length: TABS }, () => openWithWriter(name)));
	return {
		open() {
			const store = stores.pop();
			if (store === undefined) throw new Error('more tabs than there are');
			return { ...store, mail: underLocks(store.mail), close: () => store.close() };
		},
		fill: (isFull) => (isFull ? fillDisk() : emptyDisk()),
		async end() {
			for (const store of stores) store.close();
			await deleteDatabase(name);
		}
	};
});

describe('the writer of a page', () => {
	it('writes under the locks that it is given, and then gives them back', async () => {
		const store = await openOwn('locks');
		const held = Promise.withResolvers<null>();
		const holding = navigator.locks.request(lockName('thread/b'), () => held.promise);
		let isStored = false;
		const writing = store.mail
			.update('setting', ['a'], () => [{ table: 'setting', key: ['a'], put: { value: 1 } }], {
				locks: ['draft/a', 'thread/b'],
				onStored: () => (isStored = true)
			})
			.then(() => expect(isStored).toBe(true));
		await vi.waitFor(async () => {
			const { held: taken = [], pending = [] } = await navigator.locks.query();
			expect(taken.map(({ name }) => name)).toContain(lockName('draft/a'));
			expect(pending.map(({ name }) => name)).toContain(lockName('thread/b'));
		});
		expect(isStored).toBe(false);
		expect(await store.mail.get('setting', ['a'])).toBeNull();
		held.resolve(null);
		await Promise.all([holding, writing]);
		expect(await store.mail.get('setting', ['a'])).toEqual({ value: 1 });
		await navigator.locks.request(lockName('draft/a'), () => null);
		await navigator.locks.request(lockName('thread/b'), () => null);
	});

	it('does not write upon what has changed while it waited', async () => {
		const store = await openOwn('changed');
		const other = await openOwn('changed');
		const recalled = [await store.mail.recall('setting', ['a'])];
		const held = Promise.withResolvers<null>();
		const holding = navigator.locks.request(lockName('thread/c'), () => held.promise);
		const put = { table: 'setting', key: ['b'], put: { value: 1 } } as const;
		const locks = ['thread/c'];
		const writing = store.mail.update('setting', ['b'], () => [put], { recalled, locks });
		await other.mail.commit([{ table: 'setting', key: ['a'], put: { value: 2 } }]);
		held.resolve(null);
		await expect(writing).rejects.toThrow(Overtaken);
		await holding;
		expect(await other.mail.get('setting', ['b'])).toBeNull();
	});

	it('says that it cannot, and the page can', async () => {
		const store = await openOwn('lost', startDeaf);
		const put = { table: 'setting', key: ['a'], put: { value: 1 } } as const;
		const writing = store.mail.update('setting', ['a'], () => [put], { locks: ['draft/a'] });
		await expect(writing).rejects.toThrow('could not write');
		expect(store.mail.takesLocks()).toBe(false);
		await store.mail.update('setting', ['a'], () => [put]);
		expect(await store.mail.get('setting', ['a'])).toEqual({ value: 1 });
	});
});

/** A writer that breaks at its first order. */
function startDeaf(): Worker {
	const code = `postMessage('ready'); onmessage = () => { throw new Error('broken'); };`;
	const worker = new Worker(URL.createObjectURL(new Blob([code])));
	worker.addEventListener('error', (event) => event.preventDefault()); // and is not reported
	return worker;
}

/** The most that a test opens of one profile. */
const TABS = 4;

const startWriter = () =>
	new Worker(new URL('../../src/lib/workers/writer.ts', import.meta.url), { type: 'module' });

/** Resolves when its writer is there. */
async function openWithWriter(name: string, start: () => Worker = startWriter): Promise<Store> {
	const store = createStore({ suite: async () => nobleSuite, name, startWriter: start });
	await store.mail.commit([{ table: 'draft', key: ['none'], remove: true }]); // wakes it
	await vi.waitFor(() => expect(store.mail.takesLocks()).toBe(true));
	return store;
}

async function openOwn(name: string, start?: () => Worker): Promise<Store> {
	const store = await openWithWriter(name, start);
	onTestFinished(async () => {
		store.close();
		await deleteDatabase(name);
	});
	return store;
}

/**
 * Each update by the writer, one after the other, for it has no turns in a tab; what it cannot do is done in
 * the page, as `postDraft` does.
 */
function underLocks(mail: MailStore): MailStore {
	const inTurn = createTurns();
	return {
		...mail,
		update: (table, key, decide, options) =>
			inTurn('', async () => {
				try {
					await mail.update(table, key, decide, { ...options, locks: ['a', 'b'] });
				} catch (error) {
					const isLost = error instanceof Error && error.message.includes('could not write');
					if (!isLost) throw error;
					await mail.update(table, key, decide, options);
				}
			})
	};
}

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
