/** Weeks of prekeys between two mailboxes and a real post office, with a clock that the test turns. */

import { beforeEach, describe, expect, it } from 'vitest';
import { findCorrespondent, refreshOutdated } from '../../src/lib/post/contacts.ts';
import { listen } from '../../src/lib/post/listen.ts';
import { drainOutbox } from '../../src/lib/post/outbox.ts';
import { renewPrekeys, replaceLostPrekey } from '../../src/lib/post/prekeys.ts';
import { send } from '../../src/lib/post/send.ts';
import { comparePairs } from '../../src/lib/wire/identity.ts';
import { beginWeeks, DAY, OFFICE, tend, textsOf, type Person, type Weeks } from './weeks.ts';

let world: Weeks['world'];
let alice: Person;
let bob: Person;
let awake: Weeks['awake'];
let write: Weeks['write'];

beforeEach(async () => {
	({ world, alice, bob, awake, write } = await beginWeeks());
});

const prekeysOf = ({ own }: Person) =>
	own.account.record.prekeys.map(({ id }) => Buffer.from(id).toString('hex'));

describe('a device that is awake', () => {
	it('publishes a new prekey every 10 days, and destroys each 30 days after the next', async () => {
		const [first] = prekeysOf(bob);
		await awake(bob, 9);
		expect(prekeysOf(bob)).toEqual([first]);
		await awake(bob, 1);
		const [second, ...rest] = prekeysOf(bob);
		expect(rest).toEqual([first]);
		// The next day's listening publishes it; thirty days later the first one goes.
		await awake(bob, 30);
		expect(prekeysOf(bob)).toContain(first);
		await awake(bob, 1);
		expect(prekeysOf(bob)).not.toContain(first);
		expect(prekeysOf(bob)).toContain(second);
		await awake(bob, 60);
		expect(prekeysOf(bob).length).toBeLessThanOrEqual(5);
	});

	it('has a new one at once where the key ring is gone, and does not write before', async () => {
		const [first] = prekeysOf(bob);
		await replaceLostPrekey(bob.desk);
		expect(prekeysOf(bob)).toEqual([first]);
		await bob.loseRing();
		const [second] = prekeysOf(bob);
		expect(second).not.toBe(first);
		await tend(bob);
		await write(alice, bob, 'to the second');
		// The office names the newer card to whoever wrote under the old one; the notice is sealed again,
		// and, when Bob says that he cannot open the epoch either, so is the text.
		for (let round = 0; round < 3; round++) {
			await tend(alice);
			await drainOutbox(alice.desk, alice.own.account);
			await world.pass(DAY / 24);
			await tend(bob);
		}
		expect(await textsOf(bob)).toEqual(['to the second']);
	});

	it('keeps the one before for 30 days after others could learn the new one', async () => {
		const [first] = prekeysOf(bob);
		await world.pass(10 * DAY);
		// Made in the last moment before the lid was closed: no office has heard of it.
		await renewPrekeys(bob.desk, world.now);
		await world.pass(40 * DAY);
		await write(alice, bob, 'to the first');
		await tend(bob);
		expect(await textsOf(bob)).toEqual(['to the first']);
		expect(prekeysOf(bob)).toContain(first);
		await awake(bob, 31);
		expect(prekeysOf(bob)).not.toContain(first);
	});

	it('reads what was sealed before it slept for 90 days', async () => {
		// Friends: an invite that nobody used would be over after 90 days.
		await write(alice, bob, 'at first');
		await awake(bob, 35);
		await write(alice, bob, 'before');
		await world.pass(45 * DAY);
		await write(alice, bob, 'in the middle');
		await world.pass(45 * DAY);
		await tend(bob);
		expect(await textsOf(bob)).toEqual(['at first', 'before', 'in the middle']);
		await awake(bob, 45);
		await write(alice, bob, 'after');
		await tend(bob);
		expect(await textsOf(bob)).toEqual(['after', 'at first', 'before', 'in the middle']);
	});

	it('puts the end off for what waits, and forgets all the same', async () => {
		const [first] = prekeysOf(bob);
		// A stranger, whom Bob does not answer.
		const row = { from: alice.own.account.record.address, name: 'mallory', receivedAt: world.now };
		const unanswered = { ...(await knockOf(bob)), ...row, wait: 'request' } as const;
		await bob.desk.store.commit([{ table: 'knock', key: ['stranger'], put: unanswered }]);
		await awake(bob, 60);
		expect(prekeysOf(bob)).toContain(first);
		await world.pass(121 * DAY);
		await tend(bob);
		await tend(bob);
		expect(prekeysOf(bob)).not.toContain(first);
	});
});

