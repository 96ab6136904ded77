/** Mail that goes by hand: both ways, twice, in part, forged, for somebody else, and too much of it. */

import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { createPerson, deliver, introduce, post, type Person } from '../../../tests/sim/people.ts';
import { concat } from '../wire/bytes.ts';
import { cidOfRaw, encodeFields } from '../wire/codec.ts';
import { cidToBlockId, idToCid } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { encodeObject } from '../wire/office.ts';
import { PARCEL_START_BYTES } from '../wire/parcel.ts';
import { knownCorrespondent, setTier } from './contacts.ts';
import { forgetSpent } from './spent.ts';
import { openFile, sealFile } from './files.ts';
import { writeParcel } from './parcel-bytes.ts';
import { packParcel, planParcel, type ParcelPlan } from './parcel-pack.ts';
import { takeParcel } from './parcel-take.ts';
import type { Office } from './ports.ts';
import { updateOutbox } from './progress.ts';
import type { DraftFile, MessageRecord } from './records.ts';
import { requestsOf } from './knocks.ts';
import { acceptRequest } from './requests.ts';
import { send } from './send.ts';

let now = 1_790_000_000_000;
let alice: Person;
let bob: Person;

beforeEach(async () => {
	alice = await createPerson('Alice', () => now++);
	bob = await createPerson('Bob', () => now++);
	await introduce([alice, bob]);
});

const addressOf = ({ account }: Person) => account.record.address;

async function planFor(from: Person, to: Person): Promise<ParcelPlan> {
	const planned = await planParcel(from.desk, from.account, addressOf(to));
	if (!planned.ok) throw new Error(planned.problem);
	return planned.plan;
}

async function gather(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
	const all: Uint8Array[] = [];
	for await (const piece of pieces) all.push(piece);
	return concat(...all);
}

async function pack(from: Person, to: Person): Promise<Uint8Array> {
	return gather(packParcel(from.desk, from.account, await planFor(from, to)));
}

async function* inPieces(bytes: Uint8Array, size = 50_000): AsyncGenerator<Uint8Array> {
	for (let start = 0; start < bytes.length; start += size) {
		yield bytes.subarray(start, start + size);
	}
}

const takeIn = ({ desk, account }: Person, bytes: Uint8Array) =>
	takeParcel(desk, account, inPieces(bytes));

async function taken(person: Person, bytes: Uint8Array) {
	const outcome = await takeIn(person, bytes);
	if (!outcome.ok) throw new Error(outcome.problem);
	return outcome;
}

const messagesOf = (person: Person): Promise<MessageRecord[]> => person.desk.store.list('message');
const statesOf = async (person: Person) =>
	(await messagesOf(person)).flatMap(({ deliveries }) => deliveries.map(({ state }) => state));

/** A letter with a file of so many bytes. */
async function postFile(from: Person, to: Person, bytes: number) {
	const content = from.desk.random(bytes);
	const sealed = await sealFile(from.desk, from.desk.blocks, inPieces(content));
	const file: DraftFile = {
		id: 'f',
		name: 'plan.pdf',
		type: 'application/pdf',
		size: bytes,
		sealed
	};
	const sent = await send(from.desk, from.account, {
		...{ id: 'draft', kind: 'new', cc: [], bcc: [], subject: 'Plan', html: '', text: 'See.' },
		...{ to: [addressOf(to)], files: [file], savedAt: now }
	});
	if (!sent.ok) throw new Error(sent.problem.kind);
	return { content, blocks: sealed.blocks };
}

