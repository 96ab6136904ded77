/** What every post office does, seen through the port `Office`: the one in memory and the real one. */

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import type { Fetch } from '../../src/lib/net/http.ts';
import type { Office, Offices } from '../../src/lib/post/ports.ts';
import { equal, toBase64url, toHex } from '../../src/lib/wire/bytes.ts';
import { cidOfObject, cidOfRaw, DAG_CBOR, encodePlain } from '../../src/lib/wire/codec.ts';
import { entryIdOf, sortCids } from '../../src/lib/wire/entry.ts';
import { cidToBlockId, idToCid, type EntryId } from '../../src/lib/wire/ids.ts';
import { bundleDecoder } from '../../src/lib/wire/identity.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import {
	encodeObject,
	refusalDecoder,
	requestToSign,
	type Block,
	type Knocked,
	type Sent
} from '../../src/lib/wire/office.ts';
import { createPerson, type Person } from '../relay/person.ts';

/** Two offices that can reach each other, and how to end and start the first. */
export interface OfficeSite {
	readonly url: string;
	readonly otherUrl: string;
	readonly offices: Offices;
	readonly fetch: Fetch;
	now(): number;
	/** The process ends and starts again over what it kept. */
	restart(): Promise<void>;
	/** Resolves when what is due now may have been done. */
	settle(): Promise<void>;
	end(): Promise<void>;
}

type MakeSite = () => Promise<OfficeSite>;
type OpenSite = () => Promise<OfficeSite & { readonly office: Office }>;

const GROUPS: Readonly<Record<string, (open: OpenSite) => void>> = {
	directory: describeDirectory,
	devices: describeDevices,
	blocks: describeBlocks,
	ancestors: describeAncestors,
	slots: describeSlots,
	sends: describeSends,
	restart: describeRestart
};

/** A site serves the tests of one group; each brings people of its own. */
export function describeOffice(name: string, makeSite: MakeSite): void {
	describe.each(Object.keys(GROUPS))(`the post office, ${name}: %s`, (group) => {
		let site: OfficeSite;
		beforeAll(async () => {
			site = await makeSite();
		});
		afterAll(() => site.end());
		GROUPS[group]?.(async () => ({ ...site, office: site.offices(site.url) }));
	});
}

const bytes = (size: number): Uint8Array<ArrayBuffer> => Uint8Array.from(randomBytes(size));
const sha256 = async (data: Uint8Array) => nobleSuite.sha256(data);
const REFUSED = (reason: string) => ({ ok: false, reason });

function describeDirectory(open: OpenSite): void {
	test('names itself, its run and its bounds', async () => {
		const { office, url } = await open();
		const terms = await office.terms();
		expect(terms).toMatchObject({ version: 1, publicUrl: url, register: 'open', keptDays: 180 });
		expect(terms.boot).not.toBe('');
	});

	test('gives back a card that proves itself, and knows no other', async () => {
		const { office } = await open();
		const alice = await createPerson('Alice');
		expect(await office.find(alice.address)).toBeNull();
		const bundle = await alice.bundle(5);
		expect(await office.publish(alice.address, bundle)).toMatchObject({ ok: true });
		const { record, card, xwing } = (await office.find(alice.address)) ?? {};
		expect(encodePlain({ v: 1, t: 'bundle', record, card, xwing })).toEqual(bundle);
	});

	test('takes newer cards only, and calls two of one sequence a conflict', async () => {
		const { office } = await open();
		const alice = await createPerson('Alice');
		const publish = async (seq: number, name?: string) =>
			office.publish(alice.address, await alice.bundle(seq, name));
		expect(await publish(5)).toMatchObject({ ok: true });
		expect(await publish(4)).toEqual(REFUSED('older-than-known'));
		expect(await publish(5, 'Alicia')).toEqual(REFUSED('conflict'));
		expect(await publish(5)).toMatchObject({ ok: true });
		expect(await publish(6, 'Alicia')).toMatchObject({ ok: true });
	});

	test('refuses a card under another address, and a changed one', async () => {
		const { office } = await open();
		const alice = await createPerson('Alice');
		const mallory = await createPerson('Mallory');
		const bundle = await mallory.bundle(1);
		expect(await office.publish(alice.address, bundle)).toEqual(REFUSED('wrong-shape'));
		const read = bundleDecoder.decode(bundle);
		const { record, card } = read.ok ? read.value : {};
		const changed = encodePlain({ v: 1, t: 'bundle', record, card, xwing: bytes(1216) });
		expect(await office.publish(mallory.address, changed)).toEqual(REFUSED('wrong-hash'));
		expect(await office.find(mallory.address)).toBeNull();
		expect(await office.find(alice.address)).toBeNull();
	});
}

