/** Epoch secrets through the weeks: destroyed on schedule, and no mail lost by it (protocol §4). */

import { beforeEach, describe, expect, it } from 'vitest';
import { deleteForever } from '../../src/lib/mailbox/places.ts';
import { collectWaiting } from '../../src/lib/post/collect-waiting.ts';
import { forgetEpochs } from '../../src/lib/post/forgetting.ts';
import { listen } from '../../src/lib/post/listen.ts';
import { drainOutbox } from '../../src/lib/post/outbox.ts';
import type { DraftRecord } from '../../src/lib/post/records.ts';
import { createRecipient } from '../../src/lib/post/recipient.ts';
import { loadReplica } from '../../src/lib/post/replicas.ts';
import { textsIn } from '../../src/lib/post/texts.ts';
import { openSecrets } from '../../src/lib/post/kept-secrets.ts';
import { decodeSecrets } from '../../src/lib/threads/secrets.ts';
import { shownMessages } from '../../src/lib/threads/shown.ts';
import { parseThreadId, type ThreadId } from '../../src/lib/wire/ids.ts';
import { beginWeeks, DAY, seal, tend, textsOf, type Person, type Weeks } from './weeks.ts';

const HOUR = 3_600_000;

let world: Weeks['world'];
let alice: Person;
let bob: Person;
let awake: Weeks['awake'];
let write: Weeks['write'];

beforeEach(async () => {
	({ world, alice, bob, awake, write } = await beginWeeks());
});

async function threadOf({ desk }: Person): Promise<ThreadId> {
	const [row, ...others] = await desk.store.list('thread');
	if (row === undefined || others.length > 0) throw new Error('there is one thread');
	return row.id;
}

const inThread = async (person: Person): Promise<Partial<DraftRecord>> => ({
	kind: 'reply',
	thread: await threadOf(person)
});

const NOTHING = new Uint8Array();

/** How many epochs can be opened, and how many are known. */
async function epochsOf(person: Person): Promise<{ open: number; all: number }> {
	const row = await person.desk.store.get('thread', [await threadOf(person)]);
	const stored = decodeSecrets(row?.secrets ?? new Uint8Array());
	const epochs = Object.values((await openSecrets(person.desk, stored)).epochs);
	return { open: epochs.filter(({ secret }) => secret !== undefined).length, all: epochs.length };
}

/** What the thread says when it is opened from the disk. */
async function reopened(person: Person): Promise<string[]> {
	person.restart();
	const replica = await loadReplica(person.desk, person.own.account, await threadOf(person));
	if (replica === null) throw new Error('there is a thread');
	return shownMessages(replica.state).map(({ mail }) => mail.text);
}

async function statusOf({ desk }: Person, text: string) {
	const messages = await desk.store.list('message');
	const [delivery] = messages.find(({ mail }) => mail.text === text)?.deliveries ?? [];
	return { state: delivery?.state, reason: delivery?.reason };
}

async function hear({ desk, own }: Person): Promise<void> {
	await own.refresh();
	await listen(desk, own.account, { once: true, onKnock: () => undefined });
	await collectWaiting(desk, own.account, null);
	await drainOutbox(desk, own.account);
	// The office may have tried just now, and tries again within the hour.
	await world.pass(HOUR);
}

/** Alice has written, and each has opened a slot for the other. */
async function acquaint(): Promise<void> {
	await write(alice, bob, 'one');
	for (const person of [bob, bob, alice]) await hear(person);
}

describe('an epoch secret', () => {
	it('goes 50 days after it came; what was read stays, also after a restart', async () => {
		await write(alice, bob, 'one');
		await tend(bob);
		await awake(bob, 49);
		expect(await epochsOf(bob)).toEqual({ open: 1, all: 1 });
		await awake(bob, 2);
		expect(await epochsOf(bob)).toEqual({ open: 0, all: 1 });
		expect(await textsOf(bob)).toEqual(['one']);
		expect(await reopened(bob)).toEqual(['one']);
		await hear(alice);
		await write(alice, bob, 'two', await inThread(alice));
		await tend(bob);
		expect(await reopened(bob)).toEqual(['one', 'two']);
		expect(await epochsOf(bob)).toEqual({ open: 1, all: 2 });
		await write(bob, alice, 'three', await inThread(bob));
		await hear(alice);
		expect(await reopened(alice)).toEqual(['one', 'two', 'three']);
	});

	it('is not found on the disk any more, nor brought back by a wrap', async () => {
		await write(alice, bob, 'one');
		await tend(bob);
		const id = await threadOf(bob);
		const row = await bob.desk.store.get('thread', [id]);
		const [epoch] = Object.values(decodeSecrets(row?.secrets ?? new Uint8Array()).epochs);
		const { under, sealed } = epoch?.kept ?? { under: NOTHING, sealed: NOTHING };
		const secret = Buffer.from((await bob.desk.ring.open(under, sealed)) ?? []).toString('hex');
		expect(secret).toHaveLength(64);
		expect(epoch?.secret).toBeUndefined();
		await forgetEpochs(bob.desk, bob.own.account, world.now + 51 * DAY);
		// Whoever has the old row cannot open it.
		expect(await bob.desk.ring.open(under, sealed)).toBeNull();
		for (const each of await bob.desk.store.list('thread')) {
			expect(Buffer.from(each.secrets).toString('hex')).not.toContain(secret);
		}
		const entries = await bob.desk.store.list('entry', [id]);
		const recipient = createRecipient(bob.desk, bob.own.account, {
			...{ onReceived: () => undefined, onConnections: () => undefined }
		});
		bob.restart();
		await recipient.receive(alice.own.account.record.address, entries);
		expect(await epochsOf(bob)).toEqual({ open: 0, all: 1 });
	});

	it('is told to nobody with what it opened: a peer gets sealed bytes alone', async () => {
		await write(alice, bob, 'one');
		await tend(bob);
		await forgetEpochs(bob.desk, bob.own.account, world.now + 51 * DAY);
		const id = parseThreadId(await threadOf(bob));
		if (id === null) throw new Error('a thread id');
		const recipient = createRecipient(bob.desk, bob.own.account, {
			...{ onReceived: () => undefined, onConnections: () => undefined }
		});
		const { address } = alice.own.account.record;
		const ids = await recipient.entryIdsFor(address, id);
		const given = await recipient.entriesFor(address, id, ids, 'whole');
		expect(given.length).toBeGreaterThan(1);
		for (const bundle of given)
			expect(Object.keys(bundle).sort()).toEqual(['body', 'header', 'wraps']);
		expect((await bob.desk.store.list('clear', [id])).length).toBeGreaterThan(0);
	});

	it('waits for a sleeper, who reads what was written in it 90 days ago', async () => {
		await write(alice, bob, 'one');
		await tend(bob);
		await world.pass(5 * DAY);
		await write(alice, bob, 'two', await inThread(alice));
		await world.pass(90 * DAY);
		await tend(bob);
		expect(await textsOf(bob)).toEqual(['one', 'two']);
		await awake(bob, 1);
		expect((await epochsOf(bob)).open).toBe(0);
		expect(await reopened(bob)).toEqual(['one', 'two']);
	});
});

