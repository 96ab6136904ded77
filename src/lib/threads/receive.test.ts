import * as fc from 'fast-check';
import type { CID } from 'multiformats/cid';
import { beforeEach, expect, test } from 'vitest';
import { Box, hexOf, mingle, threadOf, World, type Actor } from '../../../tests/threads/actors.ts';
import { forgeEntry, forgeEpoch, idOf, parentsOf } from '../../../tests/threads/forge.ts';
import { toHex } from '../wire/bytes.ts';
import { cidOfObject, encodeFields, encodePlain } from '../wire/codec.ts';
import {
	entryHeaderDecoder,
	epochHeaderDecoder,
	headerDecoder,
	type EntryBundle
} from '../wire/entry.ts';
import { idToCid } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Refusal } from '../wire/refusal.ts';
import { certificateToSign, joinSigner } from './keys.ts';
import { certify, makeJoin } from './make-entry.ts';
import { entryIds } from './entries.ts';
import { openBundles } from './receive.ts';
import { drawEphemeral, makeWraps } from './wraps.ts';

let world: World;
let alice: Actor, bob: Actor, carol: Actor, mallory: Actor;
/** Alice made the thread; all have written once. */
let a: Box, b: Box, c: Box, m: Box;

beforeEach(async () => {
	world = new World();
	alice = await world.person('Alice');
	bob = await world.person('Bob');
	carol = await world.person('Carol');
	mallory = await world.person('Mallory');
	[a, b, c, m] = (await threadOf(alice, [bob, carol, mallory])) as [Box, Box, Box, Box];
	await b.write('b');
	await c.write('c');
	await m.write('m');
	await mingle(a, b, c, m);
});

async function expectRefusal(bundle: EntryBundle, reason: Refusal, forGood = true): Promise<void> {
	const before = a.texts();
	const { heads } = a.open;
	const opened = await a.receive([bundle]);
	expect(opened.refused).toMatchObject([{ reason, forGood }]);
	expect(a.texts()).toEqual(before);
	expect(a.open.heads).toEqual(heads);
	const again = await a.receive([bundle]);
	expect(again.kept).toEqual([]);
	expect(again.opened).toEqual([]);
	const isPlain = headerDecoder.decode(bundle.header).ok && bundle.wraps.length === 0;
	expect(opened.kept).toEqual(forGood && isPlain ? [bundle] : []);
	if (!forGood) return;
	expect(again.refused).toMatchObject([{ reason, forGood }]);
	const restarted = await a.restart();
	expect(restarted.texts()).toEqual(before);
	expect(restarted.open.heads).toEqual(heads);
	// What is plain is skipped, since not everybody could judge it; an epoch takes all with it.
	const parents = sorted([...parentsOf(m), idToCid(idOf(bundle))]);
	const next = await forgeEntry(m, { parents });
	const fate = isPlain ? [] : [{ reason: 'missing-parent' }];
	expect((await a.receive([next])).refused).toMatchObject(fate);
	expect((await restarted.receive([next])).refused).toMatchObject(fate);
}

function sorted(cids: readonly CID[]): CID[] {
	return cids.toSorted((x, y) => Buffer.compare(x.bytes, y.bytes));
}

function honestParents({ header }: EntryBundle): readonly CID[] {
	const decoded = headerDecoder.decode(header);
	return decoded.ok ? decoded.value.parents : [];
}

test('an honest forgery is accepted, so that the others fail for their one fault', async () => {
	const opened = await a.receive([await forgeEntry(m)]);
	expect(opened.refused).toEqual([]);
	expect(a.texts()).toContain('forged');
});

test('too-large: a million parents', async () => {
	const header = a.bundles.at(-1)!.header;
	const decoded = entryHeaderDecoder.decode(header);
	if (!decoded.ok) throw new Error('no entry');
	const parents = Array.from({ length: 1_000_000 / 100 }, (_, i) => cidOfObject(encodePlain([i])));
	const bundle = { header: encodeFields({ ...decoded.value, parents }), body: null, wraps: [] };
	const opened = await a.receive([bundle]);
	expect(opened.refused).toEqual([{ id: null, reason: 'too-large', forGood: false }]);
});

