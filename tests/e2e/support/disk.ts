/** A full disk, as Chromium shows it: the quota of the relay's origin is used up to the last byte. */
import { expect, type Page } from '@playwright/test';

/** Enough for a scenario, and soon filled. */
const DISK_BYTES = 32_000_000;

/** Other data of this origin: what it takes, the app cannot have. */
const FILLER = 'filler';

/**
 * Gives the app at this address a small disk. To be called before its page is opened for the first
 * time: for what Chromium has granted to an open database it asks its quota no more.
 */
export async function limitDisk(page: Page, url: string): Promise<void> {
	const session = await page.context().newCDPSession(page);
	const { origin } = new URL(url);
	await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: DISK_BYTES });
}

/** The app has set room aside for deleting, as it does some seconds after its start. */
export async function expectReserve(page: Page): Promise<void> {
	await expect.poll(() => page.evaluate(hasReserve), { timeout: 30_000 }).toBe(true);
}

/** From now on nothing more goes in, however small. */
export async function fillDisk(page: Page): Promise<void> {
	await page.evaluate(fill, { name: FILLER, diskBytes: DISK_BYTES });
}

/** Takes away what filled it: there is room again. */
export async function emptyDisk(page: Page): Promise<void> {
	await page.evaluate(remove, FILLER);
}

/** As `store/reserve.ts` lays it. */
async function hasReserve(): Promise<boolean> {
	const connection = await new Promise<IDBDatabase>((resolve, reject) => {
		const opening = indexedDB.open('defms');
		opening.onsuccess = () => resolve(opening.result);
		opening.onerror = () => reject(opening.error ?? new Error('open'));
	});
	const count = await new Promise<number>((resolve, reject) => {
		const asked = connection.transaction('blocks').objectStore('blocks').count(Uint8Array.of(2));
		asked.onsuccess = () => resolve(asked.result);
		asked.onerror = () => reject(asked.error ?? new Error('count'));
	});
	connection.close();
	return count === 1;
}

async function fill({ name, diskBytes }: { name: string; diskBytes: number }): Promise<void> {
	const connection = await new Promise<IDBDatabase>((resolve, reject) => {
		const opening = indexedDB.open(name);
		opening.onupgradeneeded = () => opening.result.createObjectStore('s', { autoIncrement: true });
		opening.onsuccess = () => resolve(opening.result);
		opening.onerror = () => reject(opening.error ?? new Error('open'));
	});
	const tryToAdd = (value: Uint8Array) =>
		new Promise<boolean>((resolve, reject) => {
			const transaction = connection.transaction('s', 'readwrite');
			transaction.objectStore('s').add(value);
			transaction.oncomplete = () => resolve(true);
			transaction.onabort = () => {
				const { error } = transaction;
				if (error?.name === 'QuotaExceededError') resolve(false);
				else reject(error ?? new Error('abort'));
			};
		});
	// What it was granted some seconds ago, it may use although others took room since: a question for
	// more than there can be makes Chromium count anew. Else the disk would be more than full.
	const all = new Uint8Array(diskBytes);
	// Drawn, for what repeats itself is stored as next to nothing.
	for (let at = 0; at < all.length; at += 64_000)
		crypto.getRandomValues(all.subarray(at, at + 64_000));
	if (await tryToAdd(all)) throw new Error('the disk is larger than it is');
	for (const size of [4_000_000, 500_000, 50_000, 5_000, 500, 50]) {
		while (await tryToAdd(new Uint8Array(size)));
	}
	connection.close();
}

function remove(name: string): Promise<void> {
	return new Promise((resolve, reject) => {
		const request = indexedDB.deleteDatabase(name);
		request.onsuccess = () => resolve();
		request.onerror = () => reject(request.error ?? new Error('delete'));
	});
}
