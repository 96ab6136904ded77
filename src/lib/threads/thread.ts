/**
 * What the rest of DEFMS sees of a thread: who acts, what one replica knows, what came out.
 *
 * | function | file | gives |
 * |---|---|---|
 * | `createThread(ports, me, newThread)` | `make.ts` | `Promise<MakeResult>` |
 * | `appendMessage(ports, me, state, draft, people)` | `make.ts` | `Promise<MakeResult>` |
 * | `addMembers(ports, me, state, added, people)` | `make.ts` | `Promise<MakeResult>` |
 * | `removeMember(ports, me, state, root, people)` | `make.ts` | `Promise<MakeResult>` |
 * | `leave(ports, me, state, people)` | `make.ts` | `Promise<MakeResult>` |
 * | `withdrawMessage(ports, me, state, message, people)` | `make.ts` | `Promise<MakeResult>` |
 * | `appendArchive(ports, me, state, messages)` | `make.ts` | `Promise<MakeResult>` |
 * | `openBundles(ports, me, state or null, bundles, options)` | `receive.ts` | `Promise<Opened>` |
 * | `shownMessages(state)` | `shown.ts` | `readonly ShownMessage[]`, in the order of the screen |
 * | `membersOf(state)` | `members.ts` | `readonly ThreadMember[]` |
 * | `slotOf(state, root)` | `members.ts` | `Uint8Array`, or `null`: not known to be registered |
 * | `membershipEvents(state)` | `members.ts` | `readonly MembershipEvent[]`, in the order of the log |
 * | `epochToWriteIn(state, nowMs, people)` | `write-in.ts` | `EpochChoice` |
 *
 * `people` are all `Person`s that the caller knows; members among them are wrapped to by their newest
 * card. `openBundles` gives the state `null` where nothing of the thread is for us.
 * All of this is pure: a state goes in, the next one comes out, storage decides when it counts.
 */

import type { Random } from '../crypto/random.ts';
import type { Secret } from '../crypto/secret.ts';
import type { Agreement, KemKey, Signer, Suite } from '../crypto/suite.ts';
import type { EndRule, OpenFields, Rules } from '../wire/body.ts';
import type { EntryBundle } from '../wire/entry.ts';
import type { Card, RootRecord } from '../wire/identity.ts';
import type { EntryId, MessageId, PeerName, ThreadId } from '../wire/ids.ts';
import type { Attachment, Mail } from '../wire/mail.ts';
import type { Testimony } from '../wire/record.ts';
import type { Refusal } from '../wire/refusal.ts';
import type { OnRecord } from './on-record.ts';
import type { Replica } from './replica.ts';
import type { ThreadSecrets } from './secrets.ts';

/** What a thread needs from outside. */
export interface ThreadPorts {
	readonly suite: Suite;
	readonly random: Random;
	/** Unix milliseconds. */
	readonly now: () => number;
	/**
	 * Verifies a root record and the card under it (identity/chain); `null` where either does not
	 * verify. Must depend on the bytes alone: every replica has to come to the same answer.
	 */
	readonly checkIdentity: CheckIdentity;
}

export type CheckIdentity = (
	record: Uint8Array,
	card: Uint8Array
) => Promise<VerifiedIdentity | null>;

export interface VerifiedIdentity {
	readonly record: RootRecord;
	readonly card: Card;
}

/** One own prekey with its private parts. */
export interface OwnPrekey {
	readonly id: Uint8Array;
	readonly kem: KemKey;
	readonly dh: Agreement;
}

/** The identity that acts, on this device. */
export interface Me {
	/** 32 bytes. */
	readonly root: Uint8Array;
	/** Own root record and card as signed, and the 1,216-byte X-Wing key of the card's prekey. */
	readonly record: Uint8Array;
	readonly card: Uint8Array;
	readonly xwing: Uint8Array;
	/** The authentication key that the card names. */
	readonly auth: Agreement;
	/** Every prekey whose private part still exists, newest first. */
	readonly prekeys: readonly OwnPrekey[];
	/** 32 bytes, shared by the identity's devices; a new one with every root record. */
	readonly joinSecret: Secret;
	/**
	 * This device's writer key in the thread whose first epoch has this salt: the same key each
	 * time, another one in each thread. (The salt, because the thread id exists only afterwards.)
	 */
	readonly writer: (threadSalt: Uint8Array) => Promise<Signer>;
	readonly peer: PeerName;
}

/** Another identity, verified by the caller, as it is needed to wrap an epoch to it. */
export interface Person {
	readonly root: Uint8Array;
	readonly record: Uint8Array;
	readonly card: Uint8Array;
	readonly xwing: Uint8Array;
	/** Our contact slot for this person (32 bytes), told in its wrap: where to write to us. */
	readonly contact?: Uint8Array;
}

/**
 * One replica at one moment. Immutable for its readers: whoever keeps an older state keeps seeing
 * it. Only threads/ looks into `replica`.
 */
export interface ThreadState {
	readonly id: ThreadId;
	/** What a new entry names as parents, and what a notice names; sorted. */
	readonly heads: readonly EntryId[];
	/** Entries that others named and that we do not have. */
	readonly missing: readonly EntryId[];
	readonly size: number;
	readonly replica: Replica;
}

