import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nobleSuite } from '../crypto/noble.ts';
import { utf8 } from '../wire/bytes.ts';
import { createDatabase, type Database } from './database.ts';
import { createKeyStore } from './key-store.ts';
import { openVault } from './vault.ts';

const MESSAGE = utf8('dear post office');

beforeEach(() => {
	globalThis.indexedDB = new IDBFactory();
});

afterEach(() => {
	vi.restoreAllMocks();
});

describe.each([
	['WebCrypto', () => undefined],
	['a browser without Ed25519', forbidEd25519]
])('the device key: %s', (_, prepare) => {
	it('signs, and is the same in every tab and after a restart', async () => {
		prepare();
		const databases = [openDatabase(), openDatabase(), openDatabase()];
		const signers = await Promise.all(databases.map((database) => openSigner(database)));
		const later = await openSigner(openDatabase());
		const { publicKey } = signers[0]!;
		for (const signer of [...signers, later]) {
			expect(signer.publicKey).toEqual(publicKey);
			const signature = await signer.sign(MESSAGE);
			expect(await nobleSuite.verify(publicKey, MESSAGE, signature)).toBe(true);
		}
	});
});

describe('the device key', () => {
	it('cannot be read by a script', async () => {
		const database = openDatabase();
		await openSigner(database);
		const keys = await database.read('keys', ({ store }) => store.get('device'));
		expect((keys as { private: CryptoKey }).private.extractable).toBe(false);
	});

	it('is kept as a sealed seed where WebCrypto has no Ed25519', async () => {
		forbidEd25519();
		const database = openDatabase();
		await openSigner(database);
		const keys = await database.read('keys', ({ store }) => store.get('device'));
		expect(Object.keys(keys as object)).toEqual(['sealedSeed']);
	});

	it('is asked for again after a failure', async () => {
		const database = openDatabase();
		const suite = async () => nobleSuite;
		vi.spyOn(database, 'read').mockRejectedValueOnce(new Error('no'));
		const keys = createKeyStore({ database, vault: () => openVault(database), suite });
		await expect(keys.deviceSigner()).rejects.toThrow('no');
		expect((await keys.deviceSigner()).publicKey).toHaveLength(32);
	});
});

function openSigner(database: Database) {
	const suite = async () => nobleSuite;
	return createKeyStore({ database, vault: () => openVault(database), suite }).deviceSigner();
}

function openDatabase(): Database {
	return createDatabase('keys', () => undefined);
}

function forbidEd25519(): void {
	const { subtle } = crypto;
	const generateKey = subtle.generateKey.bind(subtle) as (...args: unknown[]) => Promise<never>;
	vi.spyOn(subtle, 'generateKey').mockImplementation((algorithm: unknown, ...rest: unknown[]) => {
		if (algorithm !== 'Ed25519') return generateKey(algorithm, ...rest);
		return Promise.reject(new DOMException('unknown', 'NotSupportedError'));
	});
}