describe('a parcel', () => {
	test('carries a letter, and the next one back its receipt and the answer', async () => {
		const { threadId } = await post(alice, [bob]);
		expect(await planFor(alice, bob)).toMatchObject({ messages: 1, files: 0, words: [] });
		const outcome = await taken(bob, await pack(alice, bob));
		expect(outcome).toMatchObject({ name: 'Alice', isWhole: true, incomplete: 0, requests: 0 });
		expect(outcome.messages).toHaveLength(1);
		expect((await messagesOf(bob)).map(({ mail }) => mail.text)).toEqual(['At four?']);
		expect(await statesOf(alice)).toEqual(['written']);

		await post(bob, [alice], { kind: 'reply', thread: threadId, text: 'At five.' });
		expect(await taken(alice, await pack(bob, alice))).toMatchObject({ confirmed: 1 });
		expect((await messagesOf(alice)).map(({ mail }) => mail.text)).toContain('At five.');
		expect(await statesOf(alice)).toEqual(['delivered']);
		expect(await alice.desk.store.list('outbox')).toEqual([]);
		// Her next one says that she has his; then nothing more is owed, either way.
		expect(await taken(bob, await pack(alice, bob))).toMatchObject({ confirmed: 1, messages: [] });
		expect(await statesOf(bob)).toEqual(['delivered']);
		expect((await planFor(bob, alice)).words).toEqual([]);
		expect(await taken(alice, await pack(bob, alice))).toMatchObject({ confirmed: 0 });
		expect((await planFor(alice, bob)).words).toEqual([]);
	});

	test('may come twice, or come and then be sent: nothing is there twice', async () => {
		const { threadId } = await post(alice, [bob]);
		const parcel = await pack(alice, bob);
		await taken(bob, parcel);
		expect(await taken(bob, parcel)).toMatchObject({ messages: [], isWhole: true });
		await deliver(alice, [bob]);
		expect(await messagesOf(bob)).toHaveLength(1);
		expect((await bob.desk.store.get('thread', [threadId]))?.unread).toBe(1);
		// His word about it comes twice, too.
		const back = await pack(bob, alice);
		expect(await taken(alice, back)).toMatchObject({ confirmed: 1 });
		expect(await taken(alice, back)).toMatchObject({ confirmed: 0 });
	});

	test('an older one that comes later brings back neither keys nor receipts', async () => {
		await post(alice, [bob]);
		const old = await pack(alice, bob);
		await post(alice, [bob], { text: 'Or at six?' });
		await taken(bob, await pack(alice, bob));
		const before = await bob.desk.store.get('contact', [addressOf(alice)]);
		await taken(bob, old);
		expect(await bob.desk.store.get('contact', [addressOf(alice)])).toEqual(before);
		expect(await messagesOf(bob)).toHaveLength(2);
		expect((await planFor(bob, alice)).words).toHaveLength(2);
	});

	test('brings attachments, whose receipt says that all of them are there', async () => {
		const { content, blocks } = await postFile(alice, bob, 600_000);
		const plan = await planFor(alice, bob);
		expect(plan).toMatchObject({ messages: 1, files: 1 });
		const parcel = await pack(alice, bob);
		expect(Math.abs(parcel.length - plan.sizeBytes)).toBeLessThan(parcel.length / 10);
		expect(await taken(bob, parcel)).toMatchObject({ isWhole: true, incomplete: 0 });
		const [file] = (await messagesOf(bob))[0]?.mail.attachments ?? [];
		if (file === undefined) throw new Error('the letter has a file');
		expect(await gather(openFile(bob.desk, bob.desk.blocks, file))).toEqual(content);
		expect(await bob.desk.blocks.has(blocks[0] ?? cidToBlockId(cidOfRaw(content)))).toBe(true);
		await taken(alice, await pack(bob, alice));
		expect(await statesOf(alice)).toEqual(['delivered']);
	});

	test('that is cut off keeps what came, confirms nothing of the rest, and can be brought again', async () => {
		await postFile(alice, bob, 900_000);
		const parcel = await pack(alice, bob);
		const cut = await taken(bob, parcel.subarray(0, 600_000));
		expect(cut).toMatchObject({ isWhole: false, incomplete: 1 });
		expect(await messagesOf(bob)).toHaveLength(1);
		await taken(alice, await pack(bob, alice));
		expect(await statesOf(alice)).toEqual(['written']);
		expect(await taken(bob, parcel)).toMatchObject({ isWhole: true, incomplete: 0, messages: [] });
		await taken(alice, await pack(bob, alice));
		expect(await statesOf(alice)).toEqual(['delivered']);
	});

	test('has what others wrote and its reader may lack, and not what the reader has', async () => {
		const carol = await createPerson('Carol', () => now++);
		await introduce([carol, alice]);
		await introduce([carol, bob]);
		const { threadId } = await post(alice, [bob, carol]);
		await deliver(alice, [bob, carol]);
		await post(carol, [alice, bob], { kind: 'replyAll', thread: threadId, text: 'Me too.' });
		await deliver(carol, [alice]);
		await taken(bob, await pack(alice, bob));
		await taken(alice, await pack(bob, alice));
		await post(alice, [bob, carol], { kind: 'replyAll', thread: threadId, text: 'Then all.' });
		const plan = await planFor(alice, bob);
		expect(plan.letters.map(({ entries }) => entries.length)).toEqual([3]);
		await taken(bob, await pack(alice, bob));
		const texts = (await messagesOf(bob)).map(({ mail }) => mail.text);
		expect(new Set(texts)).toEqual(new Set(['At four?', 'Me too.', 'Then all.']));
	});

	test('carries the word that something has ended, which brings no entry', async () => {
		const { threadId } = await post(alice, [bob]);
		const [record] = await alice.desk.store.list('outbox');
		if (record === undefined) throw new Error('it is on its way');
		await taken(bob, await pack(alice, bob));
		await taken(alice, await pack(bob, alice));
		const { message: _, ...rest } = record;
		const ended = [{ id: new Uint8Array(16), at: now }];
		const told = { ...rest, id: 'told', entries: [], ended, createdAt: now };
		await alice.desk.store.commit([{ table: 'outbox', key: ['told'], put: told }]);
		const plan = await planFor(alice, bob);
		expect(plan).toMatchObject({ messages: 0, changes: 1 });
		expect(plan.letters[0]?.letter).toMatchObject({ heads: [idToCid(threadId)], ended });
		expect(await taken(bob, await pack(alice, bob))).toMatchObject({ incomplete: 0 });
		await taken(alice, await pack(bob, alice));
		expect(await alice.desk.store.list('outbox')).toEqual([]);
	});

	test('tells what the office need not repeat any more, when it next answers', async () => {
		await post(alice, [bob]);
		const [record] = await alice.desk.store.list('outbox');
		if (record === undefined) throw new Error('it is on its way');
		await updateOutbox(alice.desk, record.id, (row) => ({
			...row,
			knocks: row.knocks.map((knock) => ({ ...knock, state: 'noticed' }))
		}));
		await taken(bob, await pack(alice, bob));
		await taken(alice, await pack(bob, alice));
		const forgotten: Uint8Array[] = [];
		const forget: Office['forget'] = async (_account, knocks) => void forgotten.push(...knocks);
		const device = await alice.desk.suite.signer(alice.account.me.joinSecret);
		const account = { root: alice.account.root, device };
		const counter = { office: { forget } as unknown as Office, account };
		await forgetSpent(alice.desk, counter);
		await forgetSpent(alice.desk, counter);
		expect(forgotten).toEqual([record.knocks[0]?.knock]);
	});
});

