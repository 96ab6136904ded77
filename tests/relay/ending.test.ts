/** Messages with an end date, through a real post office, with a clock that the test turns. */

import { beforeEach, describe, expect, it } from 'vitest';
import { endDue, nextEnd } from '../../src/lib/mailbox/ending.ts';
import { collectWaiting } from '../../src/lib/post/collect-waiting.ts';
import { sealFile } from '../../src/lib/post/files.ts';
import { recordEnded } from '../../src/lib/post/ended.ts';
import { forgetEpochs } from '../../src/lib/post/forgetting.ts';
import { listen } from '../../src/lib/post/listen.ts';
import { drainOutbox } from '../../src/lib/post/outbox.ts';
import { createRecipient } from '../../src/lib/post/recipient.ts';
import type { DraftRecord, MessageRecord } from '../../src/lib/post/records.ts';
import { send } from '../../src/lib/post/send.ts';
import { sha256ToRawCid } from '../../src/lib/wire/codec.ts';
import { headerDecoder } from '../../src/lib/wire/entry.ts';
import { cidToBlockId, messageIdToBytes } from '../../src/lib/wire/ids.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import { beginWeeks, DAY, OFFICE, seal, textsOf, type Person, type Weeks } from './weeks.ts';

const HOUR = 3_600_000;
const SECRET = 'the key is under the third pot';

let world: Weeks['world'];
let alice: Person;
let bob: Person;
let write: Weeks['write'];

beforeEach(async () => {
	({ world, alice, bob, write } = await beginWeeks());
	await write(alice, bob, 'hello');
	await talk();
});

async function hear({ desk, own }: Person): Promise<void> {
	await own.refresh();
	await listen(desk, own.account, { once: true, onKnock: () => undefined });
	await collectWaiting(desk, own.account, null);
	await endDue(desk, own.account);
	await drainOutbox(desk, own.account);
	await world.settle();
}

async function talk(): Promise<void> {
	for (let round = 0; round < 3; round++) for (const person of [bob, alice]) await hear(person);
}

async function rowOf({ desk }: Person, match: (row: MessageRecord) => boolean) {
	const found = (await desk.store.list('message')).find(match);
	if (found === undefined) throw new Error('no such message');
	return found;
}

const saying = (text: string) => (row: MessageRecord) => row.mail.text === text;
const ended = (row: MessageRecord) => row.endedAt !== undefined;

async function inThread(): Promise<Partial<DraftRecord>> {
	const { thread } = await rowOf(alice, saying('hello'));
	return { kind: 'reply', thread };
}

/** The sealed body, where the office still has it. */
async function bodiesAtOffice({ desk }: Person, header: Uint8Array): Promise<number> {
	const decoded = headerDecoder.decode(header);
	if (!decoded.ok) throw new Error('a header');
	const id = cidToBlockId(sha256ToRawCid(decoded.value.body));
	const found: unknown[] = [];
	for await (const block of desk.offices(OFFICE).fetch([id])) found.push(block);
	return found.length;
}

/** All rows of all tables that could quote it, as text. */
async function everything({ desk }: Person): Promise<string> {
	const tables = ['message', 'thread', 'outbox', 'draft', 'knock', 'clear', 'ending'] as const;
	const rows = await Promise.all(tables.map((table) => desk.store.list(table)));
	const toText = (_key: string, value: unknown) =>
		value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
	return JSON.stringify(rows, toText);
}

