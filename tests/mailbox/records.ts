/** Rows of alice's mailbox for tests of the local view, and a desk without a network to read them at. */

import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import type { Change, Desk } from '../../src/lib/post/ports.ts';
import type {
	ContactRecord,
	DeliveryRecord,
	DeliveryState,
	DraftRecord,
	MessageRecord,
	ThreadRecord
} from '../../src/lib/post/records.ts';
import { indexContacts, type People } from '../../src/lib/mailbox/people.ts';
import { cidOfObject, cidOfRaw } from '../../src/lib/wire/codec.ts';
import { utf8 } from '../../src/lib/wire/bytes.ts';
import {
	bytesToMessageId,
	cidToEntryId,
	cidToThreadId,
	rootKeyToAddress,
	type EntryId,
	type ThreadId
} from '../../src/lib/wire/ids.ts';
import type { Mail, Party } from '../../src/lib/wire/mail.ts';
import type { MemoryRing } from '../conformance/memory-ring.ts';
import { createMemoryDisk } from '../conformance/memory-store.ts';

export const NOW = 1_760_000_000_000;

export function createDesk(): Desk & {
	readonly clock: { now: number };
	readonly ring: MemoryRing;
} {
	const disk = createMemoryDisk();
	const { ring } = disk;
	const { mail, blocks } = disk.open();
	const clock = { now: NOW };
	let drawn = 0;
	const nobody = () => {
		throw new Error('this test has no network');
	};
	return {
		clock,
		suite: nobleSuite,
		random: (size) => new Uint8Array(size).fill(++drawn),
		now: () => clock.now,
		store: mail,
		blocks,
		ring,
		keys: { deviceSigner: nobody },
		offices: nobody,
		exclusive: (_name, work) => work(),
		appUrl: 'https://mail.example/'
	};
}

/** A draft in which nothing was written yet. */
export const EMPTY_DRAFT: DraftRecord = {
	...{ id: 'draft', kind: 'new', to: [], cc: [], bcc: [] },
	...{ subject: '', html: '', text: '', files: [], savedAt: 1 }
};

const ROOTS = { alice: 1, bob: 2, carol: 3, mallory: 4 } as const;
export type Name = keyof typeof ROOTS;

export function partyOf(name: Name): Party {
	const called = name[0]?.toUpperCase() + name.slice(1);
	return { root: new Uint8Array(32).fill(ROOTS[name]), name: called };
}

export function addressOf(name: Name) {
	return rootKeyToAddress(partyOf(name).root);
}

export function contactOf(name: Name, fields: Partial<ContactRecord> = {}): ContactRecord {
	return {
		address: addressOf(name),
		name: partyOf(name).name,
		tier: 'known',
		origin: 'invited',
		offices: [],
		mySlot: new Uint8Array(32),
		peers: [],
		createdAt: NOW,
		...fields
	};
}

export function peopleWith(...contacts: readonly ContactRecord[]): People {
	return { me: { address: addressOf('alice'), name: 'Alice' }, contacts: indexContacts(contacts) };
}

export function threadIdOf(text: string): ThreadId {
	return cidToThreadId(cidOfObject(utf8(text)));
}

export function entryIdOf(text: string): EntryId {
	return cidToEntryId(cidOfRaw(utf8(text)));
}

export function deliveryTo(name: Name, state: DeliveryState): DeliveryRecord {
	return { to: partyOf(name), field: 'to', state, times: { [state]: NOW } };
}

/** From bob to alice unless told otherwise; `at` orders, and makes the ids. */
export function messageIn(
	thread: string,
	at: number,
	fields: Omit<Partial<MessageRecord>, 'from' | 'mail'> & {
		readonly from?: Name;
		readonly mail?: Partial<Mail>;
	} = {}
): MessageRecord {
	const { from = 'bob', mail, ...rest } = fields;
	return {
		thread: threadIdOf(thread),
		id: bytesToMessageId(new Uint8Array(16).fill(at)),
		entry: entryIdOf(`${thread}/${String(at)}`),
		from: addressOf(from),
		isMine: from === 'alice',
		mail: {
			from: partyOf(from),
			to: [partyOf(from === 'alice' ? 'bob' : 'alice')],
			cc: [],
			subject: thread,
			date: NOW + at,
			text: `text ${String(at)}`,
			attachments: [],
			answers: [],
			...mail
		},
		bcc: [],
		order: NOW + at,
		receivedAt: NOW + at,
		isUnread: from !== 'alice',
		isOnRecord: false,
		isVouched: true,
		deliveries: [],
		holders: [],
		...rest
	};
}

/** The row that belongs to these messages. */
export function threadOf(
	name: string,
	messages: readonly MessageRecord[],
	fields: Partial<ThreadRecord> = {}
): ThreadRecord {
	const last = messages.at(-1);
	return {
		id: threadIdOf(name),
		secrets: new Uint8Array(0),
		version: 1,
		place: 'inbox',
		subject: name,
		members: [addressOf('alice'), addressOf('bob')],
		latest: {
			from: last?.from ?? addressOf('bob'),
			preview: last?.mail.text ?? '',
			date: last?.order ?? NOW
		},
		count: messages.length,
		unread: messages.filter(({ isUnread }) => isUnread).length,
		hasAttachment: messages.some(({ mail }) => mail.attachments.length > 0),
		dones: {},
		updatedAt: NOW,
		...fields
	};
}

export async function storeThread(
	desk: Pick<Desk, 'store'>,
	thread: ThreadRecord,
	messages: readonly MessageRecord[]
): Promise<void> {
	await desk.store.commit([
		{ table: 'thread', key: [thread.id], put: thread },
		...messages.flatMap((message): Change[] => [
			{ table: 'message', key: [thread.id, message.id], put: message },
			{
				table: 'entry',
				key: [thread.id, message.entry],
				put: { header: utf8('header'), body: utf8('body'), wraps: [] }
			}
		])
	]);
}
