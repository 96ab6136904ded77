/** The simulated network and relay, with the real client on one side and the real office on the other. */

import { describe, expect, test } from 'vitest';
import { createOffices } from '../../src/lib/net/office.ts';
import { Unreachable, type Office, type OfficeAccount } from '../../src/lib/post/ports.ts';
import { createAccount, openAccount, type Account } from '../../src/lib/post/account.ts';
import { cidOfRaw } from '../../src/lib/wire/codec.ts';
import { cidToBlockId } from '../../src/lib/wire/ids.ts';
import type { Block } from '../../src/lib/wire/office.ts';
import { Dice } from './dice.ts';
import { Network } from './network.ts';
import { Profile } from './profile.ts';
import { SimRelay } from './relay.ts';
import { SUITES } from './suites.ts';
import { CALM, type Weather } from './weather.ts';
import { World } from './world.ts';

interface Scene {
	readonly world: World;
	readonly network: Network;
	readonly relay: SimRelay;
	readonly office: Office;
	readonly account: Account;
	readonly signer: OfficeAccount;
}

/** Alice, enrolled at a relay in good weather. */
async function scene(play: (scene: Scene) => Promise<void>, seed = '1'): Promise<World> {
	const dice = new Dice(seed);
	const world = new World(dice.fork('world'), Date.UTC(2026, 0, 1));
	const network = new Network(world);
	const relay = new SimRelay(world, network, SUITES.double, dice, 'north');
	const profile = new Profile(world, network, SUITES.double, dice, 'alice');
	await world.run(async () => {
		relay.start();
		const { life, desk } = profile.open('page');
		await createAccount(desk, { name: 'alice', office: relay.url });
		const account = await openAccount(desk);
		if (account === null) throw new Error('no account');
		const signer = { root: account.root, device: await desk.keys.deviceSigner() };
		const caller = { name: 'alice', life, isOnline: () => profile.isOnline };
		const office = createOffices({ ...desk, fetch: network.fetchOf(caller) })(relay.url);
		await office.publish(account.record.address, account.bundle);
		await office.enrol(signer, (message) => account.cardSigner.sign(message));
		await play({ world, network, relay, office, account, signer });
	});
	return world;
}

function blockOf(text: string): Block {
	const data = Uint8Array.from(Buffer.from(text));
	return { v: 1, t: 'block', cid: cidOfRaw(data), data };
}

async function idsAt(office: Office, blocks: readonly Block[]): Promise<string[]> {
	const found: string[] = [];
	for await (const { cid } of office.fetch(blocks.map((block) => cidToBlockId(block.cid)))) {
		found.push(cidToBlockId(cid));
	}
	return found;
}

const storm = (fault: Partial<Weather>): Weather => ({ ...CALM, noticed: 0, ...fault });

describe('the simulated office', () => {
	test('keeps what it is given, also over a crash', async () => {
		await scene(async ({ office, signer, relay }) => {
			const blocks = [blockOf('one'), blockOf('two')];
			expect(await office.keep(signer, blocks)).toMatchObject({ ok: true });
			relay.crash();
			await expect(office.keep(signer, blocks)).rejects.toThrow(Unreachable);
			relay.start();
			expect(await idsAt(office, blocks)).toHaveLength(2);
		});
	});

	test('that loses power in the middle has stored all of a request or none', async () => {
		// The first commit of a request remembers its nonce, the second does what it asks.
		for (const commits of [0, 1, 2]) {
			await scene(async ({ office, signer, relay }) => {
				const blocks = [blockOf('one'), blockOf('two')];
				relay.crashAfter(commits);
				await expect(office.keep(signer, blocks)).rejects.toThrow(Unreachable);
				relay.start();
				expect(await idsAt(office, blocks)).toHaveLength(commits === 2 ? 2 : 0);
			});
		}
	});
});

describe('the simulated network', () => {
	test('loses requests: the caller gives up after its deadline', async () => {
		const start = Date.UTC(2026, 0, 1);
		const world = await scene(async ({ office, signer, network }) => {
			network.weather = storm({ lostRequest: 1 });
			await expect(office.keep(signer, [blockOf('one')])).rejects.toThrow(Unreachable);
			network.weather = CALM;
			expect(await idsAt(office, [blockOf('one')])).toEqual([]);
		});
		expect(world.clock.now - start).toBeGreaterThanOrEqual(30_000);
	});

	test('loses answers: what was asked has been done', async () => {
		await scene(async ({ office, signer, network }) => {
			network.weather = storm({ lostAnswer: 1 });
			await expect(office.keep(signer, [blockOf('one')])).rejects.toThrow(Unreachable);
			network.weather = CALM;
			expect(await idsAt(office, [blockOf('one')])).toHaveLength(1);
		});
	});

	test('cuts answers', async () => {
		await scene(async ({ office, signer, network }) => {
			const blocks = Array.from({ length: 20 }, (_, i) => blockOf(`block ${i}`));
			await office.keep(signer, blocks);
			network.weather = storm({ cutAnswer: 1 });
			await expect(idsAt(office, blocks)).rejects.toThrow(Unreachable);
		});
	});

	test('repeats requests: a signed one counts once', async () => {
		const world = await scene(async ({ office, signer, network, world }) => {
			network.weather = storm({ doubled: 1 });
			expect(await office.keep(signer, [blockOf('one')])).toMatchObject({ ok: true });
			await world.sleep(world.ether, 1000, 'the ghost arrives');
		});
		expect(world.trace.tail().filter((line) => line.includes('again'))).not.toEqual([]);
	});

	test('carries no plaintext', async () => {
		const run = scene(async ({ office, signer }) => {
			await office.keep(signer, [blockOf('so PLAINTEXT-7; it is')]).catch(() => undefined);
		});
		await expect(run).rejects.toThrow('mail 7 stands in clear');
	});
});