function describeDevices(open: OpenSite): void {
	test('serves no device that the card key has not enrolled', async () => {
		const { office } = await open();
		const alice = await createPerson('Alice');
		expect(await office.keep(alice.account, [rawBlock(10)])).toEqual(REFUSED('not-enrolled'));
		await alice.join(office);
		expect(await office.keep(alice.account, [rawBlock(10)])).toMatchObject({ ok: true });
		const thief = await alice.withDevice();
		expect(await office.keep(thief.account, [rawBlock(10)])).toEqual(REFUSED('not-enrolled'));
	});

	test('enrols for the card key alone', async () => {
		const { office } = await open();
		const alice = await createPerson('Alice');
		const mallory = await createPerson('Mallory');
		const sign = (message: Uint8Array) => mallory.cardSigner.sign(message);
		expect(await office.enrol(alice.account, sign)).toEqual(REFUSED('not-found'));
		await alice.join(office);
		expect(await office.enrol(alice.account, sign)).toEqual(REFUSED('wrong-signature'));
	});

	test('ends every enrolment with a newer root record', async () => {
		const { office } = await open();
		const alice = await createPerson('Alice');
		await alice.join(office);
		const again = await alice.renew(2_000);
		await again.join(office);
		expect(await office.keep(alice.account, [rawBlock(10)])).toEqual(REFUSED('not-enrolled'));
		expect(await office.keep(again.account, [rawBlock(10)])).toMatchObject({ ok: true });
		const sign = (message: Uint8Array) => alice.cardSigner.sign(message);
		expect(await office.enrol(alice.account, sign)).toEqual(REFUSED('wrong-signature'));
	});

	test('takes a signed request once, as it is, while it is fresh, for itself', async () => {
		const site = await open();
		const alice = await createPerson('Alice');
		await alice.join(site.office);
		const good = await signedRequest(site, alice, {});
		expect(await ask(site, good)).toBe('ok');
		expect(await ask(site, good)).toBe('replayed');
		const fresh = await signedRequest(site, alice, {});
		expect(await ask(site, { ...fresh, path: '/v1/blocks/delete' })).toBe('wrong-signature');
		expect(await ask(site, { ...fresh, body: encodeObject('cids', { cids: [] }) })).toBe(
			'wrong-signature'
		);
		const past = site.now() - LIMITS.requestAgeMs - 10_000;
		expect(await ask(site, await signedRequest(site, alice, { time: past }))).toBe('expired');
		const future = site.now() + LIMITS.requestAgeMs + 10_000;
		expect(await ask(site, await signedRequest(site, alice, { time: future }))).toBe(
			'future-clock'
		);
		const office = (await site.offices(site.otherUrl).terms()).office;
		expect(await ask(site, await signedRequest(site, alice, { office }))).toBe('wrong-signature');
		expect(await ask(site, { ...fresh, authorization: 'DEFMS1 %%' })).toBe('not-canonical');
		expect(await ask(site, { ...fresh, authorization: '' })).toBe('not-enrolled');
	});
}

interface RawRequest {
	readonly path: string;
	readonly body: Uint8Array;
	readonly authorization: string;
}

