/** A message that is taken back before it is fetched, through a real post office. */

import { beforeEach, describe, expect, it } from 'vitest';
import { collectWaiting } from '../../src/lib/post/collect-waiting.ts';
import { sealFile } from '../../src/lib/post/files.ts';
import { listen } from '../../src/lib/post/listen.ts';
import { drainOutbox } from '../../src/lib/post/outbox.ts';
import { createRecipient } from '../../src/lib/post/recipient.ts';
import { findSame } from '../../src/lib/post/same-file.ts';
import { withdraw } from '../../src/lib/post/withdraw.ts';
import { sha256ToRawCid } from '../../src/lib/wire/codec.ts';
import { headerDecoder } from '../../src/lib/wire/entry.ts';
import { cidToBlockId } from '../../src/lib/wire/ids.ts';
import {
	beginWeeks,
	befriend,
	createPerson,
	DAY,
	OFFICE,
	seal,
	tend,
	textsOf,
	type Person,
	type Weeks
} from './weeks.ts';

const HOUR = 3_600_000;

let world: Weeks['world'];
let alice: Person;
let bob: Person;
let write: Weeks['write'];

beforeEach(async () => {
	({ world, alice, bob, write } = await beginWeeks());
	await write(alice, bob, 'hello');
	for (const person of [bob, bob, alice]) await hear(person);
});

async function hear({ desk, own }: Person): Promise<void> {
	await own.refresh();
	await listen(desk, own.account, { once: true, onKnock: () => undefined });
	await collectWaiting(desk, own.account, null);
	await drainOutbox(desk, own.account);
	// The office may have tried just now, and tries again within the hour.
	await world.pass(HOUR);
}

async function messageOf({ desk }: Person, text: string) {
	const found = (await desk.store.list('message')).find(({ mail }) => mail.text === text);
	if (found === undefined) throw new Error(`no message ${text}`);
	return found;
}

async function stateOf(person: Person, text: string) {
	return (await messageOf(person, text)).deliveries[0]?.state;
}

async function takeBack(person: Person, text: string) {
	const { thread, id } = await messageOf(person, text);
	return withdraw(person.desk, person.own.account, thread, id);
}

/** The sealed body, where the office still has it. */
async function bodiesAtOffice({ desk }: Person, entry: { readonly header: Uint8Array }) {
	const header = headerDecoder.decode(entry.header);
	if (!header.ok) throw new Error('a header');
	const id = cidToBlockId(sha256ToRawCid(header.value.body));
	const found: unknown[] = [];
	for await (const block of desk.offices(OFFICE).fetch([id])) found.push(block);
	return found.length;
}

async function sealedOf(person: Person, text: string) {
	const { thread, entry } = await messageOf(person, text);
	const row = await person.desk.store.get('entry', [thread, entry]);
	if (row === null) throw new Error('an entry');
	return row;
}

