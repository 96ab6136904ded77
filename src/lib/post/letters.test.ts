/** Letter links from end to end, but for the network: the office is what the writer handed over. */

import { beforeEach, expect, test } from 'vitest';
import { createPerson, deliver, introduce, take, type Person } from '../../../tests/sim/people.ts';
import { shownMessages } from '../threads/shown.ts';
import { entryIdOf } from '../wire/entry.ts';
import { cidOfObject } from '../wire/codec.ts';
import { cidToBlockId, cidToThreadId, type ThreadId } from '../wire/ids.ts';
import { parseLetterLink, type LetterLink } from '../wire/letter-link.ts';
import { letterLink, writeLetter } from './letters.ts';
import { revokeLetter, tendLetters } from './letter-closing.ts';
import { enterLetter } from './letter-answering.ts';
import { openLetter, type LetterGround, type OpenLetter } from './letter-opening.ts';
import { HEARD } from './notice.ts';
import { Unreachable, type Desk } from './ports.ts';
import type { DraftRecord } from './records.ts';
import { loadReplica } from './replicas.ts';
import { send } from './send.ts';

const NOW = 1_790_000_000_000;
const DAY_MS = 24 * 60 * 60 * 1000;
const DRAFT: DraftRecord = {
	...{ id: 'draft', kind: 'new', to: [], cc: [], bcc: [], subject: 'Tea', html: '' },
	...{ text: 'At four?', files: [], savedAt: NOW }
};

let now: number;
let isDown: boolean;
let alice: Person, rosa: Person, mallory: Person;
let thread: ThreadId;
let link: LetterLink;

/** Alice's office, with what she handed over and did not take back. */
const offices: Desk['offices'] = () => {
	const office: Partial<ReturnType<Desk['offices']>> = {
		find: async (address) => {
			const { record } = [alice, rosa, mallory]
				.map(({ account }) => account)
				.find(({ record }) => record.address === address) ?? { record: null };
			return record && { v: 1, t: 'bundle', ...record };
		},
		async *ancestors() {
			if (isDown) throw new Unreachable('no network');
			yield* await handedOver();
		}
	};
	return Object.assign({} as ReturnType<Desk['offices']>, office);
};

async function handedOver() {
	const letter = await letterRow();
	const outbox = await alice.desk.store.list('outbox');
	const drops = new Set(outbox.flatMap((record) => record.drops ?? []));
	const rows = await alice.desk.store.list('entry', [thread]);
	const until = letter?.kind === 'written' ? letter.letter : null;
	return rows
		.filter(({ header }) => isFirst(header) || entryIdOf(header) === until)
		.map(({ header, body, wraps }) => ({
			...{ header, body },
			wraps: wraps.filter((block) => !drops.has(cidToBlockId(cidOfObject(block))))
		}));
}

function isFirst(header: Uint8Array): boolean {
	return cidToThreadId(cidOfObject(header)) === thread;
}

const letterRow = () => alice.desk.store.get('letter', [thread]);
const rowOf = async ({ desk }: Person) => desk.store.get('thread', [thread]);
const addressOf = ({ account }: Person) => account.record.address;

beforeEach(async () => {
	now = NOW;
	isDown = false;
	const clock = () => ++now;
	alice = await createPerson('alice', clock, offices);
	rosa = await createPerson('rosa', clock, offices);
	mallory = await createPerson('mallory', clock, offices);
	const wish = { name: 'Rosa', days: 7 };
	const sent = await writeLetter(alice.desk, alice.account, DRAFT, wish);
	if (!sent.ok) throw new Error(sent.problem.kind);
	thread = sent.threadId;
	const made = parseLetterLink((await letterLink(alice.desk, alice.account, thread)) ?? '');
	if (made === null) throw new Error('no link');
	link = made;
});

async function open(by: LetterLink = link, ground: LetterGround = rosa.desk): Promise<OpenLetter> {
	const opening = await openLetter(ground, by);
	if (opening.kind !== 'open') throw new Error(opening.kind);
	return opening.letter;
}

async function enter(who: Person, letter: OpenLetter) {
	const entered = await enterLetter(who.desk, who.account, letter);
	if (!entered.ok) throw new Error(entered.problem);
	return entered;
}

async function answer(who: Person, text: string) {
	const [message] = await who.desk.store.list('message', [thread]);
	if (message === undefined) throw new Error('nothing to answer');
	const reply = { ...DRAFT, kind: 'reply', thread, answers: message.id, text } as const;
	const sent = await send(who.desk, who.account, { ...reply, to: [addressOf(alice)] });
	if (!sent.ok) throw new Error(sent.problem.kind);
	return sent;
}

/** As alice's device fetches from the guest's office: all that stands before the newest. */
async function fetchFrom(who: Person) {
	return take(alice, who, await who.desk.store.list('entry', [thread]));
}