/** What a maker gives back; `bundles` are stored together or not at all, parents first. */
export interface Made {
	readonly ok: true;
	readonly bundles: readonly EntryBundle[];
	readonly state: ThreadState;
	/** To be stored (sealed) in the same transaction as the bundles. */
	readonly secrets: ThreadSecrets;
	/** The message's id, where one was written. */
	readonly message: MessageId | null;
	/** Of that message, where it is on the record. */
	readonly testimony: Testimony | null;
}

/**
 * Why nothing was made: `needs-people`: an epoch is due and these members' cards and X-Wing keys
 * have to be fetched first; `refused`: `not-a-member`, `not-the-creator`, `not-allowed` (the rules
 * forbid it), `no-wrap-for-me` (no epoch secret here), `unknown-writer` (another has joined in our
 * name), `too-large`.
 */
export type NotMade =
	| { readonly ok: false; readonly kind: 'needs-people'; readonly roots: readonly Uint8Array[] }
	| { readonly ok: false; readonly kind: 'refused'; readonly reason: Refusal };

export type MakeResult = Made | NotMade;

/** A mail, and the card key's signer where the writer chose to be on the record. */
export interface Draft {
	readonly mail: Mail;
	readonly onRecord?: Signer;
	/** Re-sealing keeps the id; else a fresh one is drawn. */
	readonly id?: MessageId;
	/** An epoch whose secret some recipient has no more: it is sealed in a later one. */
	readonly notIn?: EntryId;
}

export interface NewThread {
	/** The others; we are a member by making it. */
	readonly people: readonly Person[];
	readonly open: OpenFields;
	readonly rules: Rules;
	/** The thread that this one continues. */
	readonly previous?: ThreadId;
	/** Until when what is written here is kept. */
	readonly ends?: EndRule;
	readonly draft: Draft;
}

/** What became of a batch of received (or stored) bundles. */
export interface Opened {
	/** `null`: nothing of the thread is readable here, and nothing is kept. */
	readonly state: ThreadState | null;
	/** New here and worth storing, in these bytes; parents before children where known. */
	readonly kept: readonly EntryBundle[];
	/** Entries whose body became readable by this call, in the order in which they did. */
	readonly opened: readonly EntryId[];
	/**
	 * `forGood`: remembered by id, counts as present, never to be asked again. A plain entry that is
	 * refused for good is kept all the same: others may stand on it.
	 */
	readonly refused: readonly RefusedBundle[];
	/** Parents and epochs to be asked for before these can count. */
	readonly missing: readonly EntryId[];
	/** To be stored (sealed) in the same transaction as the kept bundles. */
	readonly secrets: ThreadSecrets;
}

export interface RefusedBundle {
	readonly id: EntryId | null;
	readonly reason: Refusal;
	readonly forGood: boolean;
}

export interface OpenOptions {
	/** What storage has, where `state` is `null` because the app has just started. */
	readonly secrets?: ThreadSecrets;
	/** What `refusedEntries` gave when the bundles were stored. */
	readonly refused?: ReadonlyMap<EntryId, Refusal>;
	/**
	 * Entries whose bodies were given up for good: storage has their headers alone. With the message
	 * that each said, as `messageKey`.
	 */
	readonly gone?: ReadonlyMap<EntryId, string | null>;
	/** Bundles come from our own sealed storage: entries' signatures were checked when they arrived. */
	readonly trusted?: boolean;
	/** Called now and then, so that whoever waits for this can do something else in between. */
	readonly breathe?: () => Promise<void>;
	/** Bodies of plain entries that are known in clear: those that we have just sealed. */
	readonly plain?: ReadonlyMap<EntryId, Uint8Array>;
}

/** `removed` and the like: kept and listed, not shown as mail (protocol §4). */
export type MessageStatus =
	{ readonly kind: 'shown' } | { readonly kind: 'refused'; readonly reason: Refusal };

export interface ShownMessage {
	readonly entry: EntryId;
	readonly id: MessageId;
	/** Root key of the member who wrote it. */
	readonly root: Uint8Array;
	readonly mail: Mail;
	readonly attachments: readonly Attachment[];
	/** Unix ms of the writer's hybrid clock, clamped to the time when it was opened here. */
	readonly atMs: number;
	/** Is it surely this member? `false`: no authenticator made for us has verified. */
	readonly sure: boolean;
	readonly record: OnRecord;
	readonly status: MessageStatus;
	/** A later `withdraw` of the same writer names it. */
	readonly withdrawn: boolean;
	/** Root key of the member by whose word alone it is the writer's: it stands in an archive. */
	readonly keptBy?: Uint8Array;
}

/** Who came and went by one epoch entry that counts. Root keys. */
export interface MembershipEvent {
	readonly entry: EntryId;
	readonly by: Uint8Array;
	/** Unix ms of the maker's clock, clamped as a message's is. */
	readonly atMs: number;
	readonly added: readonly Uint8Array[];
	/** Whoever left of its own is `by`. */
	readonly gone: readonly Uint8Array[];
}

export interface ThreadMember {
	readonly root: Uint8Array;
	/** As signed, from the newest epoch that lists the member. */
	readonly record: Uint8Array;
	readonly card: Uint8Array;
	readonly identity: VerifiedIdentity;
	readonly isCreator: boolean;
	readonly devices: readonly { readonly writer: Uint8Array; readonly peer: string }[];
}

/** Where the next entry goes: an epoch that is there, or why a new one is due. */
export type EpochChoice =
	| { readonly kind: 'write'; readonly epoch: EntryId }
	| { readonly kind: 'due'; readonly why: 'none-fits' | 'too-old' | 'card-key-changed' };