describe('a message that nobody has fetched', () => {
	it('is read by nobody, and its body is at no office', async () => {
		await write(alice, bob, 'oops', {
			kind: 'reply',
			thread: (await messageOf(alice, 'hello')).thread
		});
		const sealed = await sealedOf(alice, 'oops');
		expect(await bodiesAtOffice(alice, sealed)).toBe(1);
		expect(await takeBack(alice, 'oops')).toEqual({ ok: true });
		expect(await stateOf(alice, 'oops')).toBe('withdrawn');
		await drainOutbox(alice.desk, alice.own.account);
		expect(await bodiesAtOffice(alice, sealed)).toBe(0);
		await hear(alice);
		for (let round = 0; round < 3; round++) for (const person of [bob, alice]) await hear(person);
		expect(await textsOf(bob)).toEqual(['hello']);
		expect(await stateOf(alice, 'oops')).toBe('withdrawn');
		expect(await alice.desk.store.list('outbox')).toHaveLength(0);
		// The thread goes on, both ways.
		await write(alice, bob, 'better', {
			kind: 'reply',
			thread: (await messageOf(alice, 'hello')).thread
		});
		await hear(bob);
		expect(await textsOf(bob)).toEqual(['better', 'hello']);
		await write(bob, alice, 'fine', {
			kind: 'reply',
			thread: (await messageOf(bob, 'hello')).thread
		});
		await hear(alice);
		expect(await textsOf(alice)).toContain('fine');
	});

	it('is not handed over where it had not left', async () => {
		const { thread } = await messageOf(alice, 'hello');
		await seal(world, alice, bob, 'oops', { kind: 'reply', thread });
		const sealed = await sealedOf(alice, 'oops');
		expect(await takeBack(alice, 'oops')).toEqual({ ok: true });
		for (let round = 0; round < 3; round++) for (const person of [alice, bob]) await hear(person);
		expect(await bodiesAtOffice(alice, sealed)).toBe(0);
		expect(await textsOf(bob)).toEqual(['hello']);
		expect(await alice.desk.store.list('outbox')).toHaveLength(0);
	});

	it('is given to no peer, with or without a restart', async () => {
		const { thread } = await messageOf(alice, 'hello');
		await seal(world, alice, bob, 'oops', { kind: 'reply', thread });
		const { entry } = await messageOf(alice, 'oops');
		await takeBack(alice, 'oops');
		for (const restarts of [false, true]) {
			if (restarts) alice.restart();
			const recipient = createRecipient(alice.desk, alice.own.account, {
				...{ onReceived: () => undefined, onConnections: () => undefined }
			});
			const { address } = bob.own.account.record;
			const [bundle] = await recipient.entriesFor(address, thread, [entry], 'whole');
			expect(bundle).toMatchObject({ body: null });
		}
		expect((await messageOf(alice, 'oops')).isWithdrawn).toBe(true);
	});
});

describe('a message that was fetched', () => {
	it('is not taken back', async () => {
		expect(await takeBack(alice, 'hello')).toEqual({ ok: false, problem: 'too-late' });
		expect(await stateOf(alice, 'hello')).toBe('delivered');
	});

	it('says that its writer wanted it back, and its status is true, where both met', async () => {
		const { thread } = await messageOf(alice, 'hello');
		await write(alice, bob, 'oops', { kind: 'reply', thread });
		// Bob fetches it; Alice, who has not heard of it, takes it back.
		await hear(bob);
		expect(await takeBack(alice, 'oops')).toEqual({ ok: true });
		expect(await stateOf(alice, 'oops')).toBe('withdrawn');
		for (let round = 0; round < 3; round++) for (const person of [alice, bob]) await hear(person);
		expect(await textsOf(bob)).toEqual(['hello', 'oops']);
		expect((await messageOf(bob, 'oops')).isWithdrawn).toBe(true);
		expect(await stateOf(alice, 'oops')).toBe('delivered');
		expect(await alice.desk.store.list('outbox')).toHaveLength(0);
	});

	it('is taken back by nobody else', async () => {
		const { thread, id } = await messageOf(bob, 'hello');
		const outcome = await withdraw(bob.desk, bob.own.account, thread, id);
		expect(outcome).toEqual({ ok: false, problem: 'too-late' });
	});
});