test('too-large: a body, a wrap block, too many wrap blocks', async () => {
	const [bundle] = (await b.write('x')).bundles;
	const body = new Uint8Array(LIMITS.bodyBytes + 17);
	const block = new Uint8Array(LIMITS.blockBytes + 1);
	const many = Array.from({ length: LIMITS.wrapBlocks + 1 }, () => new Uint8Array(1));
	for (const change of [{ body }, { wraps: [block] }, { wraps: many }]) {
		const opened = await a.receive([{ ...bundle!, ...change }]);
		expect(opened.refused).toMatchObject([{ reason: 'too-large', forGood: false }]);
	}
	expect((await a.receive([bundle!])).refused).toEqual([]);
});

test('unknown-version, unknown-type, not-canonical, wrong-shape: no header of ours', async () => {
	const decoded = entryHeaderDecoder.decode((await forgeEntry(m)).header);
	if (!decoded.ok) throw new Error('no entry');
	const unsorted = [...parentsOf(a), cidOfObject(encodePlain('x'))].sort((x, y) =>
		x.toString() < y.toString() ? 1 : -1
	);
	const cases: [Uint8Array, Refusal][] = [
		[encodeFields({ ...decoded.value, v: 2 }), 'unknown-version'],
		[encodeFields({ ...decoded.value, t: 'leaf' }), 'unknown-type'],
		[encodeFields({ ...decoded.value, salt: new Uint8Array(31) }), 'wrong-shape'],
		[encodeFields({ ...decoded.value, parents: [unsorted[0], unsorted[0]] }), 'wrong-shape'],
		[Uint8Array.of(0x18, 0x01), 'not-canonical'],
		[new Uint8Array(), 'not-canonical']
	];
	for (const [header, reason] of cases) {
		const opened = await a.receive([{ header, body: null, wraps: [] }]);
		expect(opened.refused).toEqual([{ id: null, reason, forGood: false }]);
	}
});

test('wrong-hash: the body of another entry; the right one is taken later', async () => {
	const [one, two] = [await forgeEntry(m), await forgeEntry(m)] as const;
	const opened = await a.receive([{ ...one, body: two.body }]);
	expect(opened.refused).toMatchObject([{ id: idOf(one), reason: 'wrong-hash', forGood: false }]);
	expect((await a.receive([one])).opened).toEqual([idOf(one)]);
});

test('wrong-tag: sealed under another key, or hung under other parents', async () => {
	const bundle = await forgeEntry(m);
	const decoded = entryHeaderDecoder.decode(bundle.header);
	if (!decoded.ok) throw new Error('no entry');
	const parents = [idToCid(a.open.id)];
	await expectRefusal(
		{ ...bundle, header: encodeFields({ ...decoded.value, parents }) },
		'wrong-tag'
	);
});

test('wrong-signature: a member sets another text under a writer of its own that did not sign', async () => {
	const writer = await world.suite.signer(world.secret());
	await expectRefusal(await forgeEntry(m, { writer }), 'wrong-signature');
});

test('unknown-writer: a writer key without certificate, or with one for another', async () => {
	const writer = await world.suite.signer(world.secret());
	await expectRefusal(
		await forgeEntry(m, { writer, body: { writer: writer.publicKey } }),
		'unknown-writer'
	);
	const own = await m.me.writer(m.open.replica.origin);
	const cert = {
		root: mallory.root,
		writer: own.publicKey,
		peer: m.me.peer,
		sig: new Uint8Array(64)
	};
	await expectRefusal(await forgeEntry(m, { body: { cert } }), 'unknown-writer');
});