test('whoever has the link reads the letter, with nothing but a network', async () => {
	const letter = await open();
	expect(letter.message.mail).toMatchObject({ subject: 'Tea', text: 'At four?' });
	expect(letter.writer.identity.card.name).toBe('alice');
	expect(letter.message.sure).toBe(true);
});

test('a letter counts as kept, not as delivered, as long as nobody came in', async () => {
	await open();
	const [message] = await alice.desk.store.list('message', [thread]);
	expect(message?.deliveries).toMatchObject([{ to: { name: 'Rosa' }, state: 'written' }]);
	const [record] = await alice.desk.store.list('outbox');
	expect(record?.knocks).toMatchObject([{ url: '', state: 'waiting' }]);
});

test('the guest answers in the same thread, under an own identity', async () => {
	const entered = await enter(rosa, await open());
	expect(entered.threadId).toBe(thread);
	const sent = await answer(rosa, 'Gladly.');
	expect(sent.threadId).toBe(thread);
	expect((await fetchFrom(rosa)).refused).toEqual([]);
	const rows = await alice.desk.store.list('message', [thread]);
	expect(rows.map(({ mail }) => mail.text).sort()).toEqual(['At four?', 'Gladly.']);
	const came = rows.find(({ isMine }) => !isMine);
	expect(came).toMatchObject({ from: addressOf(rosa), isVouched: true });
	expect(came?.mail.to).toMatchObject([{ root: alice.account.root }]);
	// The letter itself is alice's own, not what somebody passed on.
	const [letter] = (await rosa.desk.store.list('message', [thread])).filter((one) => !one.isMine);
	expect(letter).toMatchObject({ from: addressOf(alice), isVouched: true });
	expect(letter?.keptBy).toBeUndefined();
});

test('the answer goes to the slot that the letter told, and to nobody else', async () => {
	await enter(rosa, await open());
	await answer(rosa, 'Gladly.');
	const [record] = await rosa.desk.store.list('outbox');
	const slots = await alice.desk.store.list('slot');
	expect(record?.knocks).toMatchObject([{ to: addressOf(alice), isPublic: false }]);
	const slot = record?.knocks[0]?.slot ?? new Uint8Array();
	const { slotIdOf } = await import('./registration.ts');
	const told = slots.find(({ secret }) => Buffer.compare(slotIdOf(secret), slot) === 0);
	expect(told).toMatchObject({ kind: 'contact' });
});

test('the first who comes in takes the seat: the link opens nothing any more', async () => {
	await enter(rosa, await open());
	await answer(rosa, 'Gladly.');
	await fetchFrom(rosa);
	expect(await tendLetters(alice.desk, alice.account)).toBe(true);
	expect(await letterRow()).toMatchObject({ state: 'answered', by: [addressOf(rosa)] });
	expect((await letterRow()) ?? {}).not.toHaveProperty('secret');
	expect(await letterLink(alice.desk, alice.account, thread)).toBeNull();
	expect((await rowOf(alice))?.members.toSorted()).toEqual(
		[addressOf(alice), addressOf(rosa)].sort()
	);
	expect((await openLetter(mallory.desk, link)).kind).toBe('closed');
	const [message] = (await alice.desk.store.list('message', [thread])).filter((m) => m.isMine);
	expect(message?.deliveries).toMatchObject([{ state: 'delivered' }]);
	expect((await alice.desk.store.get('contact', [addressOf(rosa)]))?.tier).toBe('known');
	// Whoever kept the link can write as the seat: nothing of it is taken.
	const seat = await alice.desk.store.get('contact', [(await letterRow())?.seat ?? '']);
	expect(seat).toMatchObject({ tier: 'blocked', sitter: addressOf(rosa) });
	// Said again it changes nothing.
	const before = (await rowOf(alice))?.version;
	expect(await tendLetters(alice.desk, alice.account)).toBe(true);
	expect((await rowOf(alice))?.version).toBe(before);
});

test('they go on as any two do', async () => {
	await enter(rosa, await open());
	await answer(rosa, 'Gladly.');
	await fetchFrom(rosa);
	await tendLetters(alice.desk, alice.account);
	await deliver(alice, [rosa]);
	expect((await rowOf(rosa))?.members.toSorted()).toEqual(
		[addressOf(alice), addressOf(rosa)].sort()
	);
	await answer(rosa, 'With milk.');
	expect((await fetchFrom(rosa)).refused).toEqual([]);
	expect((await rowOf(alice))?.count).toBe(3);
	const reply = { ...DRAFT, kind: 'reply', thread, text: 'Of course.' } as const;
	const sent = await send(alice.desk, alice.account, { ...reply, to: [addressOf(rosa)] });
	expect(sent).toMatchObject({ ok: true, threadId: thread });
	await deliver(alice, [rosa]);
	expect((await rowOf(rosa))?.count).toBe(4);
});

