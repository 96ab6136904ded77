import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createPerson } from '../../tests/relay/person.ts';
import { createWorld } from '../../tests/relay/world.ts';
import { createMemoryStore } from '../store/memory.ts';
import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import { cidOfRaw } from '../../src/lib/wire/codec.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import { StorageFull, type OfficeStore } from './ports.ts';
import type { TableName } from './tables.ts';

const URL = 'http://o.test';
const bytes = (size: number) => Uint8Array.from(randomBytes(size));
const TABLES: readonly TableName[] = [
	...(['account', 'usage', 'device', 'block', 'ref', 'holder', 'slot', 'ownSlot'] as const),
	...(['token', 'knock', 'send', 'sendOf', 'due', 'target', 'boot'] as const)
];

function createBoundedStore(): OfficeStore & { isFull: boolean } {
	const store = createMemoryStore();
	const bounded = {
		...store,
		isFull: false,
		commit(changes: Parameters<OfficeStore['commit']>[0]) {
			if (bounded.isFull) throw new StorageFull();
			store.commit(changes);
		}
	};
	return bounded;
}

function picture(store: OfficeStore): string {
	return JSON.stringify(TABLES.map((table) => store.list(table, [])));
}

test('with a full disk everything that must be kept is refused, nothing changes, and it goes on', async () => {
	const world = createWorld();
	const store = createBoundedStore();
	world.start(URL, { store });
	const office = world.offices(URL);
	const [alice, carol] = [await createPerson('Alice'), await createPerson('Carol')];
	await alice.join(office);
	const secret = bytes(32);
	await office.openSlots(alice.account, [secret], { isPublic: true });
	const slot = await nobleSuite.sha256(secret);
	const token = bytes(LIMITS.tokenBytes);
	const allowed = { hash: await nobleSuite.sha256(token), uses: 5, until: world.now + 1e9 };
	await office.allowToken(alice.account, allowed);
	const done = bytes(32);
	const sealed = bytes(LIMITS.noticeBytes);
	const hash = await nobleSuite.sha256(sealed);
	const send = { url: URL, slot, knock: await nobleSuite.sha256(done), sealed, keeps: [] };
	await office.send(alice.account, send);

	const data = bytes(100);
	const block = { v: 1, t: 'block', cid: cidOfRaw(data), data } as const;
	const other = { ...send, knock: bytes(32), token };
	const attempts = {
		publish: async () => office.publish(carol.address, await carol.bundle(1)),
		enrol: () => office.enrol(alice.account, (message) => alice.cardSigner.sign(message)),
		keep: () => office.keep(alice.account, [block]),
		openSlots: () => office.openSlots(alice.account, [bytes(32)], { isPublic: false }),
		allowToken: () => office.allowToken(alice.account, { ...allowed, hash: bytes(32) }),
		send: () => office.send(alice.account, other),
		done: () => office.done({ done, hash })
	};
	store.isFull = true;
	const before = picture(store);
	for (const [name, attempt] of Object.entries(attempts)) {
		expect(await attempt(), name).toEqual({ ok: false, reason: 'disk-full' });
	}
	await world.pass(1000);
	expect(picture(store)).toBe(before);

	store.isFull = false;
	for (const [name, attempt] of Object.entries(attempts)) {
		expect(await attempt(), name).toMatchObject({ ok: true });
	}
});