test('unknown-writer: mallory certifies a writer key in the name of bob', async () => {
	const { origin } = m.open.replica;
	const join = await joinSigner(world.suite, m.me.joinSecret, origin);
	const own = await m.me.writer(origin);
	const key = { root: bob.root, writer: own.publicKey, peer: m.me.peer };
	const cert = { ...key, sig: await join.sign(certificateToSign(origin, key)) };
	const mail = { ...m.draft('x').mail, from: { root: bob.root, name: 'Bob' } };
	await expectRefusal(await forgeEntry(m, { body: { cert, mail } }), 'unknown-writer');
});

test('wrong-shape: the From of a message is another than its writer', async () => {
	const mail = { ...m.draft('x').mail, from: { root: bob.root, name: 'Bob' } };
	await expectRefusal(await forgeEntry(m, { body: { mail } }), 'wrong-shape');
});

test('wrong-shape: the epoch that is named is no ancestor, or no epoch', async () => {
	const message = a.bundles.find(({ wraps }) => wraps.length === 0)!;
	const epoch = idToCid(idOf(message));
	await expectRefusal(await forgeEntry(m, { header: { epoch } }), 'wrong-shape');
});

test('not-a-member: written after its own removal', async () => {
	const dave = await world.person('Dave');
	const [x, d] = await threadOf(dave, [alice]);
	await d!.write('d');
	await x!.sync(d!);
	await x!.remove(alice, [dave]);
	const past = x!.open.replica;
	const bundle = await forgeEntry(x!, {
		body: { cert: { ...(await certOf(d!)) }, writer: (await d!.me.writer(past.origin)).publicKey },
		writer: await d!.me.writer(past.origin)
	});
	const fresh = await x!.restart();
	expect((await fresh.receive([bundle])).refused).toMatchObject([{ reason: 'not-a-member' }]);
});

async function certOf(box: Box) {
	const { origin } = box.open.replica;
	return certify(box.ports, box.me, origin, await box.me.writer(origin));
}

test('not-allowed: the creator alone writes', async () => {
	const [x, y] = await threadOf(alice, [mallory], { rules: { add: 'creator', write: 'creator' } });
	expect(await y!.tryWrite('x')).toMatchObject({ ok: false, reason: 'not-allowed' });
	const join = await makeJoin(y!.ports, y!.me, y!.open.replica);
	if (join?.ok !== true) throw new Error('no join');
	await y!.receive([join.bundle]);
	const bundles = [join.bundle, await forgeEntry(y!)];
	expect((await x!.receive(bundles)).refused).toMatchObject([{ reason: 'not-allowed' }]);
});

test('foreign-thread', async () => {
	const [, y] = await threadOf(alice, [mallory]);
	const { bundles } = await y!.write('elsewhere');
	const opened = await a.receive(bundles);
	expect(opened.refused.map(({ reason }) => reason)).toEqual(['foreign-thread', 'foreign-thread']);
});

test('missing parents wait, are named, and are remembered over a restart', async () => {
	const first = (await b.write('one')).bundles;
	const second = (await b.write('two')).bundles;
	const third = (await b.write('three')).bundles;
	const opened = await a.receive([...third, ...second]);
	expect(opened.missing).toEqual(first.map(idOf));
	expect(a.texts()).not.toContain('two');
	const again = await a.restart();
	expect(again.open.missing).toEqual(first.map(idOf));
	await again.receive(first);
	expect(again.texts().slice(-3)).toEqual(['one', 'two', 'three']);
	expect(again.open.missing).toEqual([]);
});

test('too-many-missing: what waits is bounded', async () => {
	const orphans = await Promise.all(
		Array.from({ length: LIMITS.pendingEntries + 3 }, (_, i) =>
			forgeEntry(m, { parents: [cidOfObject(encodePlain([i]))] })
		)
	);
	const opened = await a.receive(orphans);
	expect(opened.refused.map(({ reason }) => reason)).toEqual(Array(3).fill('too-many-missing'));
	expect(opened.kept).toHaveLength(LIMITS.pendingEntries);
});