/** A notice of Alice's as it waits at Bob. */
async function knockOf(person: Person) {
	await write(alice, person, 'a letter');
	const { desk, own } = person;
	await listen(desk, own.account, { once: true, onKnock: () => undefined });
	const [knock] = await desk.store.list('knock');
	if (knock === undefined) throw new Error('no knock');
	return knock;
}

describe('whoever writes to somebody whose prekey is outdated', () => {
	const bobAtAlice = async () => {
		const { address } = bob.own.account.record;
		const found = await findCorrespondent(alice.desk, address, []);
		if (found === null) throw new Error('Alice knows Bob');
		return found;
	};

	it('looks for a newer card first, and seals to it', async () => {
		const before = (await bobAtAlice()).keys.pair;
		await awake(bob, 12);
		expect(alice.lookups).toBe(1);
		await write(alice, bob, 'to the second');
		const { pair, card } = (await bobAtAlice()).keys;
		expect(comparePairs(pair, before)).toBeGreaterThan(0);
		expect(card).toEqual(bob.own.account.record.card);
		expect(alice.lookups).toBe(2);
	});

	it('seals to the newest known where there is none, and does not ask each time', async () => {
		const before = (await bobAtAlice()).keys.pair;
		await world.pass(60 * DAY);
		alice.lookups = 0;
		await write(alice, bob, 'one');
		await write(alice, bob, 'two');
		expect(alice.lookups).toBe(1);
		expect((await bobAtAlice()).keys.pair).toEqual(before);
		await world.pass(DAY / 4);
		await refreshOutdated(alice.desk);
		expect(alice.lookups).toBe(2);
		await tend(bob);
		expect(await textsOf(bob)).toEqual(['one', 'two']);
	});

	it('writes without an answer, but not to a prekey that may be gone', async () => {
		const { address } = bob.own.account.record;
		const fields = { cc: [], bcc: [], subject: '', html: '', files: [], savedAt: 0 };
		const writeNow = (text: string) =>
			send(alice.desk, alice.own.account, {
				...fields,
				id: text,
				text,
				kind: 'new',
				to: [address]
			});
		await world.pass(25 * DAY);
		alice.lookups = 0;
		world.stop(OFFICE);
		expect((await writeNow('one')).ok).toBe(true);
		expect((await writeNow('two')).ok).toBe(true);
		expect(alice.lookups).toBe(2);
		await world.pass(5 * DAY);
		const problem = { kind: 'unknown-address', address };
		expect(await writeNow('three')).toEqual({ ok: false, problem });
		world.start(OFFICE);
		expect((await writeNow('three')).ok).toBe(true);
	});

	it('believes no second card with the pair of the known one', async () => {
		const { keys, contact } = await bobAtAlice();
		const other = { ...keys, card: Uint8Array.of(...keys.card, 0) };
		await alice.desk.store.commit([
			{ table: 'contact', key: [contact.address], put: { ...contact, keys: other } }
		]);
		await world.pass(11 * DAY);
		await refreshOutdated(alice.desk);
		const row = await alice.desk.store.get('contact', [contact.address]);
		expect(row?.keys).toEqual(other);
	});
});
