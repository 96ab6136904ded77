/**
 * What one user's storage holds: one table per noun, rows of plain data. The store seals each row at
 * rest (its key parts are blinded) and writes a list of changes in one transaction.
 */

import type { WaitingNotice } from '../identity/prekey.ts';
import type { KeptSecret } from '../threads/secrets.ts';
import type { Tier } from '../trust/policy.ts';
import type { EntryBundle } from '../wire/entry.ts';
import type { CardPair } from '../wire/identity.ts';
import type { Address, EntryId, MessageId, PeerName, ThreadId } from '../wire/ids.ts';
import type { Refusal } from '../wire/refusal.ts';
import type { ListedThread } from './listed.ts';
import type { RingKey } from './ports.ts';
import type { LetterRecord } from './records-letters.ts';
import type { BookRecord, PersonMarks, PersonRecord, PhotoRecord } from './records-people.ts';
import type {
	ThreadRecord,
	EntryRecord,
	ClearRecord,
	MessageRecord,
	OutlineRecord,
	SnapshotRecord
} from './records-threads.ts';
import type { DraftRecord, OutboxFile, OutboxRecord } from './records-written.ts';

export type * from './records-letters.ts';
export type * from './records-people.ts';
export type * from './records-threads.ts';
export type * from './records-written.ts';

/** Table → row. The key parts of each are named beside it; all parts are text. */
export interface Tables {
	/** `[]`: one identity a profile. */
	account: AccountRecord;
	/** `[name]` */
	setting: SettingRecord;
	/** `[address]` */
	contact: ContactRecord;
	/** `[thread]` */
	thread: ThreadRecord;
	/** `[thread, entry]`: what replicates, in its exact bytes. */
	entry: EntryRecord;
	/** `[thread, number]`: entries whose texts are promised, many to a row (`post/entry-rows.ts`). */
	outline: OutlineRecord;
	/** `[thread, entry]`: bodies of entries whose epoch's secret was destroyed; never leaves here. */
	clear: ClearRecord;
	/** `[thread]`: what its replica is opened from; all of it can be made anew from the entries. */
	snapshot: SnapshotRecord;
	/** `[thread, message]`: the archive, readable after epoch secrets are gone. */
	message: MessageRecord;
	/** `[outbox id]` */
	outbox: OutboxRecord;
	/** `[draft id]` */
	draft: DraftRecord;
	/** `[knock]`: notices that are judged and wait: for the body, or for the user. */
	knock: KnockRecord;
	/** `[slot]`: secrets of slots that this identity opened. */
	slot: SlotRecord;
	/** `[token hash]`: invites that this identity gave out. */
	invite: InviteRecord;
	/** `[reason]`: counted silent refusals. */
	refusal: RefusalRecord;
	/** `[thread, message]`: messages with an end date; what has ended stays listed, by its id alone. */
	ending: EndingRecord;
	/** `[ring key]`: keys of the ring that are to be destroyed, for nothing needs them any more. */
	doomed: DoomedRecord;
	/** `[name]`: the segments of the search index, and the list of them; all of it can be made anew. */
	search: SearchRecord;
	/** `[]`: which packs there are, in the order of the list (`post/listing.ts`). */
	listing: ListingRecord;
	/** `[pack]`: what lists show of some dozens of threads. */
	pack: PackRecord;
	/** `[thread]`: written since the packs were; the store adds it to every write of a thread's row. */
	touched: TouchedRecord;
	/** `[outbox id]`: what the own office keeps though all recipients have spoken about it. */
	confirmed: ConfirmedRecord;
	/** `[hash of a Message-ID]`: to which thread it leads; `[thread]`: into which that was merged. */
	reference: ReferenceRecord;
	/** `[thread]`: letter links, given out and opened. */
	letter: LetterRecord;
	person: PersonRecord;
	photo: PhotoRecord;
	book: BookRecord;
}

export type TableName = keyof Tables;