describe('a message with an end date', () => {
	it('is there until then, and gone on both sides after it', async () => {
		await write(alice, bob, SECRET, { ...(await inThread()), ends: { after: DAY } });
		await talk();
		expect(await textsOf(bob)).toEqual(['hello', SECRET]);
		const { thread, entry, endsAt, under } = await rowOf(bob, saying(SECRET));
		expect([endsAt, await nextEnd(bob.desk)]).toEqual([world.now + DAY, world.now + DAY]);
		expect(under).toBeDefined();
		const sealed = await bob.desk.store.get('entry', [thread, entry]);
		expect([sealed?.under, await bodiesAtOffice(alice, sealed!.header)]).toEqual([under, 1]);

		await world.pass(DAY - 1);
		await talk();
		expect(await textsOf(bob)).toEqual(['hello', SECRET]);
		await world.pass(1);
		await talk();
		for (const person of [alice, bob]) {
			expect(await textsOf(person)).toEqual(['', 'hello']);
			expect(await everything(person)).not.toContain(SECRET);
			expect((await rowOf(person, ended)).endedAt).toBe(world.now);
			expect(await nextEnd(person.desk)).toBeNull();
			expect(await person.desk.store.list('doomed')).toEqual([]);
			const row = await person.desk.store.get('entry', [thread, entry]);
			expect(row).toMatchObject({ isGone: true, body: null });
		}
		// What the disk may still have of the old rows opens no more.
		expect(await bob.desk.ring.open(under!, Uint8Array.of(1))).toBeNull();
		expect(await bodiesAtOffice(alice, sealed!.header)).toBe(0);
		// The thread goes on.
		await write(bob, alice, 'and now?', await inThread());
		await talk();
		expect(await textsOf(alice)).toEqual(['', 'and now?', 'hello']);
	});

	it('shows as ended for a recipient by its own word alone', async () => {
		await write(alice, bob, SECRET, { ...(await inThread()), ends: { after: DAY } });
		await talk();
		const stateOf = async () =>
			(await rowOf(alice, ({ endsAt }) => endsAt !== undefined)).deliveries;
		expect(await stateOf()).toMatchObject([{ state: 'delivered' }]);
		await world.pass(2 * DAY);
		await endDue(alice.desk, alice.own.account);
		expect(await stateOf()).toMatchObject([{ state: 'delivered' }]);
		await hear(bob);
		await hear(alice);
		expect(await stateOf()).toMatchObject([{ state: 'ended', times: { ended: world.now } }]);
		await talk();
		for (const person of [alice, bob]) expect(await person.desk.store.list('outbox')).toEqual([]);
	});

	it('ends at once where it comes too late, and its writer hears both', async () => {
		await seal(world, alice, bob, SECRET, { ...(await inThread()), ends: { after: DAY } });
		const { thread } = await rowOf(alice, saying('hello'));
		const { entry } = await rowOf(alice, saying(SECRET));
		const bundle = await alice.desk.store.get('entry', [thread, entry]);
		await world.pass(DAY);
		const recipient = createRecipient(bob.desk, bob.own.account, {
			...{ onReceived: () => undefined, onConnections: () => undefined }
		});
		const { address } = alice.own.account.record;
		expect(await recipient.receive(address, [bundle!])).toMatchObject({ stored: [entry] });
		await talk();
		expect(await textsOf(bob)).toEqual(['', 'hello']);
		const [delivery] = (await rowOf(alice, ended)).deliveries;
		expect(delivery?.state).toBe('ended');
	});

	it('that nobody fetched in time has expired, and holds up nothing', async () => {
		await write(alice, bob, SECRET, { ...(await inThread()), ends: { after: DAY } });
		await listen(bob.desk, bob.own.account, { once: true, onKnock: () => undefined });
		await world.pass(2 * DAY);
		await hear(alice);
		await talk();
		expect(await textsOf(bob)).toEqual(['hello']);
		expect(await bob.desk.store.list('knock')).toEqual([]);
		expect((await rowOf(alice, ended)).deliveries).toMatchObject([
			{ state: 'refused', reason: 'expired' }
		]);
		expect(await alice.desk.store.list('outbox')).toEqual([]);
		await write(alice, bob, 'again', await inThread());
		await talk();
		expect(await textsOf(bob)).toEqual(['again', 'hello']);
	});

	it('takes its files along, but none that another message names', async () => {
		const fileOf = async (text: string) => {
			const content = async function* () {
				yield new TextEncoder().encode(text);
			};
			const { size, ...sealed } = await sealFile(alice.desk, alice.desk.blocks, content());
			return { id: text, name: text, type: 'text/plain', size, sealed };
		};
		const [mine, shared] = [await fileOf('mine'), await fileOf('shared')];
		const base = await inThread();
		await write(alice, bob, SECRET, { ...base, files: [mine, shared], ends: { after: DAY } });
		await talk();
		await write(alice, bob, 'stays', { ...base, files: [shared] });
		await talk();
		await world.pass(DAY);
		await talk();
		for (const { desk } of [alice, bob]) {
			for (const id of mine.sealed.blocks) expect(await desk.blocks.has(id)).toBe(false);
			for (const id of shared.sealed.blocks) expect(await desk.blocks.has(id)).toBe(true);
		}
		const left: string[] = [];
		const all = [...mine.sealed.blocks, ...shared.sealed.blocks];
		for await (const { cid } of alice.desk.offices(OFFICE).fetch(all)) left.push(cid.toString());
		expect(left.sort()).toEqual([...shared.sealed.blocks].sort());
	});

	it('does not come back, from a peer or in an archive', async () => {
		await write(alice, bob, SECRET, { ...(await inThread()), ends: { after: DAY } });
		await talk();
		const { thread, entry, id } = await rowOf(bob, saying(SECRET));
		const whole = await bob.desk.store.get('entry', [thread, entry]);
		await world.pass(DAY);
		await talk();
		// The clock was wrong, and the row of the thread is from before: a restore must leave it out.
		world.now -= DAY;
		const recipient = createRecipient(bob.desk, bob.own.account, {
			...{ onReceived: () => undefined, onConnections: () => undefined }
		});
		const { address } = alice.own.account.record;
		await recipient.receive(address, [whole!]);
		bob.restart();
		await recipient.receive(address, [whole!]);
		expect(await textsOf(bob)).toEqual(['', 'hello']);
		expect(await bob.desk.store.get('entry', [thread, entry])).toMatchObject({ body: null });
		const row = await bob.desk.store.get('thread', [thread]);
		// Even where all but the list of what has ended is lost.
		await bob.desk.store.commit([
			{ table: 'message', key: [thread, id], remove: true },
			{ table: 'entry', key: [thread, entry], remove: true },
			{ table: 'thread', key: [thread], put: { ...row!, version: row!.version + 1 } }
		]);
		await recipient.receive(address, [whole!]);
		expect(await textsOf(bob)).toEqual(['hello']);
		expect(await bob.desk.store.get('entry', [thread, entry])).toMatchObject({ body: null });
	});

	it('outlives the destruction of its epoch, and not its own end', async () => {
		const ends = { after: 60 * DAY };
		await write(alice, bob, SECRET, { ...(await inThread()), ends });
		await talk();
		await world.pass(51 * DAY);
		await forgetEpochs(bob.desk, bob.own.account, world.now);
		const [clear, ...others] = (await bob.desk.store.list('clear')).filter(({ under }) => under);
		expect([clear?.under, others]).toEqual([(await rowOf(bob, saying(SECRET))).under, []]);
		await world.pass(9 * DAY);
		await talk();
		expect((await bob.desk.store.list('clear')).filter(({ under }) => under)).toEqual([]);
		expect(await everything(bob)).not.toContain(SECRET);
	});

	it('gives its subject to no row that stays', async () => {
		await write(alice, bob, SECRET, { ends: { after: DAY } });
		await talk();
		const { thread } = await rowOf(bob, saying(SECRET));
		for (const { desk } of [alice, bob]) {
			expect(await desk.store.get('thread', [thread])).toMatchObject({
				...{ subject: '', latest: { preview: '' } }
			});
		}
	});
});