async function signedRequest(
	site: OfficeSite,
	{ account }: Person,
	change: { readonly time?: number; readonly office?: string }
): Promise<RawRequest> {
	const path = '/v1/slots';
	const body = encodeObject('slots', { open: [], burn: [], public: false });
	const { root, device } = account;
	const signed = {
		office: change.office ?? (await site.offices(site.url).terms()).office,
		...{ method: 'POST', path, bodyHash: await sha256(body), root },
		...{ time: change.time ?? site.now(), nonce: bytes(16) }
	};
	const { time, nonce } = signed;
	const sig = await device.sign(requestToSign(signed));
	const auth = encodeObject('auth', { root, device: device.publicKey, time, nonce, sig });
	return { path, body, authorization: `DEFMS1 ${toBase64url(auth)}` };
}

async function ask(
	{ fetch, url }: OfficeSite,
	{ path, body, authorization }: RawRequest
): Promise<string> {
	const init = { method: 'POST', headers: { authorization }, body: Uint8Array.from(body) };
	const response = await fetch(`${url}${path}`, init);
	const refusal = refusalDecoder.decode(new Uint8Array(await response.arrayBuffer()));
	return response.ok ? 'ok' : refusal.ok ? refusal.value.reason : String(response.status);
}

function rawBlock(size: number): Block {
	const data = bytes(size);
	return { v: 1, t: 'block', cid: cidOfRaw(data), data };
}

async function fetchAll(office: Office, blocks: readonly Block[]): Promise<Uint8Array[]> {
	const ids = blocks.map(({ cid }) => cidToBlockId(cid));
	const found: Uint8Array[] = [];
	for await (const { data } of office.fetch(ids)) found.push(data);
	return found;
}

function describeBlocks(open: OpenSite): void {
	test('keeps blocks for whoever names them, and leaves out what it lacks', async () => {
		const { office } = await open();
		const alice = await createPerson('Alice');
		await alice.join(office);
		const blocks = [rawBlock(0), rawBlock(1000), rawBlock(LIMITS.blockBytes)];
		expect(await office.keep(alice.account, blocks)).toMatchObject({ ok: true });
		expect(await fetchAll(office, [...blocks, rawBlock(5)])).toEqual(
			blocks.map(({ data }) => data)
		);
	});

	test('refuses a block under another hash, and all that came with it', async () => {
		const { office } = await open();
		const alice = await createPerson('Alice');
		await alice.join(office);
		const good = rawBlock(100);
		const wrong = { ...rawBlock(100), cid: rawBlock(100).cid };
		expect(await office.keep(alice.account, [good, wrong])).toEqual(REFUSED('wrong-hash'));
		expect(await fetchAll(office, [good, wrong])).toEqual([]);
	});

	test('says which blocks an address does not keep there, and nothing of what others keep', async () => {
		const { office } = await open();
		const [alice, bob] = [await createPerson('Alice'), await createPerson('Bob')];
		await alice.join(office);
		await bob.join(office);
		const blocks = Array.from({ length: LIMITS.blocksPerRequest + 2 }, () => rawBlock(100));
		const ids = blocks.map(({ cid }) => cidToBlockId(cid));
		expect(await office.missing(alice.account, ids)).toEqual(ids);
		await office.keep(alice.account, blocks.slice(1));
		expect(await office.missing(alice.account, ids)).toEqual(ids.slice(0, 1));
		expect(await office.missing(bob.account, ids)).toEqual(ids);
		await office.release(alice.account, ids.slice(-1));
		expect(await office.missing(alice.account, ids)).toEqual([
			...ids.slice(0, 1),
			...ids.slice(-1)
		]);
	});

	test('keeps many megabytes in several requests', async () => {
		const { office } = await open();
		const alice = await createPerson('Alice');
		await alice.join(office);
		const blocks = Array.from({ length: 36 }, () => rawBlock(LIMITS.blockBytes));
		expect(await office.keep(alice.account, blocks)).toMatchObject({ ok: true });
		expect((await fetchAll(office, blocks)).length).toBe(36);
	});
}