export const TABLES: readonly TableName[] = [
	'account',
	'setting',
	'contact',
	'thread',
	'entry',
	'outline',
	'clear',
	'snapshot',
	'message',
	'outbox',
	'draft',
	'knock',
	'slot',
	'invite',
	'refusal',
	'ending',
	'doomed',
	'search',
	'listing',
	'pack',
	'touched',
	'confirmed',
	'reference',
	'letter',
	'person',
	'photo',
	'book'
];

/** Secrets are raw here and sealed by the store; they are unwrapped to keys at start. */
export interface AccountRecord {
	readonly name: string;
	readonly address: Address;
	/** BIP-39 entropy, 32 bytes, until the words are confirmed; then only the phrase has the root. */
	readonly entropy?: Uint8Array;
	readonly cardSeed: Uint8Array;
	readonly authSeed: Uint8Array;
	readonly joinSecret: Uint8Array;
	/** Secret from which this device's writer key of each thread is derived. */
	readonly writerSecret: Uint8Array;
	/** Ed25519 seed of the libp2p peer: another key than all others, for libp2p keeps it extractable. */
	readonly peerSeed: Uint8Array;
	readonly peer: PeerName;
	/** Newest first. */
	readonly prekeys: readonly PrekeyRecord[];
	/** The signed objects in force. */
	readonly record: Uint8Array;
	readonly card: Uint8Array;
	readonly xwing: Uint8Array;
	readonly pair: CardPair;
	readonly publicSlot: Uint8Array;
	/** Base URL of the own post office; empty: none yet. */
	readonly office: string;
	readonly createdAt: number;
}

/** Its two seeds stand sealed under a key of the ring, or, where there was none, as they are. */
export interface PrekeyRecord {
	readonly id: Uint8Array;
	readonly kemSeed?: Uint8Array;
	readonly dhSeed?: Uint8Array;
	readonly kept?: KeptSecret;
	/** Unix ms. Absent in rows of 0.1.0, which took a prekey for published when it was made. */
	readonly madeMs?: number;
	/** When its card was first published, Unix ms; absent: not yet. */
	readonly publishedMs?: number;
}

export interface SettingRecord {
	readonly value: string | number | boolean | Uint8Array;
}

export interface ContactRecord extends PersonMarks {
	readonly address: Address;
	/** As its card says. */
	readonly name: string;
	/** As the user calls it; nobody else learns it. */
	readonly alias?: string;
	readonly tier: Tier;
	/** How the contact came: `invited` by me, `introduced` by their link, `accepted` from Requests. */
	readonly origin: 'invited' | 'introduced' | 'accepted' | 'thread';
	/** Signed root record and card; absent while no office has given them yet. */
	readonly keys?: ContactKeys;
	/** Base URLs at which the card is looked for: those of the card, or of the invite. */
	readonly offices: readonly string[];
	/** Their public slot as the invite named it, until a card does. */
	readonly invitedTo?: { readonly slot: Uint8Array; readonly pair: CardPair };
	/** Their slot for me, once they told it. */
	readonly writeTo?: Uint8Array;
	/** Secret of my slot for them. */
	readonly mySlot: Uint8Array;
	/** The pass from their invite, until it was used. */
	readonly token?: Uint8Array;
	readonly peers: readonly PeerName[];
	/** When an office was last asked for a newer card and answered, Unix ms. */
	readonly askedAt?: number;
	readonly lastSeen?: number;
	/**
	 * No person, but the seat of a letter link: one that this user gave out, or `opened`. Set by what
	 * this user did alone, for whoever hides a member from its readers must be one of them.
	 */
	readonly seat?: 'given' | 'opened';
	/** Who came in by the link that this user gave out. */
	readonly sitter?: Address;
	readonly createdAt: number;
}

export interface ContactKeys {
	readonly record: Uint8Array;
	readonly card: Uint8Array;
	/** Absent where the card came in a member list: an office has it. */
	readonly xwing?: Uint8Array;
	readonly pair: CardPair;
}