describe('whoever is not known', () => {
	/** Mallory has Bob's card, and Bob has nothing of hers. */
	async function stranger(): Promise<Person> {
		const mallory = await createPerson('Mallory', () => now++);
		await introduce([mallory, bob]);
		await bob.desk.store.commit([{ table: 'contact', key: [addressOf(mallory)], remove: true }]);
		return mallory;
	}

	test('lands in Requests, and is read without a network once the user says yes', async () => {
		const mallory = await stranger();
		await post(mallory, [bob], { text: 'You do not know me.' });
		const outcome = await taken(bob, await pack(mallory, bob));
		expect(outcome).toMatchObject({ requests: 1, messages: [] });
		expect(await messagesOf(bob)).toEqual([]);
		const [request] = await requestsOf(bob.desk);
		if (request === undefined) throw new Error('it waits in Requests');
		expect(request.introduction).toBe('You do not know me.');
		const { desk, account } = { ...bob, desk: { ...bob.desk, offices: nobodyAnswers } };
		await acceptRequest(desk, account, null, request);
		expect((await messagesOf(bob)).map(({ mail }) => mail.text)).toEqual(['You do not know me.']);
		// He can answer, and she learns that he has it.
		await post(bob, [mallory], { text: 'Now I do.' });
		await taken(mallory, await pack(bob, mallory));
		expect(await statesOf(mallory)).toEqual(['delivered']);
		expect((await messagesOf(mallory)).map(({ mail }) => mail.text)).toContain('Now I do.');
	});

	test('has no room of ours for files, nor for more than a megabyte', async () => {
		const mallory = await stranger();
		const { blocks } = await postFile(mallory, bob, 300_000);
		for (let letter = 0; letter < 20; letter++) {
			await post(mallory, [bob], { text: 'x'.repeat(90_000) });
		}
		await taken(bob, await pack(mallory, bob));
		for (const id of blocks) expect(await bob.desk.blocks.has(id)).toBe(false);
		const kept = (await requestsOf(bob.desk)).flatMap(({ enclosed }) => enclosed?.entries ?? []);
		const bytes = kept.reduce((sum, { body }) => sum + (body?.length ?? 0), 0);
		expect(bytes).toBeLessThanOrEqual(LIMITS.parcelRequestBytes);
		expect(bytes).toBeGreaterThan(LIMITS.parcelRequestBytes / 2);
	});

	test('is refused when blocked, and so are keys that its writer has replaced', async () => {
		await post(alice, [bob]);
		const parcel = await pack(alice, bob);
		await setTier(bob.desk, addressOf(alice), 'blocked');
		expect(await takeIn(bob, parcel)).toEqual({ ok: false, problem: 'blocked' });
		await setTier(bob.desk, addressOf(alice), 'known');
		await bob.desk.store.update('contact', [addressOf(alice)], (row) => {
			if (row?.keys === undefined) return [];
			const pair = { ...row.keys.pair, rootSeq: row.keys.pair.rootSeq + 1 };
			const put = { ...row, keys: { ...row.keys, pair } };
			return [{ table: 'contact', key: [addressOf(alice)], put }];
		});
		expect(await takeIn(bob, parcel)).toEqual({ ok: false, problem: 'older-key' });
		expect(await messagesOf(bob)).toEqual([]);
	});
});

