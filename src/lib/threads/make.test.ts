import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Box, hexOf, mingle, START_MS, threadOf, World } from '../../../tests/threads/actors.ts';
import { LIMITS } from '../wire/limits.ts';
import { nobleSuite } from '../crypto/noble.ts';
import { entryIdOf } from '../wire/entry.ts';
import { appendMessage } from './make.ts';
import { membersOf, ownWraps, slotOf } from './members.ts';
import { decodeSecrets, encodeSecrets } from './secrets.ts';
import { epochToWriteIn } from './write-in.ts';

async function three() {
	const world = new World();
	const [alice, bob, carol] = [
		await world.person('Alice'),
		await world.person('Bob'),
		await world.person('Carol')
	] as const;
	return { world, alice, bob, carol };
}

test.each([{ suite: 'double' }, { suite: 'noble' }])(
	'a thread goes back and forth ($suite)',
	async ({ suite }) => {
		const world = new World(suite === 'noble' ? nobleSuite : undefined);
		const alice = await world.person('Alice');
		const bob = await world.person('Bob');
		const [a, b] = await threadOf(alice, [bob]);
		expect(b!.texts()).toEqual(['first']);
		expect(b!.message('first')).toMatchObject({
			sure: true,
			record: { kind: 'off' },
			root: alice.root
		});
		expect(b!.members()).toEqual(hexOf(alice, bob));
		const made = await b!.write('answer');
		expect(made.bundles).toHaveLength(2);
		await a!.receive(made.bundles);
		expect(a!.texts()).toEqual(['first', 'answer']);
		expect(a!.message('answer').sure).toBe(true);
		expect(a!.open.heads).toEqual(b!.open.heads);
		await b!.receive((await a!.write('again')).bundles);
		expect((await b!.write('and again')).bundles).toHaveLength(1);
		expect(b!.texts()).toEqual(['first', 'answer', 'again', 'and again']);
	}
);

test('the creator is known, the members have joined once they wrote, and devices are told', async () => {
	const { alice, bob, carol } = await three();
	const [a, b, c] = await threadOf(alice, [bob, carol]);
	await b!.write('bob');
	await mingle(a!, b!, c!);
	const members = membersOf(c!.open).map(({ root, isCreator, devices }) => ({
		isCreator,
		joined: slotOf(c!.open, root) !== null,
		devices: devices.length
	}));
	expect(members.filter(({ isCreator }) => isCreator)).toEqual([
		{ isCreator: true, joined: true, devices: 1 }
	]);
	expect(members.filter(({ joined }) => joined)).toHaveLength(2);
	expect(members.map(({ devices }) => devices).sort()).toEqual([0, 1, 1]);
});

test('any order, any repetition: the same replica', async () => {
	const { alice, bob, carol } = await three();
	const [a, b, c] = await threadOf(alice, [bob, carol]);
	await b!.write('b1');
	await c!.write('c1');
	await a!.write('a1');
	await mingle(a!, b!, c!);
	await b!.write('b2', [alice, bob, carol]);
	await c!.write('c2', [alice, bob, carol]);
	await mingle(a!, b!, c!);
	const all = a!.bundles;
	await fc.assert(
		fc.asyncProperty(
			fc.shuffledSubarray([...all.keys(), ...all.keys()], { minLength: 2 * all.length }),
			fc.integer({ min: 1, max: all.length }),
			async (order, size) => {
				const box = new Box(bob);
				await box.sync(b!);
				const fresh = new Box(bob);
				const first = all.find(({ wraps }) => wraps.length > 0);
				await fresh.receive([first!]);
				const bundles = order.flatMap((i) => all[i] ?? []);
				for (let start = 0; start < bundles.length; start += size) {
					await fresh.receive(bundles.slice(start, start + size));
				}
				expect(fresh.open.heads).toEqual(box.open.heads);
				expect(fresh.texts()).toEqual(box.texts());
				expect(fresh.members()).toEqual(box.members());
				expect(fresh.open.missing).toEqual([]);
				expect(fresh.messages().every(({ sure }) => sure)).toBe(true);
			}
		),
		{ numRuns: 30 }
	);
});