export interface KnockRecord {
	/** SHA-256 of the sealed notice. */
	readonly hash: Uint8Array;
	readonly from: Address;
	readonly name: string;
	readonly thread: ThreadId;
	readonly epoch: EntryId;
	readonly heads: readonly EntryId[];
	readonly holders: readonly string[];
	readonly done: Uint8Array;
	readonly introduction: string;
	/** `request`: waits for the user; `fetch`: waits for a holder to answer. */
	readonly wait: 'request' | 'fetch';
	/** Does its writer become a contact, because this user invited or accepted them? */
	readonly makesContact: boolean;
	readonly record: Uint8Array;
	readonly card: Uint8Array;
	/** SHA-256 of `done`; binds the receipt that answers it. */
	readonly knock: Uint8Array;
	/** It came in a parcel, with this: nobody need be asked for it. */
	readonly enclosed?: {
		readonly entries: readonly EntryBundle[];
		/** The key that the card's prekey names. */
		readonly xwing: Uint8Array;
	};
	/** When the announced message ends, Unix ms: nobody has its body after that. */
	readonly ends?: number;
	/** Notices under this knock that came before it and may be newer. */
	readonly beside?: readonly { readonly hash: Uint8Array; readonly heads: readonly EntryId[] }[];
	readonly receivedAt: number;
	/** Since when `done` waits for texts that somebody promised, Unix ms; absent: it does not. */
	readonly promisedSince?: number;
	/** Since when its thread and writer wait; absent in rows of version 0.1. */
	readonly since?: WaitingNotice;
}

export interface SlotRecord {
	readonly secret: Uint8Array;
	readonly kind: 'public' | 'contact' | 'thread';
	/** Whose slot: the contact's address or the thread. */
	readonly of: string;
	readonly isRegistered: boolean;
}

export interface InviteRecord {
	readonly token: Uint8Array;
	readonly uses: number;
	readonly until: number;
	readonly isRegistered: boolean;
	readonly createdAt: number;
}

export interface RefusalRecord {
	readonly reason: Refusal;
	readonly count: number;
	readonly lastAt: number;
}

export interface DoomedRecord {
	readonly key: Uint8Array;
}

export interface ConfirmedRecord {
	/** Of the outbox record that has ended. */
	readonly id: string;
	readonly thread: ThreadId;
	readonly shownIn: ThreadId;
	readonly message: MessageId;
	/** That says it. */
	readonly entry: EntryId;
	/** As in the outbox record. */
	readonly files: readonly OutboxFile[];
	readonly blocks: readonly string[];
	/** When the last recipient had spoken, Unix ms. */
	readonly since: number;
}

/** Of mail that was brought from elsewhere (RFC 5322 §3.6.4). */
export interface ReferenceRecord {
	readonly thread: ThreadId;
	/** A mail of this id came; absent: others named it alone. */
	readonly isHere?: true;
}

export interface EndingRecord {
	readonly thread: ThreadId;
	readonly message: MessageId;
	/** When it ends, Unix ms. */
	readonly at: number;
	/** The ring's key under which all that it said stands; absent: the ring was not to be had. */
	readonly under?: RingKey;
	/** When it ended here, Unix ms. */
	readonly endedAt?: number;
}

export interface SearchRecord {
	readonly name: string;
	/** The names of the segments in force; in the row `list` alone. */
	readonly list?: readonly string[];
	/** There, too: messages that were still to be indexed. Absent: none. */
	readonly missing?: number;
	/** A segment, as `search/segment.ts` writes it. */
	readonly bytes?: Uint8Array;
}

export interface ListingRecord {
	/** What a pack holds of a thread; another is made anew. */
	readonly format: number;
	/** Names, in the order of the list. */
	readonly packs: readonly string[];
	/** Names of packs that are being made, or were to be: they count for nothing yet. */
	readonly spare?: readonly string[];
	/** When all of it was made from the threads' rows, Unix ms. */
	readonly madeAt: number;
}

export interface PackRecord {
	readonly name: string;
	readonly threads: readonly ListedThread[];
}

export interface TouchedRecord {
	readonly thread: ThreadId;
}