it('is not believed to have ended before its date', async () => {
	await write(alice, bob, SECRET, { ...(await inThread()), ends: { after: DAY } });
	await talk();
	const { thread, id } = await rowOf(alice, saying(SECRET));
	const word = [{ id: messageIdToBytes(id), at: world.now }];
	const stateAfterWord = async () => {
		await recordEnded(alice.desk, bob.own.account.record.address, thread, word);
		return (await alice.desk.store.get('message', [thread, id]))?.deliveries[0]?.state;
	};
	expect(await stateAfterWord()).toBe('delivered');
	await world.pass(DAY);
	expect(await stateAfterWord()).toBe('ended');
});

describe('an impossible end date', () => {
	it('is refused where it is written', async () => {
		const { record } = bob.own.account;
		const draft: DraftRecord = {
			...{
				id: 'd',
				kind: 'new' as const,
				cc: [],
				bcc: [],
				subject: '',
				html: '',
				text: 'x',
				files: []
			},
			...{ to: [record.address], savedAt: world.now }
		};
		for (const at of [world.now, world.now - 1, LIMITS.endMs + 1]) {
			const sent = await send(alice.desk, alice.own.account, { ...draft, ends: { at } });
			expect(sent).toEqual({ ok: false, problem: { kind: 'impossible-end' } });
		}
	});
});

describe('a thread with an end date', () => {
	it('ends whatever is written there, by whomever', async () => {
		const threadEnds = { after: 7 * DAY };
		await write(alice, bob, 'begins', { threadEnds });
		await talk();
		const { thread } = await rowOf(bob, saying('begins'));
		await world.pass(DAY);
		await write(bob, alice, 'answers', { kind: 'reply', thread });
		await write(alice, bob, 'sooner', { kind: 'reply', thread, ends: { after: HOUR } });
		await talk();
		expect((await rowOf(alice, saying('answers'))).endsAt).toBe(world.now + 7 * DAY);
		expect((await rowOf(bob, saying('sooner'))).endsAt).toBe(world.now + HOUR);
		await world.pass(6 * DAY);
		await talk();
		for (const person of [alice, bob]) {
			expect(await textsOf(person)).toEqual(['', '', 'answers', 'hello']);
		}
		await world.pass(DAY);
		await talk();
		for (const person of [alice, bob]) {
			expect(await textsOf(person)).toEqual(['', '', '', 'hello']);
		}
	});
});