/** Entries as far as an office reads them: a header with these parents, and a body. */
interface MadeEntry {
	readonly id: EntryId;
	readonly header: Uint8Array;
	readonly body: Uint8Array;
	readonly blocks: readonly Block[];
}

const THREAD = cidOfObject(encodePlain('a thread'));

async function makeEntry(parents: readonly MadeEntry[]): Promise<MadeEntry> {
	const body = bytes(200);
	const sorted = sortCids(parents.map(({ id }) => idToCid(id)));
	const fields = { thread: THREAD, parents: sorted, epoch: THREAD, salt: bytes(32) };
	const first = { wraps: [{ block: THREAD, first: bytes(8) }], parents: [] };
	const clear = { commit: bytes(32), listCommit: bytes(32), eph: bytes(32), salt: bytes(32) };
	const hash = await sha256(body);
	const header =
		parents.length === 0
			? encodePlain({ v: 1, t: 'epoch', ...clear, ...first, body: hash })
			: encodePlain({ v: 1, t: 'entry', ...fields, body: hash });
	const cid = cidOfObject(header);
	expect(cid.code).toBe(DAG_CBOR);
	const blocks: Block[] = [
		{ v: 1, t: 'block', cid, data: header },
		{ v: 1, t: 'block', cid: cidOfRaw(body), data: body }
	];
	return { id: entryIdOf(header), header, body, blocks };
}

async function askAncestors(
	office: Office,
	heads: readonly MadeEntry[],
	have: readonly MadeEntry[]
): Promise<{ header: Uint8Array; body: Uint8Array | null }[]> {
	const ids = (list: readonly MadeEntry[]) => list.map(({ id }) => id);
	const found = [];
	for await (const bundle of office.ancestors(ids(heads), ids(have))) found.push(bundle);
	return found;
}

function describeAncestors(open: OpenSite): void {
	test('answers with what came before, parents first, up to what the asker has', async () => {
		const { office } = await open();
		const alice = await createPerson('Alice');
		await alice.join(office);
		const first = await makeEntry([]);
		const left = await makeEntry([first]);
		const right = await makeEntry([first]);
		const join = await makeEntry([left, right]);
		const unseen = await makeEntry([join]);
		const last = await makeEntry([join, unseen]);
		const kept = [first, left, right, join, last].flatMap(({ blocks }) => blocks);
		await office.keep(alice.account, kept);
		const all = await askAncestors(office, [last], []);
		expect(all.map(({ header }) => toHex(header)).sort()).toEqual(
			[first, left, right, join, last].map(({ header }) => toHex(header)).sort()
		);
		expect(all[0]?.header).toEqual(first.header);
		expect(all[0]?.body).toEqual(first.body);
		expect(all.at(-1)?.header).toEqual(last.header);
		const some = await askAncestors(office, [last], [left]);
		expect(some.map(({ header }) => header)).toEqual([right.header, join.header, last.header]);
		expect(await askAncestors(office, [unseen], [])).toEqual([]);
		expect(await askAncestors(office, [last], [last])).toEqual([]);
	});

	test('gives the header alone where the body is not kept', async () => {
		const { office } = await open();
		const alice = await createPerson('Alice');
		await alice.join(office);
		const entry = await makeEntry([]);
		await office.keep(alice.account, entry.blocks.slice(0, 1));
		expect(await askAncestors(office, [entry], [])).toMatchObject([
			{ header: entry.header, body: null }
		]);
	});

	test('answers a long thread in portions, none twice, none missing', async () => {
		const { office } = await open();
		const alice = await createPerson('Alice');
		await alice.join(office);
		const chain = [await makeEntry([])];
		for (let i = 0; i < 1100; i++) chain.push(await makeEntry(chain.slice(-1)));
		for (let i = 0; i < chain.length; i += 32) {
			const blocks = chain.slice(i, i + 32).flatMap((entry) => entry.blocks);
			expect(await office.keep(alice.account, blocks)).toMatchObject({ ok: true });
		}
		const found = await askAncestors(office, chain.slice(-1), []);
		expect(found.map(({ header }) => header)).toEqual(chain.map(({ header }) => header));
	});
}