describe('what comes too late', () => {
	it('is sealed again before it leaves a device that was away', async () => {
		await acquaint();
		await seal(world, alice, bob, 'two', await inThread(alice));
		await awake(bob, 60);
		await hear(alice);
		await tend(bob);
		expect(await textsOf(bob)).toEqual(['one', 'two']);
		await hear(alice);
		expect(await statusOf(alice, 'two')).toEqual({ state: 'delivered', reason: undefined });
		expect(await textsOf(alice)).toEqual(['one', 'two']);
		expect(await alice.desk.store.list('outbox')).toHaveLength(0);
		expect(await reopened(bob)).toEqual(['one', 'two']);
	});

	it('does not hide behind what was written after it', async () => {
		await acquaint();
		await seal(world, alice, bob, 'two', await inThread(alice));
		await awake(bob, 60);
		await seal(world, alice, bob, 'three', await inThread(alice));
		for (let round = 0; round < 3; round++) for (const person of [alice, bob]) await hear(person);
		expect(await textsOf(bob)).toEqual(['one', 'three', 'two']);
		for (const text of ['two', 'three']) {
			expect(await statusOf(alice, text)).toEqual({ state: 'delivered', reason: undefined });
		}
		expect(await alice.desk.store.list('outbox')).toHaveLength(0);
	});

	it('ends where its text is not here any more', async () => {
		await acquaint();
		await seal(world, alice, bob, 'two', await inThread(alice));
		await forgetEpochs(bob.desk, bob.own.account, world.now + 51 * DAY);
		const thread = await threadOf(alice);
		const texts = () => textsIn(alice.desk, alice.own.account, thread);
		await drainOutbox(alice.desk, alice.own.account);
		await deleteForever(alice.desk, [thread], texts);
		for (let round = 0; round < 3; round++) for (const person of [bob, alice]) await hear(person);
		expect(await alice.desk.store.list('outbox')).toHaveLength(0);
		expect(await textsOf(bob)).toEqual(['one']);
	});

	it('is sealed again when the recipient says so', async () => {
		await acquaint();
		await seal(world, alice, bob, 'two', await inThread(alice));
		await forgetEpochs(bob.desk, bob.own.account, world.now + 51 * DAY);
		await hear(alice);
		await hear(bob);
		expect(await textsOf(bob)).toEqual(['one']);
		// Alice hears it, seals it in a new epoch, and Bob, who has another secret now, reads it.
		await world.pass(11 * DAY);
		await hear(alice);
		await hear(bob);
		expect(await textsOf(bob)).toEqual(['one', 'two']);
		await hear(alice);
		expect(await statusOf(alice, 'two')).toEqual({ state: 'delivered', reason: undefined });
		expect(await textsOf(alice)).toEqual(['one', 'two']);
	});

	it('is sealed at once in a new epoch for one whose key ring is gone', async () => {
		await acquaint();
		await bob.loseRing();
		await seal(world, alice, bob, 'two', await inThread(alice));
		await seal(world, alice, bob, 'three', await inThread(alice));
		for (let round = 0; round < 6; round++) for (const person of [alice, bob]) await hear(person);
		expect(await textsOf(bob)).toEqual(['one', 'three', 'two']);
		for (const text of ['two', 'three']) {
			expect(await statusOf(alice, text)).toEqual({ state: 'delivered', reason: undefined });
		}
		// One new epoch for both, and no other for what is written next.
		await write(alice, bob, 'four', await inThread(alice));
		expect((await epochsOf(alice)).all).toBe(2);
	});

	it('is refused where the recipient says so of the new one, too', async () => {
		await acquaint();
		await seal(world, alice, bob, 'two', await inThread(alice));
		const hooks = { onReceived: () => undefined, onConnections: () => undefined };
		const hers = createRecipient(alice.desk, alice.own.account, hooks);
		for (let round = 0; round < 2; round++) {
			const [record] = await alice.desk.store.list('outbox');
			const head = record?.entries.at(-1);
			if (head === undefined) throw new Error('it is on its way');
			await hers.declined(bob.own.account.record.address, head, 'sealed-too-late');
			await drainOutbox(alice.desk, alice.own.account);
		}
		expect(await statusOf(alice, 'two')).toEqual({ state: 'refused', reason: 'sealed-too-late' });
		expect(await alice.desk.store.list('outbox')).toHaveLength(0);
	});
});
