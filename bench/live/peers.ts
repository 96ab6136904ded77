/** What the app is compared with in `live.ts`: the bare chain, and OrbitDB to its update event. */
import type { Party } from '../harness/pages.ts';

/** How often OrbitDB may fail to connect before the bench gives up. */
const TRIES = 3;

export type Pair = readonly [Party, Party];

/** Two bare pages, joined by a data channel. */
export async function joinBare([alice, bob]: Pair): Promise<void> {
	await bob.call('takeKeys', await alice.call('makeKeys'));
	const answer = await bob.call('answer', await alice.call('offer'));
	await alice.call('connect', answer);
}

/** ms from the press until it is painted. */
export async function bareMessage([alice, bob]: Pair, text: string): Promise<number> {
	const shown = bob.measure('expect');
	await alice.call('arm', text);
	await alice.press();
	return (await shown) - (await alice.measure('pressedAt'));
}

/** Two OrbitDB pages with one database, connected directly; resolves when a first entry came across. */
export async function joinOrbitdb([alice, bob]: Pair, circuit: string): Promise<void> {
	const [peer] = await Promise.all([alice, bob].map((party) => party.call('start', circuit)));
	const target = `${circuit}/p2p-circuit/webrtc/p2p/${String(peer)}`;
	for (let tries = 0; ; tries++) {
		const database = await alice.call('fill', 1);
		try {
			await bob.measure('sync', target, database, 1);
			return;
		} catch (error) {
			// Its requests for blocks end after a time of their own.
			if (tries === TRIES) throw error;
			process.stderr.write(`OrbitDB did not sync, and tries again: ${String(error)}\n`);
			await Promise.all([alice, bob].map((party) => party.call('forget')));
		}
	}
}

/** ms from the press that calls `add` until the update event. */
export async function orbitdbMessage([alice, bob]: Pair, text: string): Promise<number> {
	const came = bob.measure('update');
	await alice.call('arm', text);
	await alice.press();
	return (await came) - (await alice.measure('pressedAt'));
}
