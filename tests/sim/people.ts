/** Members for small tests of the story: a disk each, no network, and a clock that the test moves. */

import { createAccount, openAccount, type Account } from '../../src/lib/post/account.ts';
import { newContact, putContactWithSlot } from '../../src/lib/post/contacts.ts';
import { bundlesFor } from '../../src/lib/post/outbox.ts';
import type { Desk, Received } from '../../src/lib/post/ports.ts';
import { receive } from '../../src/lib/post/receive.ts';
import type { DraftRecord } from '../../src/lib/post/records.ts';
import { send } from '../../src/lib/post/send.ts';
import { createRecipient } from '../../src/lib/post/recipient.ts';
import { entryIdOf, type EntryBundle } from '../../src/lib/wire/entry.ts';
import type { EntryId, ThreadId } from '../../src/lib/wire/ids.ts';
import { createMemoryDisk } from '../conformance/memory-store.ts';
import { Dice } from './dice.ts';
import { SUITES } from './suites.ts';

export interface Person {
	readonly name: string;
	readonly desk: Desk;
	readonly account: Account;
	/** The same profile in another tab. */
	readonly otherTab: () => Promise<Person>;
}

/** Whoever asks an office meets an error: give `offices` where the test needs one. */
export async function createPerson(
	name: string,
	now: () => number,
	offices: Desk['offices'] = () => {
		throw new Error('nobody is asked here');
	}
): Promise<Person> {
	const disk = createMemoryDisk();
	const dice = new Dice(name);
	const layDesk = (): Desk => {
		const { mail: store, blocks, ring } = disk.open();
		return {
			...{ suite: SUITES.double, store, blocks, ring, now, offices },
			appUrl: 'https://mail.example/',
			random: (size) => dice.bytes(size),
			keys: { deviceSigner: () => Promise.reject(new Error('nobody signs requests here')) },
			exclusive: (_name, work) => work()
		};
	};
	const openTab = async (desk: Desk): Promise<Person> => {
		const account = await openAccount(desk);
		if (account === null) throw new Error('no account');
		return { name, desk, account, otherTab: () => openTab(layDesk()) };
	};
	const desk = layDesk();
	await createAccount(desk, { name, office: 'https://post.example' });
	return openTab(desk);
}

/** Each has the others' cards, and lets them write. */
export async function introduce(people: readonly Person[]): Promise<void> {
	for (const { desk } of people) {
		for (const { desk: theirs, account } of people) {
			if (theirs === desk) continue;
			const { address, name, record, card, xwing, pair } = account.record;
			const keys = { record, card, xwing, pair };
			const fields = { address, name, tier: 'known', origin: 'invited', offices: [] } as const;
			await desk.store.commit(putContactWithSlot(newContact(desk, { ...fields, keys })));
		}
	}
}

/** Sends a mail; throws where it was not accepted. */
export async function post(
	from: Person,
	to: readonly Person[],
	fields: Partial<
		Pick<
			DraftRecord,
			| (
					| 'kind'
					| 'thread'
					| 'text'
					| 'html'
					| 'isPlain'
					| 'history'
					| 'bcc'
					| 'isOnRecord'
					| 'files'
			  )
			| 'ends'
		>
	> = {}
) {
	const sent = await send(from.desk, from.account, {
		...{ id: 'draft', kind: 'new', cc: [], bcc: [], subject: 'Tea', html: '', text: 'At four?' },
		to: to.map(({ account }) => account.record.address),
		...{ files: [], savedAt: from.desk.now() },
		...fields
	});
	if (!sent.ok) throw new Error(sent.problem.kind);
	return sent;
}

/** What this member made for the mail, parents first. */
export async function bundlesOf(
	{ desk }: Person,
	{ threadId, messageId }: { readonly threadId: ThreadId; readonly messageId: string }
): Promise<EntryBundle[]> {
	const record = (await desk.store.list('outbox')).find(({ message }) => message === messageId);
	const { entries = [], past } = record ?? {};
	const own = entries.slice(past?.for.length === 0 ? past.count : 0);
	const rows = await Promise.all(own.map((id) => desk.store.get('entry', [threadId, id])));
	return rows.filter((row) => row !== null);
}

/** As over a connection with somebody who may write to them. */
export function take(
	{ desk, account }: Person,
	from: Person,
	bundles: readonly EntryBundle[]
): Promise<Received> {
	const { address } = from.account.record;
	return receive(desk, account, { from: address, mayBegin: true, makesContact: false }, bundles);
}

/** The two courses in which a member gives a long thread to another that has nothing of it. */
export async function coursesFor(from: Person, to: Person, thread: ThreadId): Promise<Courses> {
	const { address } = to.account.record;
	const hooks = { onReceived: () => undefined, onConnections: () => undefined };
	const recipient = createRecipient(from.desk, from.account, hooks);
	const listed = await recipient.entryIdsFor(address, thread);
	const ids = await recipient.inOrder(address, thread, listed.toReversed());
	const outline = await recipient.entriesFor(address, thread, ids, 'outline');
	const whole = await recipient.entriesFor(address, thread, ids, 'whole');
	const later = new Set(outline.flatMap((one) => (one.later ? entryIdOf(one.header) : [])));
	const texts = whole.filter(({ header }) => later.has(entryIdOf(header))).reverse();
	return { ids, outline, texts, whole };
}

export interface Courses {
	/** Parents first. */
	readonly ids: readonly EntryId[];
	readonly outline: readonly EntryBundle[];
	/** Newest first. */
	readonly texts: readonly EntryBundle[];
	/** As one gets it that lacks little. */
	readonly whole: readonly EntryBundle[];
}

/** What is on its way from one goes to each of these. */
export async function deliver(from: Person, to: readonly Person[]): Promise<Received[]> {
	const received: Received[] = [];
	for (const record of await from.desk.store.list('outbox')) {
		for (const person of to) {
			const { address } = person.account.record;
			if (!record.knocks.some((knock) => knock.to === address)) continue;
			received.push(await take(person, from, await bundlesFor(from.desk, record, address)));
		}
	}
	return received;
}