describe('nothing brings back what was taken back:', () => {
	const inThread = async () =>
		({ kind: 'reply', thread: (await messageOf(alice, 'hello')).thread }) as const;
	const recipientOf = ({ desk, own }: Person) =>
		createRecipient(desk, own.account, {
			...{ onReceived: () => undefined, onConnections: () => undefined }
		});
	const addressOf = ({ own }: Person) => own.account.record.address;
	const goOn = async () => {
		for (let round = 0; round < 3; round++) for (const person of [alice, bob]) await hear(person);
	};

	it('the entry in which it was sealed first', async () => {
		await seal(world, alice, bob, 'oops', await inThread());
		const first = await sealedOf(alice, 'oops');
		await world.pass(31 * DAY);
		await drainOutbox(alice.desk, alice.own.account);
		const second = await sealedOf(alice, 'oops');
		expect(second.header).not.toEqual(first.header);
		expect(await takeBack(alice, 'oops')).toEqual({ ok: true });
		await goOn();
		for (const sealed of [first, second]) expect(await bodiesAtOffice(alice, sealed)).toBe(0);
		expect(await textsOf(bob)).toEqual(['hello']);
	});

	it('a recipient who says that it came too late', async () => {
		await write(alice, bob, 'oops', await inThread());
		const { entry } = await messageOf(alice, 'oops');
		await takeBack(alice, 'oops');
		await recipientOf(alice).declined(addressOf(bob), entry, 'sealed-too-late');
		await goOn();
		expect(await textsOf(bob)).toEqual(['hello']);
		expect(await alice.desk.store.list('outbox')).toHaveLength(0);
	});

	it('a member who still has it', async () => {
		await seal(world, alice, bob, 'oops', await inThread());
		const { thread, entry } = await messageOf(alice, 'oops');
		const whole = await alice.desk.store.get('entry', [thread, entry]);
		if (whole === null) throw new Error('an entry');
		await takeBack(alice, 'oops');
		await goOn();
		await recipientOf(bob).receive(addressOf(alice), [whole]);
		expect(await textsOf(bob)).toEqual(['hello']);
		const [given] = await recipientOf(bob).entriesFor(addressOf(alice), thread, [entry], 'whole');
		expect(given).toMatchObject({ body: null });
	});

	it('a withdrawal that was confirmed before the office heard of it', async () => {
		await write(alice, bob, 'oops', await inThread());
		const sealed = await sealedOf(alice, 'oops');
		await takeBack(alice, 'oops');
		const heads = (await alice.desk.store.list('outbox')).flatMap(({ entries }) =>
			entries.slice(-1)
		);
		await recipientOf(alice).acknowledged(addressOf(bob), heads);
		await drainOutbox(alice.desk, alice.own.account);
		expect(await bodiesAtOffice(alice, sealed)).toBe(0);
		expect(await alice.desk.store.list('outbox')).toHaveLength(0);
	});

	it('and its files hold up nothing that its writer says later', async () => {
		const { blocks } = alice.desk;
		const content = async function* () {
			yield new Uint8Array(300_000).fill(7);
		};
		const sealed = await sealFile(alice.desk, blocks, content());
		const file = { id: 'f', name: 'a', type: 'b', size: sealed.size };
		const stored = { ...sealed, manifest: sealed.manifest };
		await seal(world, alice, bob, 'oops', {
			...(await inThread()),
			files: [{ ...file, sealed: stored }]
		});
		const { thread } = await messageOf(alice, 'oops');
		await recipientOf(bob).receive(
			addressOf(alice),
			await alice.desk.store.list('entry', [thread])
		);
		expect(await textsOf(bob)).toEqual(['hello', 'oops']);
		expect(await takeBack(alice, 'oops')).toEqual({ ok: true });
		await write(alice, bob, 'after', await inThread());
		await goOn();
		expect(await textsOf(bob)).toEqual(['after', 'hello', 'oops']);
		expect(await stateOf(alice, 'after')).toBe('delivered');
	});
});

it.each([false, true])(
	'a file that another message carries stays (newcomer: %s)',
	async (isNew) => {
		const carol = await createPerson(world, 'carol');
		await befriend(alice, carol);
		for (const person of [alice, carol]) await tend(person);
		const { thread } = await messageOf(alice, 'hello');
		const content = async function* () {
			yield new Uint8Array(300_000).fill(7);
		};
		const { blocks, ...sealed } = await sealFile(alice.desk, alice.desk.blocks, content());
		const { size } = sealed;
		const file = { id: 'f', name: 'a', type: 'b', size };
		await write(alice, bob, 'first', { kind: 'reply', thread, files: [{ ...file, sealed }] });
		const same = await findSame(alice.desk, thread, { size, read: content });
		if (same === null) throw new Error('it is there');
		const people = isNew ? [bob, carol] : [bob];
		// An answer that adds somebody hands over the whole past.
		await write(alice, bob, 'second', {
			...{ kind: 'reply', thread, files: [{ ...file, sealed: same }] },
			to: people.map(({ own }) => own.account.record.address)
		});
		expect(await takeBack(alice, 'second')).toEqual({ ok: true });
		await drainOutbox(alice.desk, alice.own.account);
		const left: unknown[] = [];
		for await (const block of alice.desk.offices(OFFICE).fetch(blocks)) left.push(block);
		expect(left).toHaveLength(blocks.length);
	}
);