test('the guest hands on nothing that opens the letter by its link', async () => {
	await enter(rosa, await open());
	const rows = await rosa.desk.store.list('entry', [thread]);
	expect(rows.filter(({ header }) => isFirst(header))).toMatchObject([{ wraps: [] }]);
	expect((await rosa.otherTab()).account.record.address).toBe(addressOf(rosa));
	const again = await loadReplica((await rosa.otherTab()).desk, rosa.account, thread);
	expect(again && shownMessages(again.state)).toHaveLength(1);
});

test('a second answer by the guest stays in the thread while the writer sleeps', async () => {
	await enter(rosa, await open());
	await answer(rosa, 'Gladly.');
	expect((await answer(rosa, 'With milk.')).threadId).toBe(thread);
	now += 11 * DAY_MS; // a new epoch is due, and wrapped to the seat as well
	expect((await answer(rosa, 'Hello?')).threadId).toBe(thread);
	expect((await fetchFrom(rosa)).refused).toEqual([]);
	expect((await rowOf(alice))?.count).toBe(4);
});

test('two who came in before the writer heard of either are both shown', async () => {
	const [first, second] = [await open(), await open(link, mallory.desk)];
	await enter(rosa, first);
	await enter(mallory, second);
	await answer(rosa, 'Gladly.');
	await answer(mallory, 'Me too.');
	await fetchFrom(rosa);
	await fetchFrom(mallory);
	await tendLetters(alice.desk, alice.account);
	const letter = await letterRow();
	expect(letter?.kind === 'written' && letter.by.toSorted()).toEqual(
		[addressOf(rosa), addressOf(mallory)].sort()
	);
	expect((await rowOf(alice))?.count).toBe(3);
	expect((await rowOf(alice))?.circle?.mayRemove).toBe(true);
});

test('who comes later with a copy of the letter is refused, and told so', async () => {
	const [first, second] = [await open(), await open(link, mallory.desk)];
	await enter(rosa, first);
	await answer(rosa, 'Gladly.');
	await fetchFrom(rosa);
	await tendLetters(alice.desk, alice.account);
	await enter(mallory, second);
	const late = await answer(mallory, 'Me too.');
	const received = await fetchFrom(mallory);
	const entry = (await mallory.desk.store.get('message', [thread, late.messageId]))?.entry;
	expect(received.refused).toContainEqual({ id: entry, reason: 'removed' });
	expect((await rowOf(alice))?.members).not.toContain(addressOf(mallory));
	expect((await rowOf(alice))?.count).toBe(2);
});

test('nobody can write to a seat, and nobody finds one among people', async () => {
	const letter = await letterRow();
	const reply = { ...DRAFT, kind: 'reply', thread, to: [letter?.seat ?? ''] } as const;
	const sent = await send(alice.desk, alice.account, reply);
	expect(sent).toEqual({ ok: false, problem: { kind: 'letter-unopened', name: 'Rosa' } });
});

test('when its day is over the letter is taken back, once all that came has been heard', async () => {
	now = link.until;
	expect((await openLetter(rosa.desk, link)).kind).toBe('expired');
	expect(await tendLetters(alice.desk, alice.account)).toBe(true);
	expect(await letterRow()).toMatchObject({ state: 'open' });
	const heard = { table: 'setting', key: HEARD, put: { value: now } } as const;
	await alice.desk.store.commit([heard]);
	expect(await tendLetters(alice.desk, alice.account)).toBe(true);
	expect(await letterRow()).toMatchObject({ state: 'expired', by: [] });
	const [message] = await alice.desk.store.list('message', [thread]);
	expect(message).toMatchObject({ isWithdrawn: true, deliveries: [{ state: 'withdrawn' }] });
	expect((await rowOf(alice))?.members).toEqual([addressOf(alice)]);
	// A clock that goes wrong opens nothing either.
	const early = { ...mallory.desk, now: () => NOW };
	expect((await openLetter(early, link)).kind).toBe('closed');
});

test('an answer that came in time and was not fetched yet is not shut out', async () => {
	await enter(rosa, await open());
	await answer(rosa, 'Gladly.');
	now = link.until;
	const heard = { table: 'setting', key: HEARD, put: { value: now } } as const;
	const [knock] = await rosa.desk.store.list('knock');
	if (knock === undefined) throw new Error('the files are fetched');
	await alice.desk.store.commit([heard, { table: 'knock', key: ['k'], put: knock }]);
	await tendLetters(alice.desk, alice.account);
	expect(await letterRow()).toMatchObject({ state: 'open' });
	await fetchFrom(rosa);
	await tendLetters(alice.desk, alice.account);
	expect(await letterRow()).toMatchObject({ state: 'answered', by: [addressOf(rosa)] });
});

