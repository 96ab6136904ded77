/** Who was removed, or left, is told so by whoever they meet, and gets nothing that is newer. */

import { beforeEach, expect, test, vi } from 'vitest';
import { leaveThread, removeFromThread } from '../../src/lib/post/membership.ts';
import { StorageFull } from '../../src/lib/post/ports.ts';
import { loadReplica } from '../../src/lib/post/replicas.ts';
import type { ThreadRecord } from '../../src/lib/post/records.ts';
import { entryIds } from '../../src/lib/threads/entries.ts';
import { cidOfObject } from '../../src/lib/wire/codec.ts';
import { cidToEntryId, type Address, type EntryId, type ThreadId } from '../../src/lib/wire/ids.ts';
import {
	bundlesOf,
	createPerson,
	deliver,
	introduce,
	post,
	take,
	type Person
} from '../sim/people.ts';
import { countFrames, meetOnce, recipientOf } from './support/persons.ts';

const SILENCE = { ranges: 1 };

let clock = 1_790_000_000_000;
let alice: Person, bob: Person, carol: Person;
let thread: ThreadId;

const addressOf = ({ account }: Person): Address => account.record.address;

beforeEach(async () => {
	const now = () => clock++;
	alice = await createPerson('Alice', now);
	bob = await createPerson('Bob', now);
	carol = await createPerson('Carol', now);
	await introduce([alice, bob, carol]);
	const first = await post(alice, [bob, carol], { text: 'first' });
	thread = first.threadId;
	for (const each of [bob, carol]) await take(each, alice, await bundlesOf(alice, first));
});

async function rowOf({ desk }: Person): Promise<ThreadRecord> {
	const row = await desk.store.get('thread', [thread]);
	if (row === null) throw new Error('the thread is there');
	return row;
}

async function idsOf({ desk, account }: Person): Promise<readonly EntryId[]> {
	const replica = await loadReplica(desk, account, thread);
	return replica === null ? [] : entryIds(replica.state);
}

async function removeBob(): Promise<void> {
	expect(await removeFromThread(alice.desk, alice.account, thread, addressOf(bob))).toEqual({
		ok: true
	});
	await deliver(alice, [carol]);
}

test('by whoever removed them: then they are out', async () => {
	await removeBob();
	const said = await meetOnce(bob, alice);
	// Neither sends the other what it has.
	expect(countFrames(said)).toMatchObject({ parted: 1 });
	expect(countFrames(said)).not.toHaveProperty('entries');
	const { members, parted, circle } = await rowOf(bob);
	expect(new Set(members)).toEqual(new Set([alice, carol].map(addressOf)));
	expect(Object.keys(parted ?? {})).toEqual([addressOf(alice)]);
	expect(parted?.[addressOf(alice)]?.by).toBe(addressOf(alice));
	expect(circle?.mayAdd).toBe(false);
});

test('once: from then on there is nothing to say, whoever dials', async () => {
	await removeBob();
	await meetOnce(alice, bob);
	for (const [dialler, listener] of [
		[alice, bob],
		[bob, alice],
		[await bob.otherTab(), await alice.otherTab()]
	] as const) {
		expect(countFrames(await meetOnce(dialler, listener))).toEqual(SILENCE);
	}
});

test('nothing that is newer reaches them, whatever they ask for', async () => {
	const known = await idsOf(alice);
	await removeBob();
	await post(alice, [carol], { kind: 'replyAll', thread, text: 'without Bob' });
	const newer = (await idsOf(alice)).filter((id) => !known.includes(id));
	expect(newer.length).toBeGreaterThan(1);
	const said = await meetOnce(bob, alice);
	const removal = said.flatMap(({ frame }) => (frame.t === 'parted' ? frame.epoch.toString() : []));
	expect(removal).toHaveLength(1);
	const told = JSON.stringify(said.filter(({ by }) => by === 'Alice'));
	for (const id of newer.filter((each) => !removal.includes(each))) expect(told).not.toContain(id);
	const hers = recipientOf(alice);
	expect(await hers.entriesFor(addressOf(bob), thread, newer, 'whole')).toEqual([]);
	expect(await hers.inOrder(addressOf(bob), thread, newer)).toEqual([]);
	expect(await hers.entryIdsFor(addressOf(bob), thread)).toEqual([]);
	expect((await hers.sharedWith(addressOf(bob))).has(thread)).toBe(false);
	// And nothing of it is here: no entry, and no secret of an epoch that he did not have.
	expect((await idsOf(bob)).filter((id) => newer.includes(id))).toEqual([]);
	const replica = await loadReplica(bob.desk, bob.account, thread);
	const epochs = Object.keys(replica?.state.replica.secrets.epochs ?? {});
	expect(epochs.filter((id) => newer.some((each) => each === id))).toEqual([]);
});

test('by another it is that one’s word: they stay in, and are not spoken to by it', async () => {
	await removeBob();
	await meetOnce(carol, bob);
	const { members, parted } = await rowOf(bob);
	expect(members).toContain(addressOf(bob));
	expect(parted?.[addressOf(carol)]?.by).toBe(addressOf(alice));
	expect(countFrames(await meetOnce(bob, carol))).toEqual(SILENCE);
});