test('an unknown kind is kept, skipped, and built upon by those who know it', async () => {
	const bundle = await forgeEntry(m, { body: { t: 'poll' } });
	const opened = await a.receive([bundle]);
	expect(opened.kept).toEqual([bundle]);
	expect(opened.refused).toEqual([]);
	expect(a.texts()).not.toContain('forged');
	const next = await forgeEntry(m, { parents: [idToCid(idOf(bundle))] });
	await a.receive([next]);
	expect(a.texts()).toContain('forged');
	expect(a.open.heads).toEqual([idOf(next)]);
});

test('a withheld body is asked for, and taken when it comes', async () => {
	const bundle = await forgeEntry(m);
	await a.receive([{ ...bundle, body: null }]);
	expect(a.texts()).not.toContain('forged');
	expect(entryIds(a.open)).not.toContain(idOf(bundle));
	expect((await a.receive([bundle])).opened).toEqual([idOf(bundle)]);
	expect(entryIds(a.open)).toContain(idOf(bundle));
	expect(a.texts()).toContain('forged');
});

test('a body is not lost to a holder that gives the header alone, while its parents are missing', async () => {
	const parent = await forgeEntry(m);
	await m.receive([parent]);
	const bundle = await forgeEntry(m);
	expect((await a.receive([{ ...bundle, body: null }])).kept).toHaveLength(1);
	expect((await a.receive([bundle])).kept).toEqual([bundle]);
	expect((await a.receive([{ ...bundle, body: null }])).kept).toEqual([]);
	expect((await a.receive([parent])).opened).toEqual([idOf(parent), idOf(bundle)]);
	expect((await a.restart()).texts()).toEqual(a.texts());
});

test('of two bundles of one entry in one batch the whole one is kept, in either order', async () => {
	const whole = await forgeEntry(m);
	const spoilt = { ...whole, body: new Uint8Array(100) };
	expect((await a.receive([whole, spoilt])).kept).toEqual([whole]);
	expect((await b.receive([spoilt, whole])).kept).toEqual([whole]);
});

test('wrap blocks that the header does not name are dropped', async () => {
	world.now += LIMITS.epochAgeMs + 1;
	const { bundles } = await m.write('later', [alice, bob, carol]);
	const [epoch] = bundles;
	const other = a.bundles.find(({ wraps }) => wraps.length > 0);
	const opened = await a.receive([{ ...epoch!, wraps: [...other!.wraps, ...epoch!.wraps] }]);
	expect(opened.kept).toEqual([epoch]);
});

test('a wrap that comes after its epoch opens what waited for it', async () => {
	const dave = await world.person('Dave');
	await a.add([dave], [alice, bob, carol, mallory]);
	await a.write('for dave');
	const d = new Box(dave);
	const without = a.bundles.map((bundle) => ({ ...bundle, wraps: [] }));
	expect((await d.receive(without)).state).toBeNull();
	await d.receive(a.bundles);
	expect(d.texts()).toEqual(['for dave']);
	const late = new Box(bob);
	await late.sync(b);
	await late.receive(without);
	expect(late.texts()).not.toContain('for dave');
	await late.receive(a.bundles);
	expect(late.texts()).toContain('for dave');
	expect(late.members()).toEqual(hexOf(alice, bob, carol, mallory, dave));
});

test('commit-mismatch: a wrap with another secret counts as missing', async () => {
	const made = await m.add([await world.person('Dave')], [alice, bob, carol, mallory]);
	const decoded = epochHeaderDecoder.decode(made.bundles[0]!.header);
	if (!decoded.ok) throw new Error('no epoch');
	const ephemeral = await drawEphemeral(world.ports);
	const { record, card, xwing } = alice;
	const identity = await world.ports.checkIdentity(record, card);
	const payload = { secret: world.random(32) };
	const wraps = await makeWraps(
		world.ports,
		m.me,
		{ rootSeq: 1, seq: 1 },
		decoded.value,
		ephemeral,
		[{ card: identity!.card, xwing, payload }]
	);
	if (!wraps.ok) throw new Error(wraps.reason);
	const header = encodeFields({
		...decoded.value,
		eph: ephemeral.publicKey,
		wraps: wraps.value.refs
	});
	const bundle = { ...made.bundles[0]!, header, wraps: wraps.value.blocks };
	const opened = await a.receive([bundle]);
	expect(opened.opened).toEqual([]);
	expect(a.members()).toEqual(hexOf(alice, bob, carol, mallory));
	expect(a.open.heads).not.toContain(idOf(bundle));
});

