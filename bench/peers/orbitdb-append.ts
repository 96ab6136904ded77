/** OrbitDB 4 on Helia as its handbook sets it up for browsers: blocks, heads and index in IndexedDB. */
import { gossipsub } from '@libp2p/gossipsub';
import { identify } from '@libp2p/identify';
import { createOrbitDB } from '@orbitdb/core';
import { LevelBlockstore } from 'blockstore-level';
import { createHelia } from 'helia';
import { createLibp2p } from 'libp2p';
import { textOf } from '../harness/text.ts';

const libp2p = await createLibp2p({
	addresses: { listen: [] },
	services: { identify: identify(), pubsub: gossipsub({ allowPublishToZeroTopicPeers: true }) }
});
const ipfs = await createHelia({ libp2p, blockstore: new LevelBlockstore('orbitdb-blocks') });
const orbitdb = await createOrbitDB({ ipfs });
const database = await orbitdb.open('append', { type: 'events' });
let written = 0;

const api = {
	/** Appends one by one; a second. */
	async append(count: number): Promise<number> {
		const begin = performance.now();
		for (let i = 0; i < count; i++) await database.add({ text: textOf(written++) });
		return count / ((performance.now() - begin) / 1000);
	}
};

Object.assign(globalThis, { api });