const nobodyAnswers: Person['desk']['offices'] = () => {
	throw new Error('nobody is asked here');
};

describe('hostile bytes', () => {
	/** A parcel of Alice's to Bob with these frames. */
	async function forge(objects: readonly Uint8Array[], from: Person = alice): Promise<Uint8Array> {
		const recipient = await knownCorrespondent(alice.desk, addressOf(bob));
		if (recipient === null) throw new Error('she has his card');
		async function* all() {
			yield* objects;
		}
		return gather(writeParcel(from.desk, from.account, recipient, now, all()));
	}

	const contents = (fields: Record<string, unknown> = {}) => {
		const { xwing } = alice.account.record;
		return encodeFields({ v: 1, t: 'contents', xwing, letters: [], words: [], ...fields });
	};
	const end = () => encodeObject('parcel-end', { entries: 0, blocks: 0 });

	test('for somebody else, of a newer version, or no parcel at all: each is said', async () => {
		const carol = await createPerson('Carol', () => now++);
		await post(alice, [bob]);
		const parcel = await pack(alice, bob);
		expect(await takeIn(carol, parcel)).toEqual({ ok: false, problem: 'for-another' });
		expect(await takeIn(alice, parcel)).toEqual({ ok: false, problem: 'for-another' });
		const newer = Uint8Array.from(parcel);
		newer[5] = 2;
		expect(await takeIn(bob, newer)).toEqual({ ok: false, problem: 'newer' });
		expect(await takeIn(bob, newer.subarray(0, 6))).toEqual({ ok: false, problem: 'newer' });
		for (const file of [new Uint8Array(0), new Uint8Array(9_000), parcel.subarray(1)]) {
			expect(await takeIn(bob, file)).toEqual({ ok: false, problem: 'no-parcel' });
		}
		expect(await takeIn(bob, parcel.subarray(0, 400))).toEqual({ ok: false, problem: 'damaged' });
	});

	test('one who says that she is Alice is not believed', async () => {
		const mallory = await createPerson('Mallory', () => now++);
		const { root, sender, record } = alice.account;
		const own = mallory.account.sender.authentication;
		// Alice's name and card, and Mallory's key: the tag is right, and the card does not list it.
		const claims = { root, pair: sender.pair, authentication: own };
		const account = { ...mallory.account, record, sender: claims };
		expect(await takeIn(bob, await forge([contents(), end()], { ...mallory, account }))).toEqual({
			ok: false,
			problem: 'forged'
		});
		// Her own name, and Alice's card.
		const other = { ...mallory.account, record };
		expect(
			await takeIn(bob, await forge([contents(), end()], { ...mallory, account: other }))
		).toEqual({ ok: false, problem: 'forged' });
		expect(await taken(bob, await forge([contents(), end()]))).toMatchObject({ isWhole: true });
	});

	test('nobody confirms what was written to somebody else', async () => {
		const carol = await createPerson('Carol', () => now++);
		await introduce([carol, alice]);
		await post(alice, [bob]);
		const [record] = await alice.desk.store.list('outbox');
		const { done } = record?.knocks[0] ?? { done: new Uint8Array(32) };
		const heads = (record?.entries ?? []).slice(-1).map(idToCid);
		const word = { done, heads, state: 'delivered' };
		const recipient = await knownCorrespondent(carol.desk, addressOf(alice));
		if (recipient === null) throw new Error('she has her card');
		const { xwing } = carol.account.record;
		async function* all() {
			yield encodeFields({ v: 1, t: 'contents', xwing, letters: [], words: [word] });
			yield end();
		}
		const parcel = await gather(writeParcel(carol.desk, carol.account, recipient, now, all()));
		expect(await taken(alice, parcel)).toMatchObject({ confirmed: 0 });
		expect(await statesOf(alice)).toEqual(['written']);
	});

	test('entries that no letter announces and blocks that no message names take no room', async () => {
		const carol = await createPerson('Carol', () => now++);
		await introduce([carol, alice]);
		const { threadId } = await post(alice, [carol]);
		const rows = await alice.desk.store.list('entry', [threadId]);
		const junk = alice.desk.random(100_000);
		const objects = [
			contents(),
			...rows.map((row) => encodeObject('bundle-of-entry', { ...row })),
			encodeObject('block', { cid: cidOfRaw(junk), data: junk }),
			encodeObject('of-a-later-version', {}),
			end()
		];
		expect(await taken(bob, await forge(objects))).toMatchObject({ isWhole: true, messages: [] });
		expect(await bob.desk.store.list('entry')).toEqual([]);
		expect(await bob.desk.blocks.has(cidToBlockId(cidOfRaw(junk)))).toBe(false);
		const refused = await bob.desk.store.get('refusal', ['foreign-thread']);
		expect(refused?.count).toBe(rows.length);
	});

	test('a block under another name is not kept', async () => {
		const { blocks } = await postFile(alice, bob, 300_000);
		const plan = await planFor(alice, bob);
		const [lied = ''] = blocks;
		const get: Person['desk']['blocks']['get'] = async (id) =>
			id === lied ? new Uint8Array(1000) : alice.desk.blocks.get(id);
		const desk = { ...alice.desk, blocks: { ...alice.desk.blocks, get } };
		const outcome = await taken(bob, await gather(packParcel(desk, alice.account, plan)));
		expect(outcome).toMatchObject({ isWhole: true, incomplete: 1 });
		expect((await bob.desk.store.get('refusal', ['wrong-hash']))?.count).toBe(1);
	});

	test('a frame that says it is longer than any ends the parcel', async () => {
		const bomb = new Uint8Array(LIMITS.frameBytes + 1);
		const later = new Uint8Array(LIMITS.chunkBytes);
		const parcel = await forge([contents(), later, bomb, end()]);
		expect(await taken(bob, parcel)).toMatchObject({ isWhole: false });
		expect(await takeIn(bob, await forge([bomb]))).toEqual({ ok: false, problem: 'damaged' });
		expect(await takeIn(bob, await forge([]))).toEqual({ ok: false, problem: 'damaged' });
	});

	test('cut anywhere and with any bit flipped it is refused or taken in part, and never throws', async () => {
		await postFile(alice, bob, 300_000);
		const parcel = await pack(alice, bob);
		const flip = fc.nat(parcel.length * 8 - 1);
		await fc.assert(
			fc.asyncProperty(flip, fc.nat(parcel.length - 1), async (bit, size) => {
				const bent = Uint8Array.from(parcel);
				bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7));
				const outcome = await takeIn(bob, bent);
				if (bit >> 3 < PARCEL_START_BYTES) expect(outcome.ok).toBe(false);
				else expect(!outcome.ok || !outcome.isWhole).toBe(true);
				const cut = await takeIn(bob, parcel.subarray(0, size));
				if (size < parcel.length * 0.9) expect(!cut.ok || !cut.isWhole).toBe(true);
			}),
			{ numRuns: 60 }
		);
		expect(await taken(bob, parcel)).toMatchObject({ isWhole: true, incomplete: 0 });
	});

	test('shows its size class and nothing else: not for whom, not from whom', async () => {
		const one = await forge([contents(), end()]);
		const two = await forge([contents({ letters: [] }), end()]);
		expect(one.length).toBe(two.length);
		const differing = one.filter((byte, at) => byte !== two[at]).length;
		// All but the magic and the version, but for bytes that are equal by chance.
		expect(differing).toBeGreaterThan((one.length - 6) * 0.98);
	});
});