test('a lie is not believed: nobody but the creator removes, and what is known to be void is', async () => {
	const [epoch] = await idsOf(bob);
	if (epoch === undefined) throw new Error('there are entries');
	const his = recipientOf(bob);
	const invented = { epoch: '' as EntryId, by: addressOf(carol) };
	expect(await his.parted(addressOf(carol), thread, { ...invented, epoch })).toBe(false);
	// He can read that one, and is in.
	expect(await his.parted(addressOf(alice), thread, { epoch, by: addressOf(alice) })).toBe(false);
	const mallory = await createPerson('Mallory', () => 0);
	const foreign = { ...invented, by: addressOf(alice) };
	expect(await his.parted(addressOf(mallory), thread, foreign)).toBe(false);
	expect((await rowOf(bob)).parted).toBeUndefined();
});

/** Alice adds Bob again; Bob hears of it from her. */
async function addAgain(): Promise<void> {
	const again = await post(alice, [bob, carol], { kind: 'replyAll', thread, text: 'Bob is back' });
	const { recipient } = { recipient: recipientOf(alice) };
	const all = await recipient.inOrder(addressOf(bob), thread, await idsOf(alice));
	expect(again.threadId).toBe(thread);
	await take(bob, alice, await recipient.entriesFor(addressOf(bob), thread, all, 'whole'));
}

test('who is added again is in, and is told nothing else any more', async () => {
	await removeBob();
	await meetOnce(alice, bob);
	await addAgain();
	const { members, parted } = await rowOf(bob);
	expect(members).toContain(addressOf(bob));
	expect(parted).toBeUndefined();
	expect(countFrames(await meetOnce(alice, bob))).toEqual(SILENCE);
});

test('who is added again over a session alone is in, too', async () => {
	await removeBob();
	await meetOnce(alice, bob);
	await post(alice, [bob, carol], { kind: 'replyAll', thread, text: 'Bob is back' });
	await meetOnce(bob, alice);
	expect((await rowOf(bob)).parted).toBeUndefined();
	expect(countFrames(await meetOnce(bob, alice))).toEqual(SILENCE);
});

/** Of an epoch that nobody has made. */
const INVENTED = cidToEntryId(cidOfObject(Uint8Array.of(0xa0)));

/** Carol writes to them all, and adds somebody: so she makes an epoch. */
async function addedBy(name: string, others: readonly Person[]) {
	const added = await createPerson(name, () => clock++);
	await introduce([carol, added]);
	const to = [...others, added];
	return { to, sent: await post(carol, to, { kind: 'replyAll', thread, text: name }) };
}

async function believeInvented(): Promise<void> {
	const told = { epoch: INVENTED, by: addressOf(alice) };
	expect(await recipientOf(bob).parted(addressOf(alice), thread, told)).toBe(true);
	expect((await rowOf(bob)).members).not.toContain(addressOf(bob));
}

test('an epoch that nobody has made keeps them out until a member makes another for them', async () => {
	const before = await addedBy('Dave', [alice, bob]);
	await believeInvented();
	// It says nothing of what came after it was made.
	await take(bob, carol, await bundlesOf(carol, before.sent));
	expect((await rowOf(bob)).members).not.toContain(addressOf(bob));
	const after = await addedBy('Erin', before.to);
	await take(bob, carol, await bundlesOf(carol, after.sent));
	const { members, parted, circle } = await rowOf(bob);
	expect(members).toContain(addressOf(bob));
	expect(parted).toBeUndefined();
	expect(circle?.mayAdd).toBe(true);
	expect(countFrames(await meetOnce(bob, carol))).toEqual(SILENCE);
});

test('who said it and counts them in takes it back, at the first meeting', async () => {
	await believeInvented();
	await meetOnce(alice, bob);
	const { members, parted, circle } = await rowOf(bob);
	expect(members).toContain(addressOf(bob));
	expect(parted).toBeUndefined();
	expect(circle?.mayAdd).toBe(true);
	expect(countFrames(await meetOnce(alice, bob))).toEqual(SILENCE);
});

test('who knows better gives it to the one who is behind', async () => {
	await removeBob();
	await addAgain();
	const said = await meetOnce(carol, bob);
	expect(countFrames(said)).toMatchObject({ parted: 1 });
	expect((await rowOf(carol)).members).toContain(addressOf(bob));
	expect((await rowOf(bob)).parted).toBeUndefined();
	await meetOnce(carol, bob);
	expect(countFrames(await meetOnce(carol, bob))).toEqual(SILENCE);
});

test('who left is not in the way either', async () => {
	expect(await leaveThread(bob.desk, bob.account, thread)).toEqual({ ok: true });
	// Alice hears of it from him, as long as she does not know.
	await meetOnce(bob, alice);
	expect((await rowOf(alice)).members).not.toContain(addressOf(bob));
	await meetOnce(bob, alice);
	expect(countFrames(await meetOnce(bob, alice))).toEqual(SILENCE);
	expect(countFrames(await meetOnce(alice, bob))).toEqual(SILENCE);
});

test('a word that was not stored is not remembered: what another tab takes in is there', async () => {
	const before = await rowOf(bob);
	await loadReplica(bob.desk, bob.account, thread);
	vi.spyOn(bob.desk.store, 'update').mockImplementationOnce(async (_table, _key, decide) => {
		decide((await bob.desk.store.get('thread', [thread])) as never);
		throw new StorageFull();
	});
	const told = { epoch: '' as EntryId, by: addressOf(alice) };
	await expect(recipientOf(bob).parted(addressOf(alice), thread, told)).rejects.toThrow(
		StorageFull
	);
	const answer = await post(alice, [bob, carol], { kind: 'replyAll', thread, text: 'second' });
	await take(await bob.otherTab(), alice, await bundlesOf(alice, answer));
	expect((await rowOf(bob)).version).toBe(before.version + 1);
	expect(new Set(await idsOf(bob))).toEqual(new Set(await idsOf(alice)));
});
