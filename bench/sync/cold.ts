/** Cold sync between two browsers with a profile each, over a real relay, then directly. */
import { createRelay } from '../../tests/e2e/support/relay.ts';
import { addressOf } from '../harness/circuit.ts';
import { openProfile, serveSite, type Party, type Profile, type Site } from '../harness/pages.ts';

const OURS = 'sync/ours.ts';
const ORBITDB = 'peers/orbitdb-sync.ts';

/** How often OrbitDB may fail in a round before the bench gives up. */
const TRIES = 3;

export interface Sync {
	readonly ms: number;
	/** Until the newest of them are. */
	readonly newestMs: number;
	/** Of the reader's page; 0 where none took 50 ms. */
	readonly longestTaskMs: number;
}

export interface Cold {
	/** What it takes until so many messages, and what their thread needs, are in the other's storage. */
	ours(messages: number): Promise<Sync>;
	/** ms until OrbitDB has given all of so many entries to the other's log. */
	orbitdb(entries: number): Promise<number>;
	readonly version: string;
	close(): Promise<void>;
}

export async function createCold(): Promise<Cold> {
	const relay = await createRelay();
	const site = await serveSite([OURS, ORBITDB]);
	const profiles = [await openProfile(), await openProfile()] as const;
	await relay.start();
	const [alice, bob] = await both(site, profiles, OURS);
	const bundles = [
		await alice.call('create', 'Alice', relay.url),
		await bob.call('create', 'Bob', relay.url)
	];
	await alice.call('befriend', bundles[1]);
	await bob.call('befriend', bundles[0]);
	const told = (await alice.call('told')) as { address: string; peer: string };
	const { address: bobs } = (await bob.call('told')) as { address: string };
	const theirs = await both(site, profiles, ORBITDB);
	const circuit = await addressOf(relay.url);
	const [peer] = await Promise.all(theirs.map((party) => party.call('start', circuit)));
	return {
		version: profiles[0].version,
		async ours(messages) {
			await alice.call('fill', bobs, messages);
			await Promise.all([alice.call('start'), bob.call('start')]);
			const { address, peer: name } = told;
			const sync = (await bob.call('sync', address, name, relay.url, messages)) as Sync;
			await Promise.all([alice.call('stop'), bob.call('stop')]);
			return sync;
		},
		async orbitdb(entries) {
			const [writer, reader] = theirs;
			for (let tries = 0; ; tries++) {
				const database = await writer.call('fill', entries);
				const target = `${circuit}/p2p-circuit/webrtc/p2p/${String(peer)}`;
				try {
					return await reader.measure('sync', target, database, entries);
				} catch (error) {
					// Its requests for blocks end after a time of their own; what it lost is not counted.
					if (tries === TRIES) throw error;
					process.stderr.write(`OrbitDB did not sync, and tries again: ${String(error)}\n`);
				} finally {
					await Promise.all(theirs.map((party) => party.call('forget')));
				}
			}
		},
		async close() {
			await Promise.all(profiles.map((profile) => profile.close()));
			site.close();
			await relay.dispose();
		}
	};
}

async function both(
	site: Site,
	[one, two]: readonly [Profile, Profile],
	entry: string
): Promise<[Party, Party]> {
	return [await site.open(one, entry), await site.open(two, entry)];
}
