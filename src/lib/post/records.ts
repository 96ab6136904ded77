/**
 * What one user's storage holds: one table per noun, rows of plain data. The store seals each row at
 * rest (its key parts are blinded) and writes a list of changes in one transaction.
 */

import type { Address, EntryId, MessageId, PeerName, ThreadId } from '../wire/ids.ts';
import type { EntryBundle } from '../wire/entry.ts';
import type { EndRule } from '../wire/body.ts';
import type { CardPair } from '../wire/identity.ts';
import type { Attachment, Mail, Party } from '../wire/mail.ts';
import type { Testimony } from '../wire/record.ts';
import type { Refusal } from '../wire/refusal.ts';
import type { WaitingNotice } from '../identity/prekey.ts';
import type { KeptSecret } from '../threads/secrets.ts';
import type { RingKey } from './ports.ts';
import type { Tier } from '../trust/policy.ts';
import type { Digest } from './digest.ts';
import type { LetterRecord } from './records-letters.ts';
import type { DraftRecord, OutboxFile, OutboxRecord } from './records-written.ts';

import type { PersonMarks, PersonRecord, PhotoRecord } from './records-people.ts';

export type * from './records-letters.ts';
export type * from './records-people.ts';
export type * from './records-written.ts';
import type { ListedThread } from './listed.ts';

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
	/** `[thread, entry]`: bodies of entries whose epoch's secret was destroyed; never leaves here. */
	clear: ClearRecord;
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
}

export type TableName = keyof Tables;

