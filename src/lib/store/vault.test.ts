import 'fake-indexeddb/auto';
import * as fc from 'fast-check';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { utf8 } from '../wire/bytes.ts';
import { CannotKeep, createDatabase, NewerData, type Database } from './database.ts';
import { DamagedRow, openVault } from './vault.ts';

const PLACE = Uint8Array.of(1, 2, 3);
const bytes = () => fc.uint8Array({ maxLength: 300 });

beforeEach(() => {
	globalThis.indexedDB = new IDBFactory();
});

describe('the vault', () => {
	it('opens what it sealed, in its place', async () => {
		const vault = await openVault(openDatabase());
		await fc.assert(
			fc.asyncProperty(bytes(), bytes(), async (place, plaintext) => {
				expect(await vault.open(place, await vault.seal(place, plaintext))).toEqual(plaintext);
			})
		);
	});

	it('never seals twice alike', async () => {
		const vault = await openVault(openDatabase());
		const [a, b] = [await vault.seal(PLACE, utf8('a')), await vault.seal(PLACE, utf8('a'))];
		expect(a.slice(1, 13)).not.toEqual(b.slice(1, 13));
	});

	it('refuses a row in another place, cut short, or with a bit flipped', async () => {
		const vault = await openVault(openDatabase());
		const sealed = await vault.seal(PLACE, utf8('dear bob'));
		await expect(vault.open(Uint8Array.of(1, 2, 4), sealed)).rejects.toThrow(DamagedRow);
		for (let length = 0; length < sealed.length; length++) {
			await expect(vault.open(PLACE, sealed.slice(0, length))).rejects.toThrow(DamagedRow);
		}
		for (let bit = 8; bit < sealed.length * 8; bit++) {
			const flipped = Uint8Array.from(sealed);
			flipped[bit >> 3]! ^= 1 << (bit & 7);
			await expect(vault.open(PLACE, flipped)).rejects.toThrow(DamagedRow);
		}
	});

	it('refuses every other bytes', async () => {
		const vault = await openVault(openDatabase());
		await fc.assert(
			fc.asyncProperty(bytes(), async (sealed) => {
				const newer = (sealed[0] ?? 0) > 1;
				await expect(vault.open(PLACE, sealed)).rejects.toThrow(newer ? NewerData : DamagedRow);
			})
		);
	});

	it('says that a row of a later format is newer', async () => {
		const vault = await openVault(openDatabase());
		const sealed = await vault.seal(PLACE, utf8('a'));
		sealed[0] = 2;
		await expect(vault.open(PLACE, sealed)).rejects.toThrow(NewerData);
	});

	it('blinds a part by its table, its position and its text', async () => {
		const vault = await openVault(openDatabase());
		const all = await Promise.all([
			vault.blind(1, 0, 'alice'),
			vault.blind(2, 0, 'alice'),
			vault.blind(1, 1, 'alice'),
			vault.blind(1, 0, 'alice ')
		]);
		expect(new Set(all.map(String)).size).toBe(4);
		expect(all.every(({ length }) => length === 16)).toBe(true);
	});

	it('blinds alike after it has forgotten', async () => {
		const vault = await openVault(openDatabase());
		const before = await vault.blind(1, 0, 'alice');
		for (let i = 0; i < 5000; i++) await vault.blind(1, 0, String(i));
		expect(await vault.blind(1, 0, 'alice')).toEqual(before);
	});

	it('is one vault for tabs that begin at once', async () => {
		const vaults = await Promise.all(Array.from({ length: 5 }, () => openVault(openDatabase())));
		const sealed = await vaults[0]!.seal(PLACE, utf8('a'));
		for (const vault of vaults) expect(await vault.open(PLACE, sealed)).toEqual(utf8('a'));
		const blinded = await Promise.all(vaults.map((vault) => vault.blind(1, 0, 'a')));
		expect(new Set(blinded.map(String)).size).toBe(1);
	});

	it('has keys that no script can read', async () => {
		const database = openDatabase();
		await openVault(database);
		const keys = await database.read('keys', ({ store }) => store.get('vault'));
		const { seal, blind } = keys as { seal: CryptoKey; blind: CryptoKey };
		for (const key of [seal, blind]) {
			expect(key.extractable).toBe(false);
			await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
		}
	});

	it('says that it cannot keep without WebCrypto, or where keys are not kept', async () => {
		vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
		await expect(openVault(openDatabase())).rejects.toThrow(CannotKeep);
		vi.unstubAllGlobals();
		const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
			throw new DOMException('not cloneable', 'DataCloneError');
		});
		await expect(openVault(openDatabase())).rejects.toThrow(CannotKeep);
		put.mockRestore();
	});
});

function openDatabase(): Database {
	return createDatabase('vault', () => undefined);
}