test('the same epoch once more, without our wrap, opens with the secret that we have', async () => {
	const dave = await world.person('Dave');
	const [epoch] = (await m.add([dave], [alice, bob, carol, mallory])).bundles;
	await a.receive([epoch!]);
	const decoded = epochHeaderDecoder.decode(epoch!.header);
	if (!decoded.ok) throw new Error('no epoch');
	const block = encodePlain({
		v: 1,
		t: 'wraps',
		wraps: [{ hint: new Uint8Array(8), sealed: new Uint8Array(10) }]
	});
	const wraps = [{ block: cidOfObject(block), first: new Uint8Array(8) }];
	const twin = { ...epoch!, header: encodeFields({ ...decoded.value, wraps }), wraps: [block] };
	expect((await a.receive([twin])).opened).toEqual([idOf(twin)]);
});

test('not-the-creator, list-mismatch, conflict, older-than-known: lists that nobody may make', async () => {
	const people = [alice, bob, carol, mallory];
	const fresh = await m.restart();
	const [epoch] = (await fresh.add([await world.person('Dave')], people)).bundles;
	type Listed = { root: Uint8Array; join?: Uint8Array; seed?: Uint8Array };
	const forged = (change: (members: Listed[], body: { rules: object }) => object) =>
		forgeEpoch(fresh, epoch!, people, (body) => {
			const members = [...(body['members'] as Listed[])];
			return { ...body, ...change(members, body as { rules: object }) };
		});
	const without = (members: Listed[], gone: Actor) => ({
		members: members.filter(({ root }) => toHex(root) !== toHex(gone.root))
	});
	const withBob = (members: Listed[], change: Partial<Listed>) => ({
		members: members.map((member) =>
			toHex(member.root) === toHex(bob.root) ? { ...member, ...change } : member
		)
	});
	const cases: [EntryBundle, Refusal][] = [
		[await forged((members) => without(members, bob)), 'not-the-creator'],
		[await forged(() => ({ rules: { add: 'creator', write: 'members' } })), 'not-the-creator'],
		[await forged(() => ({ creator: mallory.root })), 'list-mismatch'],
		[await forged((members) => ({ members: members.toReversed() })), 'list-mismatch'],
		[await forged((members) => withBob(members, { seed: world.random(32) })), 'list-mismatch'],
		[
			await forged((members) => withBob(members, { join: world.random(32), seed: undefined })),
			'list-mismatch'
		],
		[await forged(() => ({ listKeys: [] })), 'list-mismatch'],
		[await forged(() => ({ records: [] })), 'list-mismatch'],
		[await forged(() => ({ previous: idToCid(a.open.id) })), 'list-mismatch']
	];
	for (const [bundle, reason] of cases) await expectRefusal(bundle, reason);
	expect(a.members()).toEqual(hexOf(alice, bob, carol, mallory));
});

test('wrong-signature: a card in the list that its owner did not sign', async () => {
	const people = [alice, bob, carol, mallory];
	const fresh = await m.restart();
	const [epoch] = (await fresh.add([await world.person('Dave')], people)).bundles;
	const fake = await world.person('Bob');
	const forged = await forgeEpoch(fresh, epoch!, people, (body) => {
		type Listed = { root: Uint8Array; card: object };
		const members = (body['members'] as Listed[]).map((member) =>
			toHex(member.root) === toHex(bob.root) ? { ...member, card: cidOfObject(fake.card) } : member
		);
		return { ...body, members, records: [...(body['records'] as Uint8Array[]), fake.card] };
	});
	await expectRefusal(forged, 'wrong-signature');
});