test('a restart gives the same replica, which goes on', async () => {
	const { alice, bob, carol } = await three();
	const [a, b, c] = await threadOf(alice, [bob, carol]);
	await b!.write('b1');
	await mingle(a!, b!, c!);
	await a!.add([await alice.world.person('Dave')], [alice, bob, carol]);
	await a!.write('a1');
	await mingle(a!, b!, c!);
	b!.secrets = decodeSecrets(encodeSecrets(b!.secrets!));
	const again = await b!.restart();
	expect(again.open.heads).toEqual(b!.open.heads);
	expect(again.messages()).toEqual(b!.messages());
	expect(again.members()).toEqual(b!.members());
	const made = await again.write('b2');
	expect(made.bundles).toHaveLength(1);
	await a!.receive(made.bundles);
	expect(a!.message('b2').sure).toBe(true);
});

test('a newcomer knows who is there, reads from here on, and is read', async () => {
	const { world, alice, bob, carol } = await three();
	const [a, b] = await threadOf(alice, [bob]);
	await b!.write('before');
	await a!.sync(b!);
	for (let day = 0; day < 5; day++) {
		world.now += LIMITS.epochAgeMs + 1;
		await a!.write(`day ${String(day)}`, [alice, bob]);
	}
	await a!.add([carol], [alice, bob]);
	await a!.write('after');
	const c = new Box(carol);
	await c.sync(a!);
	expect(c.members()).toEqual(hexOf(alice, bob, carol));
	expect(c.texts()).toEqual(['after']);
	expect(c.message('after').sure).toBe(true);
	await c.write('hello');
	await mingle(a!, b!, c);
	expect(b!.message('hello').sure).toBe(true);
	expect(new Set([a!, b!, c].map(({ open }) => open.heads.join())).size).toBe(1);
});

test('a member whose join a newcomer cannot read joins once more', async () => {
	const { alice, bob, carol } = await three();
	const [a, b] = await threadOf(alice, [bob]);
	await b!.write('joined under the first epoch');
	await a!.add([carol], [alice, bob]);
	const c = new Box(carol);
	await c.sync(a!);
	await b!.sync(a!);
	await a!.receive(b!.bundles);
	const made = await b!.write('to both', [alice, bob, carol]);
	await mingle(a!, b!, c);
	expect(made.bundles.length).toBeGreaterThan(1);
	expect(c.texts()).toEqual(['to both']);
	expect(c.message('to both').sure).toBe(true);
});

test('the removed cannot read on, and what it goes on writing is refused and built upon by nobody', async () => {
	const { alice, bob, carol } = await three();
	const [a, b, c] = await threadOf(alice, [bob, carol]);
	await b!.write('b1');
	await c!.write('c1');
	await mingle(a!, b!, c!);
	const before = ownWraps(b!.open).at(-1)?.slot;
	const toBob = slotOf(a!.open, bob.root);
	await a!.remove(carol, [alice, bob]);
	await a!.write('without carol');
	expect(slotOf(a!.open, bob.root)).toEqual(toBob);
	await b!.sync(a!);
	await c!.write('still here?', [alice, bob, carol]);
	await c!.receive(a!.bundles);
	expect(c!.texts()).not.toContain('without carol');
	await mingle(a!, b!);
	await a!.receive(c!.bundles);
	await b!.receive(c!.bundles);
	for (const box of [a!, b!]) {
		expect(box.members()).toEqual(hexOf(alice, bob));
		expect(box.message('still here?').status).toEqual({ kind: 'refused', reason: 'removed' });
		expect(box.open.heads).not.toContain(box.message('still here?').entry);
	}
	expect(ownWraps(b!.open).at(-1)?.slot).not.toEqual(before);
	const earlier = a!.open;
	await b!.write('b2', [alice, bob]);
	await a!.sync(b!);
	expect(a!.texts().at(-1)).toBe('b2');
	expect(slotOf(a!.open, bob.root)).not.toEqual(toBob);
	// Whatever is known of later ones.
	expect(slotOf(earlier, bob.root)).toEqual(toBob);
	expect(slotOf(a!.open, bob.root)).not.toEqual(toBob);
});