interface Slot {
	readonly secret: Uint8Array<ArrayBuffer>;
	readonly id: Uint8Array;
}

async function openSlot(office: Office, person: Person, isPublic = false): Promise<Slot> {
	const secret = bytes(32);
	expect(await office.openSlots(person.account, [secret], { isPublic })).toMatchObject({
		ok: true
	});
	return { secret, id: await sha256(secret) };
}

interface Knock {
	readonly done: Uint8Array<ArrayBuffer>;
	readonly knock: Uint8Array;
	readonly sealed: Uint8Array<ArrayBuffer>;
	readonly hash: Uint8Array;
}

async function makeKnock(done = bytes(32)): Promise<Knock> {
	const sealed = bytes(LIMITS.noticeBytes);
	return { done, knock: await sha256(done), sealed, hash: await sha256(sealed) };
}

async function waiting(office: Office, person: Person): Promise<(Knocked | Sent)[]> {
	const events = [];
	for await (const event of office.events(person.account, { once: true })) events.push(event);
	return events;
}

async function drop(
	{ fetch }: OfficeSite,
	url: string,
	slot: Uint8Array,
	{ knock, sealed }: Knock,
	token?: Uint8Array
): Promise<string> {
	const body = encodeObject('drop', { knock, sealed, token });
	const response = await fetch(`${url}/v1/slots/${toHex(slot)}`, { method: 'POST', body });
	const refusal = refusalDecoder.decode(new Uint8Array(await response.arrayBuffer()));
	return response.ok ? 'ok' : refusal.ok ? refusal.value.reason : String(response.status);
}

