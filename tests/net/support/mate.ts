/** A member of a small world over a real relay: a replica with a network. */
import { nobleSuite } from '../../../src/lib/crypto/noble.ts';
import { systemRandom } from '../../../src/lib/crypto/random.ts';
import { createOffices } from '../../../src/lib/net/office.ts';
import { peerNameOf } from '../../../src/lib/net/peer-name.ts';
import { startNet, type Net } from '../../../src/lib/net/start.ts';
import type { RelayState } from '../../../src/lib/net/supervisor.ts';
import type { ReachTarget } from '../../../src/lib/post/ports.ts';
import type { PeerName } from '../../../src/lib/wire/ids.ts';
import { Replica } from './memory.ts';

export interface Mate {
	readonly replica: Replica;
	readonly net: Net;
	readonly peer: PeerName;
	readonly failures: unknown[];
	/** What others need to reach this one. */
	readonly target: ReachTarget;
	/** Resolves when its relay state is this. */
	becomes(state: RelayState): Promise<void>;
}

/** @param name small number: names the keys, so that the same one is the same identity again */
export async function createMate(name: number, relays: readonly string[]): Promise<Mate> {
	const replica = await Replica.create(name);
	const peerSeed = new Uint8Array(32).fill(name + 100);
	const peer = await peerNameOf(nobleSuite, peerSeed);
	const ground = { suite: nobleSuite, random: systemRandom, now: () => Date.now() };
	const failures: unknown[] = [];
	const net = await startNet({
		ground,
		account: { root: replica.root, auth: replica.auth, peerSeed, peer },
		offices: createOffices({ ...ground, fetch: (url, init) => fetch(url, init) }),
		relays,
		recipient: replica,
		onRefused: (reason) => replica.counted.push(reason),
		witness: () => undefined,
		onFailure: (cause) => failures.push(cause)
	});
	return {
		replica,
		net,
		peer,
		failures,
		target: { address: replica.address, peers: [peer], offices: relays },
		async becomes(state) {
			if (net.status.state === state) return;
			await new Promise<void>((resolve) => {
				const leave = net.subscribe((status) => {
					if (status.state !== state) return;
					leave();
					resolve();
				});
			});
		}
	};
}