export const TABLES: readonly TableName[] = [
	'account',
	'setting',
	'contact',
	'thread',
	'entry',
	'clear',
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
	'photo'
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

export type Place = 'inbox' | 'archive' | 'trash';

/** What the user says of a thread besides its place. None of it is anybody else's business. */
export interface Marks {
	/** Ids of the user's labels (`mailbox/labels.ts`), each once. One that is unknown is not shown. */
	readonly labels?: readonly string[];
	readonly isStarred?: true;
	readonly isPinned?: true;
	/** What comes neither brings it back to the inbox nor counts there. */
	readonly isMuted?: true;
	/** Unix ms: it stands outside the inbox until then, and from then on at its top. */
	readonly snoozedUntil?: number;
}

export interface ThreadRecord extends Marks {
	readonly id: ThreadId;
	/** As threads/ encodes them. */
	readonly secrets: Uint8Array;
	/** Entries that are invalid for good, and why: nobody is asked for them again. */
	readonly refused?: Readonly<Record<EntryId, Refusal>>;
	/** Counts the writes of this row: an opened thread in memory knows whether it is still right. */
	readonly version: number;
	readonly place: Place;
	readonly subject: string;
	readonly members: readonly Address[];
	/** Of its entries (`threads/print.ts`): compared with peers' without opening it; not in old
	 * rows. */
	readonly entriesPrint?: Uint8Array;
	/** Of the newest shown message. */
	readonly latest: { readonly from: Address; readonly preview: string; readonly date: number };
	readonly count: number;
	readonly unread: number;
	readonly hasAttachment: boolean;
	/** Absent in rows of version 0.3, and where messages went: it is made anew from those that stay. */
	readonly digest?: Digest;
	/** For each member: the `done` secret of my notices about this thread, until it is presented. */
	readonly dones: Readonly<Record<Address, Uint8Array>>;
	/** Set in a blind recipient's side thread that I made: hidden behind the main thread. */
	readonly sideOf?: ThreadId;
	/** Absent in rows of version 0.1: nobody came or went. */
	readonly circle?: Circle;
	/** Until when all is kept that is written here, as its creator set it. */
	readonly ends?: EndRule;
	/** Texts that a peer has promised and that have not come (docs/decisions/0009); absent: none. */
	readonly coming?: number;
	/** When that number last changed, Unix ms; absent in rows of version 0.4. */
	readonly comingAt?: number;
	/** By each member, since 0.5. */
	readonly brought?: Readonly<Record<Address, Brought>>;
	/** Members of whom nothing more is taken here (`post/brought.ts`); absent: none. */
	readonly overfull?: readonly Address[];
	/** As `updatedAt` when the user last put it into its place; absent: never, or before 0.5. */
	readonly placedAt?: number;
	/** As `updatedAt` when the user last deleted what stood in it. */
	readonly emptiedAt?: number;
	/** What the user chose when somebody was added last. */
	readonly history?: History;
	/** Unix ms; greater with every write, whatever the clock does. */
	readonly updatedAt: number;
}

/** Entries that were new here, and their bytes. */
export interface Brought {
	readonly entries: number;
	readonly bytes: number;
}

/** What this user may do with the members, and who came and went. */
export interface Circle {
	readonly mayAdd: boolean;
	readonly mayRemove: boolean;
	readonly events: readonly CircleEvent[];
}

export interface CircleEvent {
	readonly by: Address;
	readonly at: number;
	readonly added: readonly Address[];
	readonly gone: readonly Address[];
}

/** What those who are added get of earlier messages: none, or all, as this user has them. */
export type History = 'none' | 'all';

export interface EntryRecord {
	readonly header: Uint8Array;
	readonly body: Uint8Array | null;
	readonly wraps: readonly Uint8Array[];
	/**
	 * The body was here, and is not asked for again: its message was deleted for good, or taken back.
	 */
	readonly isGone?: true;
	/** Of the message that it said, as threads/ names it, so that it does not come sealed again. */
	readonly message?: string;
	/** Of what it said and the user deleted: the ids that copies in archives have. */
	readonly copies?: readonly MessageId[];
	/** A member's promise that the body comes later: as the thread's `updatedAt` then. */
	readonly promisedAt?: number;
	/** The ring's key under which this row stands: its message has an end date. */
	readonly under?: RingKey;
}

export interface ClearRecord {
	readonly entry: EntryId;
	readonly body: Uint8Array;
	/** As its entry's. */
	readonly under?: RingKey;
}

export type DeliveryState =
	| 'written'
	| 'kept'
	| 'noticed'
	| 'delivered'
	| 'read'
	| 'refused'
	| 'expired'
	/** Taken back before it was fetched. */
	| 'withdrawn'
	/** By the recipient's word: its copy had an end date, and is gone. */
	| 'ended';

/** Status of one recipient; `times` has the moment at which each state was reached, Unix ms. */
export interface DeliveryRecord {
	readonly to: Party;
	readonly field: 'to' | 'cc' | 'bcc';
	readonly state: DeliveryState;
	readonly times: Readonly<Partial<Record<DeliveryState, number>>>;
	readonly reason?: Refusal;
}

export interface MessageRecord {
	readonly thread: ThreadId;
	readonly id: MessageId;
	readonly entry: EntryId;
	readonly from: Address;
	readonly isMine: boolean;
	readonly mail: Mail;
	/** In the writer's archive only. */
	readonly bcc: readonly Party[];
	/** Place in the thread's order: Unix ms of the writer's hybrid clock, clamped; ties by entry. */
	readonly order: number;
	readonly receivedAt: number;
	readonly isUnread: boolean;
	readonly isOnRecord: boolean;
	/** On the record: all that proves it besides the mail; absent in rows of version 0.2. */
	readonly testimony?: Testimony;
	/** It carries a signature for the record that is not its writer's. */
	readonly isMissigned?: boolean;
	/** Is the writer surely who the mail says? False: no authenticator for me was right. */
	readonly isVouched: boolean;
	/** It is from before this user was added, and the writer's by this member's word alone. */
	readonly keptBy?: Address;
	readonly refused?: Refusal;
	/** Its writer took it back; I had it already, or it is mine. */
	readonly isWithdrawn?: true;
	/** For mine: one per recipient. */
	readonly deliveries: readonly DeliveryRecord[];
	/** For mine: who keeps the ciphertext besides this device. */
	readonly holders: readonly string[];
	/** When it ends, Unix ms. */
	readonly endsAt?: number;
	/** When it ended here: what it said is gone, from `mail`, too. */
	readonly endedAt?: number;
	/** The ring's key under which this row stands until then. */
	readonly under?: RingKey;
	/** It was brought from ordinary mail, and never was end-to-end encrypted. */
	readonly legacy?: LegacyRecord;
}

/** Where the bytes of a message are that came from an mbox, a Maildir or an .eml. */
export interface LegacyRecord {
	/** Message-ID (RFC 5322 §3.6.4), without brackets; absent: it had none. */
	readonly messageId?: string;
	/** The original without what `parts` put back; sealed like an attachment. */
	readonly rest: Attachment;
	/** Attachments that stand in it coded in base64, in their order, and are not stored twice. */
	readonly parts: readonly LegacyPart[];
	/** Of the whole original, in bytes, and its SHA-256. */
	readonly size: number;
	readonly sha256: Uint8Array;
	/** As its old program had it: labels or folders, and whether it was marked. */
	readonly labels?: readonly string[];
	readonly isStarred?: true;
	/** Why it could not be read: then the original is its one attachment. */
	readonly problem?: LegacyProblem;
}

export type LegacyProblem = 'unreadable' | 'too-large';

/** At byte `at` of the rest stands this attachment of the message, in lines of this form. */
export interface LegacyPart {
	readonly at: number;
	readonly attachment: number;
	readonly width: number;
	readonly end: '\r\n' | '\n';
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