test('two texts under one message id: the first is shown, the other is listed as refused', async () => {
	const id = world.random(16);
	await m.receive([await forgeEntry(m, { body: { id } })]);
	const other = { ...m.draft('another text').mail };
	await m.receive([await forgeEntry(m, { body: { id, mail: other } })]);
	await a.sync(m);
	expect(a.texts()).toContain('forged');
	expect(a.texts()).not.toContain('another text');
	expect(a.message('another text').status).toEqual({ kind: 'refused', reason: 'two-texts' });
});

test('a replayed message counts once, where it first stood', async () => {
	const id = world.random(16);
	const { mail } = m.draft('once');
	await m.receive([await forgeEntry(m, { body: { id, mail } })]);
	await m.write('between');
	await m.receive([await forgeEntry(m, { body: { id, mail } })]);
	await a.sync(m);
	expect(a.texts().slice(-2)).toEqual(['once', 'between']);
	const stolen = { ...a.draft('x').mail, text: 'not the first writer' };
	await a.receive([await forgeEntry(a, { body: { id, mail: stolen } })]);
	expect(a.texts()).toContain('not the first writer');
});

test('a withdrawal counts for its own writer alone', async () => {
	const message = b.message('b');
	const target = b.message('b').id;
	const fields = { t: 'withdraw', target: Uint8Array.from(Buffer.from(target, 'hex')) };
	await a.receive([await forgeEntry(m, { body: { ...fields, mail: undefined } })]);
	expect(a.message('b').withdrawn).toBe(false);
	await a.receive([await forgeEntry(b, { body: { ...fields, mail: undefined } })]);
	expect(a.message('b').withdrawn).toBe(true);
	expect(message.withdrawn).toBe(false);
});

test('a wrong authenticator makes the writer unsure, never the entry void', async () => {
	const dave = await world.person('Dave');
	const [x] = await threadOf(alice, [dave]);
	const d = new Box(dave);
	await d.sync(x!);
	const { me } = d;
	d.me = { ...me, auth: await world.suite.agreement(world.secret()) };
	await x!.receive((await d.write('with a wrong key')).bundles);
	expect(x!.message('with a wrong key')).toMatchObject({ sure: false, status: { kind: 'shown' } });
	expect((await x!.restart()).message('with a wrong key').sure).toBe(false);
});

test('whoever chose a seed can join in its owner’s name, but not as surely that member', async () => {
	const [x, y] = await threadOf(mallory, [alice, bob]);
	const real = new Box(bob);
	await real.sync(x!);
	const fake = new Box(bob.otherDevice());
	fake.me = { ...fake.me, joinSecret: world.secret(), auth: mallory.auth };
	await fake.sync(x!);
	await fake.write('it is me, bob');
	await real.write('no, I am bob');
	await y!.receive([...fake.bundles, ...real.bundles]);
	expect(y!.message('it is me, bob').sure).toBe(false);
	expect(y!.message('no, I am bob').sure).toBe(true);
	await y!.add([carol], [mallory, alice, bob]);
	await real.sync(y!);
	await real.write('still bob');
	await y!.sync(real);
	expect(y!.message('still bob').sure).toBe(true);
	await fake.sync(y!);
	expect(await fake.tryWrite('still me')).toMatchObject({ ok: false, reason: 'unknown-writer' });
	expect((await y!.receive([await forgeEntry(fake)])).refused).toMatchObject([
		{ reason: 'unknown-writer', forGood: true }
	]);
});

test('a writer key that is sure for one root is not for another', async () => {
	const [x, y] = await threadOf(mallory, [alice, bob]);
	await x!.write('from mallory');
	const fake = new Box(bob.otherDevice());
	fake.me = {
		...fake.me,
		joinSecret: world.secret(),
		auth: mallory.auth,
		writer: (salt) => x!.me.writer(salt)
	};
	await fake.sync(x!);
	await fake.write('it is me, bob');
	await y!.receive([...x!.bundles, ...fake.bundles]);
	expect(y!.message('from mallory').sure).toBe(true);
	expect(y!.message('it is me, bob').sure).toBe(false);
});

