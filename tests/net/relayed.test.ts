import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import { peerNameOf, publicKeyOf } from '../../src/lib/net/peer-name.ts';
import { cidOfRaw } from '../../src/lib/wire/codec.ts';
import { entryIdOf } from '../../src/lib/wire/entry.ts';
import { cidToBlockId } from '../../src/lib/wire/ids.ts';
import { createRelay, type Relay } from '../e2e/support/relay.ts';
import { createMate, type Mate } from './support/mate.ts';
import { makeEntry, seededRandom, threadOf } from './support/memory.ts';

/** Real processes on a machine that others use, too. */
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let relay: Relay;
const mates: Mate[] = [];

beforeAll(async () => {
	relay = await createRelay();
	await relay.start();
});
afterEach(async () => {
	for (const mate of mates.splice(0)) {
		await mate.net.stop();
		expect(mate.failures).toEqual([]);
	}
});
afterAll(async () => relay.dispose());

async function mate(name: number): Promise<Mate> {
	const made = await createMate(name, [relay.url]);
	mates.push(made);
	return made;
}

async function pair(): Promise<[Mate, Mate]> {
	const [alice, bob] = [await mate(1), await mate(2)];
	alice.replica.meets(bob.replica);
	bob.replica.meets(alice.replica);
	await Promise.all([alice.becomes('relay'), bob.becomes('relay')]);
	return [alice, bob];
}

async function until(holds: () => boolean): Promise<void> {
	while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

it('names a peer as libp2p does', async () => {
	const seed = new Uint8Array(32).fill(9);
	const key = await generateKeyPairFromSeed('Ed25519', seed);
	const name = await peerNameOf(nobleSuite, seed);
	expect(name).toBe(key.publicKey.toString());
	expect(publicKeyOf(name)).toEqual(key.publicKey.raw);
});

describe('two mates over the relay', () => {
	it('prove themselves, catch up, push, and fetch blocks', async () => {
		const [alice, bob] = await pair();
		const random = seededRandom(1);
		const first = makeEntry(random, null, []);
		alice.replica.add(first);
		const connection = await alice.net.courier.reach(bob.target);
		expect(connection).toEqual({ address: bob.replica.address, peer: bob.peer, path: 'relay' });
		await until(() => bob.replica.entries.size === 1);
		expect(bob.net.courier.connections).toEqual([
			{ address: alice.replica.address, peer: alice.peer, path: 'relay' }
		]);
		const second = makeEntry(random, threadOf(first), [entryIdOf(first.header)]);
		bob.replica.add(second);
		bob.net.courier.push(alice.replica.address, [second]);
		await until(() => bob.replica.acked.length === 1);
		expect(alice.replica.entries.size).toBe(2);
		const data = new Uint8Array(200_000).fill(5);
		const cid = cidOfRaw(data);
		alice.replica.blocks.set(cidToBlockId(cid), data);
		const got: number[] = [];
		for await (const block of bob.net.courier.fetch(alice.replica.address, [cidToBlockId(cid)])) {
			got.push(block.data.length);
		}
		expect(got).toEqual([200_000]);
	});

	it('keep one connection where both dial at once', async () => {
		const [alice, bob] = await pair();
		const [one, two] = await Promise.all([
			alice.net.courier.reach(bob.target),
			bob.net.courier.reach(alice.target)
		]);
		expect([one?.peer, two?.peer]).toEqual([bob.peer, alice.peer]);
		const entry = makeEntry(seededRandom(2), null, []);
		alice.replica.add(entry);
		await until(
			() => alice.net.courier.connections.length === 1 && bob.net.courier.connections.length === 1
		);
		alice.net.courier.push(bob.replica.address, [entry]);
		await until(() => alice.replica.acked.length >= 1);
		expect(alice.replica.connections).toHaveLength(1);
		expect(bob.replica.connections).toHaveLength(1);
	});

	it('do not answer a stranger, in any protocol', async () => {
		const [alice, bob] = await pair();
		const mallory = await mate(3);
		mallory.replica.meets(bob.replica);
		await mallory.becomes('relay');
		expect(await mallory.net.courier.reach(bob.target)).toBeNull();
		expect(bob.replica.counted).toContain('not-proved');
		expect(bob.net.courier.connections).toEqual([]);
		expect(await alice.net.courier.reach(bob.target)).not.toBeNull();
	});

	it('learn that the other has gone, and meet again when it is back', async () => {
		const [alice, bob] = await pair();
		await alice.net.courier.reach(bob.target);
		await bob.net.stop();
		await until(() => alice.net.courier.connections.length === 0);
		mates.splice(mates.indexOf(bob), 1);
		const again = await mate(2);
		again.replica.meets(alice.replica);
		await again.becomes('relay');
		await until(() => alice.net.courier.connections.length === 1);
	});

	it('are reachable again after the relay was killed and came back', async () => {
		const [alice, bob] = await pair();
		await alice.net.courier.reach(bob.target);
		await relay.kill();
		await Promise.all([alice.becomes('waiting'), bob.becomes('waiting')]);
		await until(() => alice.net.courier.connections.length === 0);
		await relay.start();
		await Promise.all([alice.becomes('relay'), bob.becomes('relay')]);
		expect(await alice.net.courier.reach(bob.target)).not.toBeNull();
	});
});

it('starts without a network, and says so', async () => {
	const lost = await createMate(7, ['http://localhost:1']);
	mates.push(lost);
	expect(lost.net.status.state).toBe('waiting');
	expect(await lost.net.courier.reach({ ...lost.target, peers: [lost.peer] })).toBeNull();
	await lost.becomes('offline');
});
