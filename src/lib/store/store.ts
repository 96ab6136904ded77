/** The storage of one browser profile: everything that `post/ports.ts` asks to keep. */

import type { Suite } from '../crypto/suite.ts';
import type { MessageShelf } from '../mailbox/ports.ts';
import type { BlockStore, KeyRing, KeyStore, MailStore } from '../post/ports.ts';
import { createBlockStore } from './block-store.ts';
import { createChanges } from './changes.ts';
import { createDatabase, type Database, type Trouble } from './database.ts';
import { createKeyRing } from './key-ring.ts';
import { createKeyStore } from './key-store.ts';
import { createMailStore } from './mail-store.ts';
import { createMessageShelf } from './message-shelf.ts';
import { createReserve, type Reserve } from './reserve.ts';
import { createQuota, findStorage, type Quota } from './quota.ts';
import { createRingFile, type StartRingWorker } from './ring-file.ts';
import { openVault, type Vault } from './vault.ts';
import { createWriter, type StartWriter } from './writer.ts';

export interface Store {
	readonly mail: MailStore;
	readonly blocks: BlockStore;
	/** All messages, for search. */
	readonly messages: MessageShelf;
	readonly keys: KeyStore;
	readonly ring: KeyRing;
	readonly quota: Quota;
	readonly reserve: Reserve;
	/** For `createHeliaBlockstore`, which no page needs before its node starts. */
	readonly database: Database;
	/** Closes the database and ends all subscriptions; every later call throws. */
	close(): void;
}

export interface StoreOptions {
	/** Ed25519 for browsers whose WebCrypto has none. */
	readonly suite: () => Promise<Pick<Suite, 'signer'>>;
	readonly onTrouble?: (trouble: Trouble) => void;
	/** Writes the key ring; absent where no worker can be started. */
	readonly startRingWorker?: StartRingWorker;
	/** Writes what a person sends; likewise. */
	readonly startWriter?: StartWriter;
	/** Of database, key ring and channel; one store per name and profile. */
	readonly name?: string;
}

/** Touches nothing yet: the database opens, and the keys are made, at the first call. */
export function createStore({
	suite,
	onTrouble,
	startRingWorker,
	startWriter,
	name = 'defms'
}: StoreOptions): Store {
	const database = createDatabase(name, (trouble) => onTrouble?.(trouble));
	const changes = createChanges(name);
	const ring = createKeyRing(() => createRingFile(name, startRingWorker));
	const quota = createQuota(database, findStorage());
	const reserve = createReserve(database, quota);
	const writer = createWriter(name, startWriter);
	changes.subscribe((changed, writes) => {
		if (writes !== null && changed.has('draft')) writer.wake(); // it is about to be sent
	});
	let opening: Promise<Vault> | null = null;
	const vault = () => {
		opening ??= openVault(database).catch((error: unknown) => {
			opening = null; // the next call tries anew
			throw error;
		});
		return opening;
	};
	return {
		mail: createMailStore({ database, vault, ring, changes, reserve, writer }),
		blocks: createBlockStore(database),
		messages: createMessageShelf({ database, vault, ring }),
		keys: createKeyStore({ database, vault, suite }),
		ring,
		quota,
		reserve,
		database,
		close() {
			changes.close();
			writer.close();
			database.close();
		}
	};
}
