/** Rows of threads and of what stands in them (see `records.ts`). */

import type { Address, EntryId, MessageId, ThreadId } from '../wire/ids.ts';
import type { EndRule } from '../wire/body.ts';
import type { Attachment, Mail, Party } from '../wire/mail.ts';
import type { Testimony } from '../wire/record.ts';
import type { Refusal } from '../wire/refusal.ts';
import type { Snapshot } from '../threads/snapshot.ts';
import type { Parting, RingKey } from './ports.ts';
import type { Digest } from './digest.ts';

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
	/** By member: what it lacks and cannot have from here (`post/withheld.ts`); absent: nothing. */
	readonly withheld?: Readonly<Record<Address, Withheld>>;
	/** By the member who said it: we are out (`post/parted.ts`); absent: nobody did. */
	readonly parted?: Readonly<Record<Address, ToldParting>>;
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
	/** How many rows its outline has; absent: none. */
	readonly outlines?: number;
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
	/** How it opens without all its entries being read (`post/snapshots.ts`); absent: not at all. */
	readonly opening?: Opening;
	/** Unix ms; greater with every write, whatever the clock does. */
	readonly updatedAt: number;
}

/** Upon which snapshot a thread stands, and what came since. */
export interface Opening {
	/** Of the row for which this holds. */
	readonly version: number;
	/** Version of the row with which the snapshot was written. */
	readonly snapshot: number;
	/** Entries in all, and in the snapshot. */
	readonly size: number;
	readonly base: number;
	/** Entries from which all that came since is found by walking back. */
	readonly trail: readonly EntryId[];
}

export interface SnapshotRecord extends Snapshot {
	/** Of the row that was written with it: another has another. */
	readonly version: number;
}

/** Since which epoch, by whom; and when it was said, Unix ms. */
export interface ToldParting extends Parting {
	readonly at: number;
}

/** Entries, and the thread's `entriesPrint` without them. */
export interface Withheld {
	readonly ids: readonly EntryId[];
	readonly print: Uint8Array;
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
	/**
	 * A member's promise that the body comes later: as the thread's `updatedAt` then. Since 0.9.2 such
	 * entries stand in an `OutlineRecord` first.
	 */
	readonly promisedAt?: number;
	/** The ring's key under which this row stands: its message has an end date. */
	readonly under?: RingKey;
}

/** Entries whose bodies a member has promised; one that has a row of its own is what that says. */
export interface OutlineRecord {
	readonly headers: readonly Uint8Array[];
	/** As the thread's `updatedAt` then. */
	readonly promisedAt: number;
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