test('its writer can close the link', async () => {
	expect(await revokeLetter(alice.desk, alice.account, thread)).toBe(true);
	expect(await letterRow()).toMatchObject({ state: 'revoked' });
	expect((await openLetter(rosa.desk, link)).kind).toBe('closed');
});

test('who opens it says why it does not open', async () => {
	isDown = true;
	expect((await openLetter(rosa.desk, link)).kind).toBe('unreachable');
	isDown = false;
	const wrong = { ...link, secret: new Uint8Array(32).fill(9) };
	expect((await openLetter(rosa.desk, wrong)).kind).toBe('damaged');
	const others = { ...link, root: rosa.account.root.slice() };
	expect((await openLetter(rosa.desk, others)).kind).toBe('damaged');
});

test('who has come in, or wrote it, opens the thread itself', async () => {
	const letter = await open();
	await enter(rosa, letter);
	const before = (await rowOf(rosa))?.version;
	await enter(rosa, letter);
	await enter(alice, letter);
	expect((await rowOf(rosa))?.version).toBe(before);
});

test('what coming in was cut short at is done again, and the letter is there with its files to come', async () => {
	const letter = await open();
	let isGone = true;
	const cut: Desk['store'] = Object.assign(Object.create(rosa.desk.store), {
		commit: async (...changes: Parameters<Desk['store']['commit']>) => {
			await rosa.desk.store.commit(...changes);
			if (isGone) throw new Error('the tab is gone');
		}
	});
	const desk = { ...rosa.desk, store: cut };
	await expect(enterLetter(desk, rosa.account, letter)).rejects.toThrow('the tab is gone');
	expect(await rowOf(rosa)).toBeNull();
	isGone = false;
	await enter(rosa, await open());
	expect((await rowOf(rosa))?.count).toBe(1);
	expect(await rosa.desk.store.list('knock')).toMatchObject([{ thread, wait: 'fetch' }]);
});

test('whoever is gone as soon as the thread stands has its files fetched all the same', async () => {
	const letter = await open();
	const cut: Desk['store'] = Object.assign(Object.create(rosa.desk.store), {
		update: async (...wish: Parameters<Desk['store']['update']>) => {
			await rosa.desk.store.update(...wish);
			if (wish[0] === 'thread') throw new Error('the tab is gone');
		}
	});
	const desk = { ...rosa.desk, store: cut };
	await expect(enterLetter(desk, rosa.account, letter)).rejects.toThrow('the tab is gone');
	await enter(rosa, letter);
	expect(await rosa.desk.store.list('knock')).toMatchObject([{ thread, wait: 'fetch' }]);
});

test('an unopened letter is named to nobody else: its reader would not have that message', async () => {
	await introduce([alice, mallory]);
	const letter = await letterRow();
	const to = [letter?.seat ?? ''];
	const reply = { ...DRAFT, kind: 'reply', thread, to, cc: [addressOf(mallory)] } as const;
	const sent = await send(alice.desk, alice.account, reply);
	expect(sent).toEqual({ ok: false, problem: { kind: 'letter-unopened', name: 'Rosa' } });
});

test('a draft that names the seat goes to whoever came in', async () => {
	await enter(rosa, await open());
	await answer(rosa, 'Gladly.');
	await fetchFrom(rosa);
	await tendLetters(alice.desk, alice.account);
	const to = [(await letterRow())?.seat ?? '', addressOf(rosa)];
	const reply = { ...DRAFT, kind: 'reply', thread, to, text: 'Late.' } as const;
	expect(await send(alice.desk, alice.account, reply)).toMatchObject({
		ok: true,
		threadId: thread
	});
	const late = (await alice.desk.store.list('message', [thread])).find(
		({ mail }) => mail.text === 'Late.'
	);
	expect(late?.mail.to).toMatchObject([{ root: rosa.account.root }]);
});

test('who comes in while the link is being closed is a member, and said to be', async () => {
	await enter(rosa, await open());
	await answer(rosa, 'Gladly.');
	let isFirst = true;
	const store: Desk['store'] = Object.assign(Object.create(alice.desk.store), {
		list: async (...wish: Parameters<Desk['store']['list']>) => {
			if (wish[0] === 'outbox' && isFirst) {
				isFirst = false;
				await fetchFrom(rosa);
			}
			return alice.desk.store.list(...wish);
		}
	});
	expect(await revokeLetter({ ...alice.desk, store }, alice.account, thread)).toBe(false);
	expect(await letterRow()).toMatchObject({ state: 'answered', by: [addressOf(rosa)] });
	expect((await rowOf(alice))?.members).toContain(addressOf(rosa));
	expect((await alice.desk.store.get('contact', [addressOf(rosa)]))?.tier).toBe('known');
});