function describeSlots(open: OpenSite): void {
	test('takes a notice to a registered slot, until its owner deletes it', async () => {
		const site = await open();
		const { office, url } = site;
		const bob = await createPerson('Bob');
		await bob.join(office);
		const note = await makeKnock();
		expect(await drop(site, url, bytes(32), note)).toBe('unknown-slot');
		const slot = await openSlot(office, bob);
		expect(await drop(site, url, slot.id, note)).toBe('ok');
		const [event] = await waiting(office, bob);
		expect(event).toMatchObject({ t: 'knocked', pass: 'none', knock: note.knock });
		expect(event && 'sealed' in event && event.sealed).toEqual(note.sealed);
		expect((await waiting(office, bob)).length).toBe(1);
		await office.deleteNotices(bob.account, [note.hash]);
		expect(await waiting(office, bob)).toEqual([]);
	});

	test('holds one notice for each knock: the later takes the place', async () => {
		const site = await open();
		const { office, url } = site;
		const bob = await createPerson('Bob');
		await bob.join(office);
		const slot = await openSlot(office, bob);
		const first = await makeKnock();
		const second = await makeKnock(first.done);
		await drop(site, url, slot.id, first);
		await drop(site, url, slot.id, second);
		expect(await waiting(office, bob)).toMatchObject([{ hash: second.hash }]);
	});

	test('registers a slot for its first owner only, and burns it', async () => {
		const site = await open();
		const { office, url } = site;
		const [bob, mallory] = [await createPerson('Bob'), await createPerson('Mallory')];
		await bob.join(office);
		await mallory.join(office);
		const slot = await openSlot(office, bob);
		const squat = await office.openSlots(mallory.account, [slot.secret], { isPublic: false });
		expect(squat).toEqual(REFUSED('conflict'));
		expect(await office.openSlots(bob.account, [slot.secret], { isPublic: false })).toMatchObject({
			ok: true
		});
		expect(await drop(site, url, slot.id, await makeKnock())).toBe('ok');
	});

	test('lets a token in so often as it says, and its knock for good', async () => {
		const site = await open();
		const { office, url } = site;
		const bob = await createPerson('Bob');
		await bob.join(office);
		const slot = await openSlot(office, bob, true);
		const token = bytes(LIMITS.tokenBytes);
		const live = { hash: await sha256(token), uses: 1, until: site.now() + 60_000 };
		expect(await office.allowToken(bob.account, live)).toMatchObject({ ok: true });
		const invited = await makeKnock();
		const passes = async () =>
			(await waiting(office, bob)).map((event) => 'pass' in event && event.pass);
		expect(await drop(site, url, slot.id, invited, token)).toBe('ok');
		expect(await passes()).toEqual(['token']);
		// The use is spent, but this knock has passed; another is a stranger's.
		expect(await drop(site, url, slot.id, await makeKnock(invited.done))).toBe('ok');
		expect(await passes()).toEqual(['token']);
		expect(await drop(site, url, slot.id, await makeKnock(), token)).toBe('ok');
		expect((await passes()).sort()).toEqual(['none', 'token']);
		// Registering it again gives no use back.
		expect(await office.allowToken(bob.account, live)).toMatchObject({ ok: true });
		expect(await drop(site, url, slot.id, await makeKnock(), token)).toBe('ok');
		expect((await passes()).sort()).toEqual(['none', 'none', 'token']);
	});

	test('refuses at a public slot when too many strangers wait, and evicts none', async () => {
		const site = await open();
		const { office, url } = site;
		const bob = await createPerson('Bob');
		await bob.join(office);
		const slot = await openSlot(office, bob, true);
		const first = await makeKnock();
		expect(await drop(site, url, slot.id, first)).toBe('ok');
		for (let i = 1; i < LIMITS.publicSlotNotices; i++) {
			expect(await drop(site, url, slot.id, await makeKnock())).toBe('ok');
		}
		expect(await drop(site, url, slot.id, await makeKnock())).toBe('slot-full');
		const held = await waiting(office, bob);
		expect(held.length).toBe(LIMITS.publicSlotNotices);
		expect(held.some((event) => 'hash' in event && equal(event.hash, first.hash))).toBe(true);
	});

	test('tells a listening device at once', async () => {
		const site = await open();
		const { office, url } = site;
		const bob = await createPerson('Bob');
		await bob.join(office);
		const slot = await openSlot(office, bob);
		const stop = new AbortController();
		const heard: (Knocked | Sent)[] = [];
		const options = { once: false, signal: stop.signal };
		const listening = (async () => {
			for await (const event of office.events(bob.account, options)) heard.push(event);
		})().catch(() => undefined);
		const first = await makeKnock();
		await drop(site, url, slot.id, first);
		await vi.waitFor(() => expect(heard).toMatchObject([{ hash: first.hash }]));
		// A repeat of what lies there is no news.
		await drop(site, url, slot.id, first);
		const second = await makeKnock();
		await drop(site, url, slot.id, second);
		await vi.waitFor(() => expect(heard[1]).toMatchObject({ hash: second.hash }));
		stop.abort();
		await listening;
	});
}

