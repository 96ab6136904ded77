import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { StorageFull } from '../post/ports.ts';
import {
	CannotKeep,
	createDatabase,
	NewerData,
	StorageGone,
	UPGRADES,
	type Database,
	type Upgrade
} from './database.ts';

const KEY = Uint8Array.of(1);
const VALUE = Uint8Array.of(7);

beforeEach(() => {
	globalThis.indexedDB = new IDBFactory();
});

afterEach(() => {
	vi.restoreAllMocks();
});

describe('a transaction', () => {
	it('is all or nothing when its work throws', async () => {
		const database = open();
		const write = database.write('rows', 'strict', async ({ store }) => {
			await store.put(VALUE, KEY);
			throw new RangeError('no');
		});
		await expect(write).rejects.toThrow(RangeError);
		expect(await get(database)).toBeUndefined();
	});

	it('is all or nothing when its work throws before it waits for anything', async () => {
		const database = open();
		const write = database.write('rows', 'strict', ({ store }) => {
			void store.put(VALUE, KEY).catch(() => undefined);
			throw new RangeError('too large');
		});
		await expect(write).rejects.toThrow(RangeError);
		expect(await get(database)).toBeUndefined();
	});

	it('has the durability that was asked for', async () => {
		const asked = vi.spyOn(IDBDatabase.prototype, 'transaction');
		const database = open();
		await put(database);
		await database.write('blocks', 'relaxed', ({ store }) => store.put(VALUE, KEY));
		const durabilities = asked.mock.calls
			.filter(([, mode]) => mode === 'readwrite')
			.map(([, , options]) => options?.durability);
		expect(durabilities).toEqual(['strict', 'relaxed']);
	});
});

describe('a full disk', () => {
	it.each([
		['QuotaExceededError', ''],
		['DataError', 'Failed to write blobs (IOError)'],
		['UnknownError', 'IO error: .../000019.log: FILE_ERROR_NO_SPACE (ChromeMethodBFE: 3)']
	])('shows as %s', async (name, message) => {
		const database = open();
		await put(database);
		const refused = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
			throw new DOMException(message, name);
		});
		await expect(put(database)).rejects.toThrow(StorageFull);
		expect(refused).toHaveBeenCalledTimes(1);
		expect(database.isFull).toBe(true);
		refused.mockRestore();
		await put(database);
		expect(database.isFull).toBe(false);
	});
});

describe('a connection', () => {
	it('is opened once for all who ask at once', async () => {
		const opened = vi.spyOn(IDBFactory.prototype, 'open');
		const database = open();
		await Promise.all([put(database), get(database), get(database)]);
		expect(opened).toHaveBeenCalledTimes(1);
	});

	it('is replaced once where it died without a word', async () => {
		const connections = watchConnections();
		const database = open();
		await put(database);
		connections[0]!.close();
		expect(await Promise.all([get(database), get(database)])).toEqual([VALUE, VALUE]);
		expect(connections).toHaveLength(2);
	});

	it('is replaced where WebKit lost its server, and not for ever', async () => {
		const database = open();
		await put(database);
		const lost = new DOMException('Connection to Indexed Database server lost', 'UnknownError');
		const failing = vi.spyOn(IDBDatabase.prototype, 'transaction');
		failing.mockImplementationOnce(() => {
			throw lost;
		});
		expect(await get(database)).toEqual(VALUE);
		failing.mockImplementation(() => {
			throw lost;
		});
		await expect(get(database)).rejects.toThrow(lost);
	});

	it('is opened once more where it was closed while it opened', async () => {
		const failing = vi.spyOn(IDBFactory.prototype, 'open').mockImplementationOnce(() => {
			throw new DOMException('The connection was closed.', 'AbortError');
		});
		await put(open());
		expect(failing).toHaveBeenCalledTimes(2);
	});

	it('is opened anew after a failure', async () => {
		const failing = vi.spyOn(IDBFactory.prototype, 'open').mockImplementationOnce(() => {
			throw new DOMException('denied', 'SecurityError');
		});
		const database = open();
		await expect(get(database)).rejects.toThrow(CannotKeep);
		await put(database);
		expect(failing).toHaveBeenCalledTimes(2);
	});

	it('stays closed', async () => {
		const database = open();
		await put(database);
		database.close();
		await expect(get(database)).rejects.toThrow('closed');
	});
});

describe('another version', () => {
	it('that is newer is refused', async () => {
		(await openDB('test', 99)).close();
		await expect(get(open())).rejects.toThrow(NewerData);
	});

	it('that opens later in another tab gets the database, and we are told', async () => {
		const told: string[] = [];
		const database = open((trouble) => told.push(trouble));
		await put(database);
		const newer = await openDB('test', 99);
		onTestFinished(() => newer.close());
		expect(told).toEqual(['outdated']);
		await expect(get(database)).rejects.toThrow(NewerData);
	});
});

describe('an upgrade', () => {
	it('runs the steps that are missing, and keeps what is there', async () => {
		const old = open();
		await put(old);
		const ran: string[] = [];
		const steps = [...UPGRADES, () => ran.push('second'), () => ran.push('third')];
		const database = open(() => undefined, steps);
		expect(await get(database)).toEqual(VALUE);
		expect(ran).toEqual(['second', 'third']);
		await expect(get(old)).rejects.toThrow(NewerData);
	});

	it('waits for a tab that does not give way, and we are told', async () => {
		const sleeping = await openDB('test', 1);
		onTestFinished(() => sleeping.close());
		const told: string[] = [];
		const reading = get(open((trouble) => told.push(trouble), [() => undefined, ...UPGRADES]));
		await vi.waitFor(() => expect(told).toEqual(['blocked']));
		sleeping.close();
		expect(await reading).toBeUndefined();
	});
});

describe('a deleted database', () => {
	it('is let go, and never filled again by this tab', async () => {
		const told: string[] = [];
		const database = open((trouble) => told.push(trouble));
		await put(database);
		await deleteDB('test');
		expect(told).toEqual(['gone']);
		await expect(put(database)).rejects.toThrow(StorageGone);
		expect(await indexedDB.databases()).toEqual([]);
	});

	it('is noticed when the connection died with it', async () => {
		const connections = watchConnections();
		const told: string[] = [];
		const database = open((trouble) => told.push(trouble));
		await put(database);
		connections[0]!.close();
		await deleteDB('test');
		await expect(put(database)).rejects.toThrow(StorageGone);
		expect(told).toEqual(['gone']);
	});
});

function open(
	onTrouble: (trouble: string) => void = () => undefined,
	upgrades: readonly Upgrade[] = UPGRADES
): Database {
	const database = createDatabase('test', onTrouble, upgrades);
	onTestFinished(() => database.close());
	return database;
}

function put(database: Database) {
	return database.write('rows', 'strict', ({ store }) => store.put(VALUE, KEY));
}

function get(database: Database) {
	return database.read('rows', ({ store }) => store.get(KEY));
}

/** The raw connections behind the databases of a test, in order. */
function watchConnections(): IDBDatabase[] {
	const connections = new Set<IDBDatabase>();
	const { transaction } = IDBDatabase.prototype;
	vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (
		this: IDBDatabase,
		...args
	) {
		connections.add(this);
		list.splice(0, Infinity, ...connections);
		return transaction.apply(this, args);
	});
	const list: IDBDatabase[] = [];
	return list;
}