test('what the removed wrote before others knew is shown, if one who stayed built upon it', async () => {
	const { alice, bob, carol } = await three();
	const [a, b, c] = await threadOf(alice, [bob, carol]);
	await b!.write('b1');
	await mingle(a!, b!, c!);
	await a!.remove(carol, [alice, bob]);
	await c!.write('answered');
	await b!.sync(c!);
	await b!.write('answer');
	await c!.write('not answered');
	await mingle(a!, b!);
	await a!.receive(c!.bundles);
	expect(a!.texts()).toEqual(['first', 'b1', 'answered', 'answer']);
	expect(a!.message('not answered').status).toEqual({ kind: 'refused', reason: 'removed' });
});

test('a message that was refused is shown once it is sealed again by right', async () => {
	const { alice, bob, carol } = await three();
	const [a, b, c] = await threadOf(alice, [bob, carol]);
	await c!.write('c1');
	await mingle(a!, b!, c!);
	await a!.remove(carol, [alice, bob]);
	const { message } = await c!.write('written too late');
	await a!.receive(c!.bundles);
	expect(a!.texts()).not.toContain('written too late');
	await a!.add([carol], [alice, bob]);
	await c!.sync(a!);
	await c!.write('written too late', [alice, bob, carol], { id: message! });
	await a!.sync(c!);
	expect(a!.texts()).toEqual(['first', 'c1', 'written too late']);
});

test('only the creator removes; the rules say who adds; anyone leaves', async () => {
	const { alice, bob, carol } = await three();
	const [a, b, c] = await threadOf(alice, [bob, carol], {
		rules: { add: 'creator', write: 'members' }
	});
	const dave = await alice.world.person('Dave');
	await expect(b!.remove(carol, [alice, bob, carol])).rejects.toThrow('not-the-creator');
	await expect(b!.add([dave], [alice, bob, carol])).rejects.toThrow('not-allowed');
	await c!.leave([alice, bob, carol]);
	await mingle(a!, b!, c!);
	expect(a!.members()).toEqual(hexOf(alice, bob));
	await b!.write('without carol', [alice, bob]);
	await mingle(a!, b!, c!);
	expect(a!.texts()).toContain('without carol');
	expect(c!.texts()).not.toContain('without carol');
	await expect(c!.write('gone')).rejects.toThrow('not-a-member');
});

test('the last member cannot leave', async () => {
	const { alice, bob } = await three();
	const [a] = await threadOf(alice, [bob]);
	await a!.remove(bob, [alice]);
	await expect(a!.leave([alice])).rejects.toThrow('not-allowed');
});

test('an epoch is renewed by whoever writes after 10 days, never before', async () => {
	const { world, alice, bob } = await three();
	const [a] = await threadOf(alice, [bob]);
	const people = [alice.person, bob.person];
	world.now += LIMITS.epochAgeMs;
	expect(epochToWriteIn(a!.open, world.now, people).kind).toBe('write');
	world.now += 1;
	expect(epochToWriteIn(a!.open, world.now, people)).toEqual({ kind: 'due', why: 'too-old' });
	expect((await a!.write('later', [alice, bob])).bundles).toHaveLength(2);
	expect(epochToWriteIn(a!.open, world.now, people).kind).toBe('write');
});

test('without the cards of all members no epoch is made, and it says whose are missing', async () => {
	const { world, alice, bob, carol } = await three();
	const [a] = await threadOf(alice, [bob, carol]);
	world.now += LIMITS.epochAgeMs + 1;
	expect(await a!.tryWrite('later', [alice, bob])).toEqual({
		ok: false,
		kind: 'needs-people',
		roots: [carol.root]
	});
});

test('a card older than the one that the thread knows is asked for anew', async () => {
	const { world, alice, bob } = await three();
	const [a, b] = await threadOf(alice, [bob]);
	const old = bob.person;
	await bob.renewCard();
	b!.me = bob.me;
	world.now += LIMITS.epochAgeMs + 1;
	await b!.write('new card', [alice, bob]);
	await a!.sync(b!);
	world.now += LIMITS.epochAgeMs + 1;
	const { ports, me, open } = a!;
	const result = await appendMessage(ports, me, open, a!.draft('old card'), [old]);
	expect(result).toMatchObject({ ok: false, kind: 'needs-people' });
	await b!.receive((await a!.write('new card', [alice, bob])).bundles);
	expect(b!.texts()).toHaveLength(3);
});