function describeSends(open: OpenSite): void {
	for (const where of ['the same office', 'another office']) {
		test(`knocks at ${where}, and ends when done is presented there`, async () => {
			const site = await open();
			const { office, offices } = site;
			const url = where === 'the same office' ? site.url : site.otherUrl;
			const theirs = offices(url);
			const [alice, bob] = [await createPerson('Alice'), await createPerson('Bob')];
			await alice.join(office);
			await bob.join(theirs);
			const slot = await openSlot(theirs, bob);
			const note = await makeKnock();
			const { knock, sealed, hash, done } = note;
			const sent = await office.send(alice.account, {
				...{ url, slot: slot.id, knock, sealed, keeps: [] }
			});
			expect(sent).toMatchObject({ ok: true, value: { knock, hash } });
			await site.settle();
			await vi.waitFor(async () => {
				expect(await office.pending(alice.account)).toMatchObject([
					{ state: 'noticed', rootSeq: bob.rootSeq, seq: bob.rootSeq + 1 }
				]);
			}, 10_000);
			expect(await waiting(theirs, bob)).toMatchObject([{ t: 'knocked', hash }]);

			const receipt = bytes(LIMITS.receiptBytes);
			expect(await office.done({ done: bytes(32), hash })).toEqual(REFUSED('not-found'));
			expect(await office.done({ done, hash: bytes(32) })).toEqual(REFUSED('older-than-known'));
			expect(await office.done({ done, hash, receipt })).toMatchObject({ ok: true });
			expect(await office.done({ done, hash })).toMatchObject({ ok: true });
			expect(await waiting(office, alice)).toMatchObject([{ t: 'sent', state: 'done', receipt }]);
			await office.forget(alice.account, [knock]);
			expect(await office.pending(alice.account)).toEqual([]);
		});
	}

	test('takes the same send twice as one, and another notice under its knock instead', async () => {
		const site = await open();
		const { office, url } = site;
		const [alice, bob] = [await createPerson('Alice'), await createPerson('Bob')];
		await alice.join(office);
		await bob.join(office);
		const slot = await openSlot(office, bob);
		const first = await makeKnock();
		const second = await makeKnock(first.done);
		const send = async ({ knock, sealed }: Knock) =>
			office.send(alice.account, { url, slot: slot.id, knock, sealed, keeps: [] });
		await send(first);
		await send(first);
		expect(await office.pending(alice.account)).toMatchObject([{ hash: first.hash }]);
		await send(second);
		expect(await office.pending(alice.account)).toMatchObject([
			{ hash: second.hash, state: 'noticed' }
		]);
		expect(await waiting(office, bob)).toMatchObject([{ hash: second.hash }]);
		const { done, hash } = first;
		expect(await office.done({ done, hash })).toEqual(REFUSED('older-than-known'));
		expect(await office.pending(alice.account)).toMatchObject([{ state: 'noticed' }]);
	});

	test('waits where the slot is not registered yet, and says why', async () => {
		const site = await open();
		const { office, url } = site;
		const alice = await createPerson('Alice');
		await alice.join(office);
		const { knock, sealed } = await makeKnock();
		await office.send(alice.account, { url, slot: bytes(32), knock, sealed, keeps: [] });
		expect(await office.pending(alice.account)).toMatchObject([
			{ state: 'waiting', reason: 'unknown-slot' }
		]);
	});

	test('refuses to call what is no office', async () => {
		const { office } = await open();
		const alice = await createPerson('Alice');
		await alice.join(office);
		for (const url of ['ftp://x', 'http://a:b@c', 'http://x/?q', 'nothing']) {
			const { knock, sealed } = await makeKnock();
			const slot = bytes(32);
			expect(await office.send(alice.account, { url, slot, knock, sealed, keeps: [] })).toEqual(
				REFUSED('wrong-shape')
			);
		}
	});
}

function describeRestart(open: OpenSite): void {
	test('after a restart has everything but the notices, takes no request again, and knocks again', async () => {
		const site = await open();
		const { office, url } = site;
		const [alice, bob] = [await createPerson('Alice'), await createPerson('Bob')];
		await alice.join(office);
		await bob.join(office);
		const slot = await openSlot(office, bob);
		const block = rawBlock(1000);
		await office.keep(alice.account, [block]);
		const { knock, sealed, hash } = await makeKnock();
		const fields = { url, slot: slot.id, knock, sealed, keeps: [block.cid] };
		await office.send(alice.account, fields);
		const direct = await makeKnock();
		await drop(site, url, slot.id, direct);
		expect((await waiting(office, bob)).length).toBe(2);
		const { boot } = await office.terms();
		const recorded = await signedRequest(site, alice, {});
		expect(await ask(site, recorded)).toBe('ok');

		await site.restart();

		expect((await office.terms()).boot).not.toBe(boot);
		expect(await ask(site, recorded)).toBe('replayed');
		expect(await fetchAll(office, [block])).toEqual([block.data]);
		await vi.waitFor(async () => {
			await site.settle();
			expect(await waiting(office, bob)).toMatchObject([{ hash }]);
		}, 10_000);
		expect(await office.pending(alice.account)).toMatchObject([{ state: 'noticed' }]);
	});
}