test('nobody is cut off by an invalid entry that a newcomer cannot read', async () => {
	const writer = await world.suite.signer(world.secret());
	const poison = await forgeEntry(m, { writer });
	await a.receive([poison]);
	const dave = await world.person('Dave');
	await b.add([dave], [alice, carol, mallory]);
	// Mallory makes an epoch that stands on the poison, under a secret that Dave never had.
	await m.sync(b);
	world.now += LIMITS.epochAgeMs + 1;
	const honest = await m.write('later', [alice, bob, carol, dave]);
	const parents = [...honestParents(honest.bundles[0]!), idToCid(idOf(poison))];
	const epoch = await forgeEpoch(
		m,
		honest.bundles[0]!,
		[alice, bob, carol, dave],
		(body) => body,
		(header) => ({ ...header, parents: sorted(parents) })
	);
	const d = new Box(dave);
	await d.receive([...b.bundles, poison, epoch]);
	await d.write('hello from dave', [alice, bob, carol, mallory]);
	for (const box of [a, b, c]) {
		await box.receive(d.bundles);
		expect(box.texts()).toContain('hello from dave');
		expect(box.members()).toEqual(d.members());
	}
	expect((await a.restart()).texts()).toEqual(a.texts());
});

test('what nobody could decide is not believed after a restart', async () => {
	// Bob's certificate is forged; Dave cannot tell a forged one from one whose join he cannot read.
	const dave = await world.person('Dave');
	const origin = m.open.replica.origin;
	await b.add([dave], [alice, carol, mallory]);
	const d = new Box(dave);
	await d.receive(b.bundles);
	await m.sync(b);
	const own = await m.me.writer(origin);
	const cert = { root: bob.root, writer: own.publicKey, peer: m.me.peer, sig: new Uint8Array(64) };
	const mail = { ...m.draft('x').mail, from: { root: bob.root, name: 'Bob' } };
	await d.receive([await forgeEntry(m, { body: { cert, mail } })]);
	expect((await d.restart()).texts()).toEqual(d.texts());
	expect(d.texts()).toEqual([]);
});

test('openBundles never throws on what a stranger sends, and loses nothing', async () => {
	const source = a.bundles;
	const state = a.open;
	const bent = fc.record({
		which: fc.nat(source.length - 1),
		part: fc.constantFrom('header', 'body', 'wraps'),
		at: fc.nat(),
		bit: fc.nat(7),
		cut: fc.option(fc.nat(), { nil: null })
	});
	await fc.assert(
		fc.asyncProperty(fc.array(bent, { minLength: 1, maxLength: 5 }), async (all) => {
			const bundles = all.map(({ which, part, at, bit, cut }): EntryBundle => {
				const bundle = source[which]!;
				const bend = (bytes: Uint8Array) => {
					const copy = bytes.slice(0, cut === null ? undefined : cut % (bytes.length + 1));
					if (copy.length > 0) copy[at % copy.length]! ^= 1 << bit;
					return copy;
				};
				if (part === 'header') return { ...bundle, header: bend(bundle.header) };
				if (part === 'body') return { ...bundle, body: bundle.body && bend(bundle.body) };
				return { ...bundle, wraps: bundle.wraps.map(bend) };
			});
			const known = await openBundles(world.ports, alice.me, state, bundles);
			expect(known.state?.heads).toEqual(state.heads);
			const fresh = await openBundles(world.ports, bob.me, null, bundles);
			// Other wraps make another first epoch, hence another thread.
			const isSame = fresh.state?.id === state.id;
			const rest = await openBundles(world.ports, bob.me, isSame ? fresh.state : null, source);
			expect(rest.state?.heads).toEqual(state.heads);
			await openBundles(world.ports, carol.me, null, bundles);
		}),
		{ numRuns: 60 }
	);
});