test('a robbed member is re-keyed by the others, and the thief is nobody', async () => {
	const { alice, bob, carol } = await three();
	const [a, b, c] = await threadOf(alice, [bob, carol]);
	await b!.write('b1');
	await c!.write('c1');
	await mingle(a!, b!, c!);
	const thief = await b!.restart();
	await bob.renewRoot();
	b!.me = bob.me;
	await expect(b!.write('too early')).rejects.toThrow('older-than-known');
	await a!.write('for the new bob', [alice, bob, carol]);
	await b!.sync(a!);
	await thief.write('it is me, bob', [alice, carol]);
	await thief.receive(a!.bundles);
	await mingle(a!, b!, c!);
	for (const box of [a!, b!, c!]) await box.receive(thief.bundles);
	expect(thief.texts()).not.toContain('for the new bob');
	expect(b!.texts()).toContain('for the new bob');
	for (const box of [a!, c!]) {
		expect(box.message('it is me, bob').status.kind).toBe('refused');
	}
	await b!.write('thank you', [alice, bob, carol]);
	await mingle(a!, b!, c!);
	expect(a!.message('thank you')).toMatchObject({ sure: true, status: { kind: 'shown' } });
});

test('two devices of one member write, each with its own key', async () => {
	const { alice, bob } = await three();
	const [a, b] = await threadOf(alice, [bob]);
	const other = new Box(bob.otherDevice());
	await other.sync(a!);
	await b!.write('from the desk');
	await other.write('from the phone');
	await mingle(a!, b!, other);
	expect(a!.messages().map(({ sure }) => sure)).toEqual([true, true, true]);
	expect(b!.message('from the phone').sure).toBe(true);
	const devices = membersOf(a!.open).find(({ isCreator }) => !isCreator)?.devices;
	expect(devices).toHaveLength(2);
	await a!.write('to both', [alice, bob]);
	await other.sync(a!);
	expect(other.texts()).toContain('to both');
});

test('a body that is too large is refused before anything is made', async () => {
	const { alice, bob } = await three();
	const [a] = await threadOf(alice, [bob]);
	const size = a!.open.size;
	const text = 'x'.repeat(LIMITS.contentBytes);
	const mail = { ...a!.draft(text).mail, html: text };
	expect(await a!.tryWrite('', [], { mail })).toEqual({
		ok: false,
		kind: 'refused',
		reason: 'too-large'
	});
	expect(a!.open.size).toBe(size);
});

test('an older state goes on where it stood', async () => {
	const { alice, bob } = await three();
	const [a] = await threadOf(alice, [bob]);
	const before = a!.open;
	await a!.write('lost in a crash');
	a!.state = before;
	expect(a!.texts()).toEqual(['first']);
	const made = await a!.write('kept');
	expect(a!.texts()).toEqual(['first', 'kept']);
	expect(a!.open.heads).toEqual([entryIdOf(made.bundles.at(-1)!.header)]);
});

test('a stranger is told that nothing is for them', async () => {
	const { alice, bob, carol } = await three();
	const [a] = await threadOf(alice, [bob]);
	const c = new Box(carol);
	const opened = await c.sync(a!);
	expect(opened.state).toBeNull();
	expect(new Set(opened.refused.map(({ reason }) => reason))).toEqual(new Set(['no-wrap-for-me']));
});

test('times on screen are those of the writer, within five minutes of ours', async () => {
	const { world, alice, bob } = await three();
	const [a, b] = await threadOf(alice, [bob]);
	world.now += 60 * 60 * 1000;
	const made = await a!.write('from the future');
	world.now = START_MS + 1000;
	await b!.receive(made.bundles);
	expect(b!.message('from the future').atMs).toBe(world.now + LIMITS.clockAheadMs);
	await b!.write('now');
	await a!.sync(b!);
	expect(a!.message('now').atMs).toBeLessThan(START_MS + LIMITS.clockAheadMs);
	expect(a!.texts().at(-1)).toBe('now');
});
