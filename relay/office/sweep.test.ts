import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createPerson } from '../../tests/relay/person.ts';
import { createWorld } from '../../tests/relay/world.ts';
import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import { toHex } from '../../src/lib/wire/bytes.ts';
import { cidOfRaw } from '../../src/lib/wire/codec.ts';
import { cidToBlockId } from '../../src/lib/wire/ids.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';

const URL = 'http://o.test';
const DAY = 24 * 60 * 60_000;
const bytes = (size: number) => Uint8Array.from(randomBytes(size));

function makeBlock() {
	const data = bytes(100);
	return { v: 1, t: 'block', cid: cidOfRaw(data), data } as const;
}

test('forgets after the announced term what nobody renewed, but not what it still announces', async () => {
	const world = createWorld();
	const { store } = world.start(URL);
	const office = world.offices(URL);
	const alice = await createPerson('Alice');
	await alice.join(office);
	const [left, renewed, announced] = [makeBlock(), makeBlock(), makeBlock()];
	const asked = makeBlock();
	await office.keep(alice.account, [left, renewed, announced, asked]);
	await world.pass(100 * DAY);
	await office.keep(alice.account, [renewed]);
	// Whoever asks whether it is there does not hand it over again: that renews it as well.
	expect(await office.missing(alice.account, [cidToBlockId(asked.cid)])).toEqual([]);
	const [slot, knock, sealed] = [bytes(32), bytes(32), bytes(LIMITS.noticeBytes)];
	const send = { url: URL, slot, knock, sealed, keeps: [announced.cid] };
	await office.send(alice.account, send);
	await world.pass(LIMITS.unconfirmedMs - 100 * DAY);
	const isKept = ({ cid }: { readonly cid: unknown }) => store.has('block', [String(cid)]);
	expect([left, renewed, announced, asked].map(isKept)).toEqual([false, true, true, true]);
	expect(store.list('ref', [toHex(alice.root)]).length).toBe(3);
	await world.pass(LIMITS.unconfirmedMs);
	await world.pass(0);
	expect([renewed, announced, asked].map(isKept)).toEqual([false, false, false]);
	await world.pass(LIMITS.unconfirmedMs);
	expect(store.list('send', [])).toEqual([]);
	expect(store.get('usage', [toHex(alice.root)])).toMatchObject({ bytes: 0, sends: 0 });
});

test('forgets tokens that ended, and the knocks that they let in', async () => {
	const world = createWorld();
	const { store } = world.start(URL);
	const office = world.offices(URL);
	const alice = await createPerson('Alice');
	await alice.join(office);
	const secret = bytes(32);
	await office.openSlots(alice.account, [secret], { isPublic: true });
	const slot = await nobleSuite.sha256(secret);
	const token = bytes(LIMITS.tokenBytes);
	const allowed = { hash: await nobleSuite.sha256(token), uses: 5, until: world.now + DAY };
	await office.allowToken(alice.account, allowed);
	const [knock, sealed] = [bytes(32), bytes(LIMITS.noticeBytes)];
	await office.send(alice.account, { url: URL, slot, knock, sealed, token, keeps: [] });
	expect(store.list('token', [])).toMatchObject([{ row: { uses: 4 } }]);
	expect(store.list('knock', []).length).toBe(1);
	await world.pass(2 * DAY);
	expect(store.list('token', [])).toEqual([]);
	expect(store.list('knock', []).length).toBe(1);
	await world.pass(LIMITS.unconfirmedMs);
	expect(store.list('knock', [])).toEqual([]);
	expect(store.get('usage', [toHex(alice.root)])).toMatchObject({ tokens: 0 });
});
