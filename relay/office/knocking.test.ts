import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createPerson, type Person } from '../../tests/relay/person.ts';
import { createWorld, type World } from '../../tests/relay/world.ts';
import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import type { Knocked, Sent } from '../../src/lib/wire/office.ts';
import type { Change, OfficeStore } from './ports.ts';

const HERE = 'http://alice.test';
const THERE = 'http://bob.test';
const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const bytes = (size: number) => Uint8Array.from(randomBytes(size));

async function begin() {
	const world = createWorld();
	world.start(HERE);
	world.start(THERE);
	const [alice, bob] = [await createPerson('Alice'), await createPerson('Bob')];
	await alice.join(world.offices(HERE));
	await bob.join(world.offices(THERE));
	const secret = bytes(32);
	await world.offices(THERE).openSlots(bob.account, [secret], { isPublic: false });
	const slot = await nobleSuite.sha256(secret);
	const done = bytes(32);
	const sealed = bytes(LIMITS.noticeBytes);
	const note = { done, knock: await nobleSuite.sha256(done), sealed };
	const send = async (to = slot) =>
		world
			.offices(HERE)
			.send(alice.account, { url: THERE, slot: to, knock: note.knock, sealed, keeps: [] });
	return { world, alice, bob, secret, slot, note, send };
}

async function stateOf(world: World, person: Person): Promise<Sent | undefined> {
	return (await world.offices(HERE).pending(person.account))[0];
}

async function waitingAt(world: World, url: string, person: Person) {
	const events: (Knocked | Sent)[] = [];
	for await (const event of world.offices(url).events(person.account, { once: true })) {
		events.push(event);
	}
	return events;
}

test('knocks at once, and again when that office has lost its memory', async () => {
	const { world, alice, bob, send } = await begin();
	await send();
	expect(await stateOf(world, alice)).toMatchObject({ state: 'waiting' });
	await world.settle();
	expect(await stateOf(world, alice)).toMatchObject({ state: 'noticed' });
	world.stop(THERE);
	world.start(THERE);
	expect(await waitingAt(world, THERE, bob)).toEqual([]);
	await world.pass(HOUR - 1);
	expect(await waitingAt(world, THERE, bob)).toMatchObject([{ t: 'knocked' }]);
});

test('knocks again after a loss, although its power went when the first knock was answered', async () => {
	const { world, bob, send } = await begin();
	const disk = world.office(HERE).store;
	let isOff = false;
	const store: OfficeStore = {
		get: (...asked) => disk.get(...asked),
		has: (...asked) => disk.has(...asked),
		list: (...asked) => disk.list(...asked),
		commit(changes) {
			if (isOff) throw new Error('the power is gone');
			disk.commit(changes);
			isOff = changes.some((each) => each.table === 'send' && isNoticed(each));
		}
	};
	world.start(HERE, { store });
	await send();
	await world.settle().catch(() => undefined);
	expect(isOff).toBe(true);
	for (const url of [HERE, THERE]) world.stop(url);
	world.start(HERE, { store: disk });
	world.start(THERE);
	await world.pass(HOUR - 1);
	expect(await waitingAt(world, THERE, bob)).toMatchObject([{ t: 'knocked' }]);
});

function isNoticed(change: Extract<Change, { readonly table: 'send' }>): boolean {
	return 'put' in change && change.put.state === 'noticed';
}

test('keeps trying an office that is away, ever more rarely, and gets through', async () => {
	const { world, alice, bob, send } = await begin();
	world.stop(THERE);
	const seen: number[] = [];
	const started = world.now;
	await send();
	await world.settle();
	while (world.now < started + 2 * DAY) {
		const due = world.office(HERE).store.list('due', [])[0]?.key[0];
		seen.push(Number(due) - world.now);
		await world.pass(Number(due) - world.now);
	}
	expect(seen[0]).toBe(15_000);
	expect(seen.every((pause, i) => i === 0 || pause >= seen[i - 1]!)).toBe(true);
	expect(seen.at(-1)).toBe(LIMITS.repeatMaxMs);
	expect(await stateOf(world, alice)).toMatchObject({ state: 'waiting' });
	world.start(THERE);
	await world.pass(LIMITS.repeatMaxMs);
	expect(await stateOf(world, alice)).toMatchObject({ state: 'noticed' });
	expect(await waitingAt(world, THERE, bob)).toMatchObject([{ t: 'knocked' }]);
});

test('knocks again at a notice that was deleted without an answer', async () => {
	const { world, bob, note, send } = await begin();
	await send();
	await world.settle();
	const hash = await nobleSuite.sha256(note.sealed);
	await world.offices(THERE).deleteNotices(bob.account, [hash]);
	await world.pass(LIMITS.repeatMs);
	expect(await waitingAt(world, THERE, bob)).toMatchObject([{ hash }]);
});

test('stops when done is presented, also while it is trying', async () => {
	const { world, alice, bob, note, send } = await begin();
	await send();
	const hash = await nobleSuite.sha256(note.sealed);
	const trying = world.settle();
	expect(await world.offices(HERE).done({ done: note.done, hash })).toMatchObject({ ok: true });
	await trying;
	expect(await stateOf(world, alice)).toMatchObject({ state: 'done' });
	await world.offices(THERE).deleteNotices(bob.account, [hash]);
	await world.pass(10 * DAY);
	expect(await waitingAt(world, THERE, bob)).toEqual([]);
	expect(world.office(HERE).store.list('due', [])).toEqual([]);
});

test('gets through to a slot that is registered later', async () => {
	const { world, alice, bob, send } = await begin();
	const secret = bytes(32);
	await send(await nobleSuite.sha256(secret));
	await world.settle();
	expect(await stateOf(world, alice)).toMatchObject({ state: 'waiting', reason: 'unknown-slot' });
	await world.offices(THERE).openSlots(bob.account, [secret], { isPublic: false });
	await world.pass(60_000);
	const after = await stateOf(world, alice);
	expect(after).toMatchObject({ state: 'noticed' });
	expect(after?.reason).toBeUndefined();
});

test('gives up after the announced term, and says so', async () => {
	const { world, alice, send } = await begin();
	world.stop(THERE);
	await send();
	await world.pass(LIMITS.unconfirmedMs - 1);
	expect(await stateOf(world, alice)).toMatchObject({ state: 'waiting' });
	await world.pass(LIMITS.repeatMaxMs);
	expect(await stateOf(world, alice)).toMatchObject({ state: 'expired' });
	expect(await waitingAt(world, HERE, alice)).toMatchObject([{ t: 'sent', state: 'expired' }]);
});

test('asks an office that does not answer once in a round, not once for each send', async () => {
	const { world, alice, slot } = await begin();
	const office = world.office(HERE);
	let calls = 0;
	const drop = office.errands.drop.bind(office.errands);
	Object.assign(office.errands, {
		drop: (...args: Parameters<typeof drop>) => {
			calls++;
			return drop(...args);
		}
	});
	world.stop(THERE);
	for (let i = 0; i < 10; i++) {
		const [knock, sealed] = [bytes(32), bytes(LIMITS.noticeBytes)];
		const fields = { url: THERE, slot, knock, sealed, keeps: [] };
		await world.offices(HERE).send(alice.account, fields);
	}
	await world.settle();
	expect(calls).toBe(1);
	world.start(THERE);
	await world.pass(60_000);
	expect(calls).toBe(11);
});
