/**
 * What the screens see of the app: facts as readonly getters (reactive: implemented by runes in
 * `*.svelte.ts`, so reading one in a template subscribes to it) and verbs.
 *
 * - Ids are opaque strings; they are printable in a URL fragment.
 * - Times are milliseconds since 1970; sizes are bytes; progress is 0 to 1.
 * - Facts, not sentences: `ui/shared/sentences.ts` turns them into words.
 * - A promise resolves when the change is stored on this device, never later (the network is a
 *   background process). It rejects only when storage is broken; every other outcome is a value.
 */
import { createContext } from 'svelte';
import type { AttachmentOutcome, BringOutcome, Sink } from './view-attachments.ts';
import type { Contacts, Invite, Person } from './view-contacts.ts';
import type { Delivery, Doubt, Message } from './view-message.ts';
import type { Filing, Folders, Label, Labels, Marks, Rules } from './view-organise.ts';
import type { Letters } from './view-letters.ts';
import type { MailFiles } from './view-mail-files.ts';
import type { Parcels } from './view-parcels.ts';
import type { CardFiles } from './view-cards.ts';
import type { AddressBook, Groups } from './view-people.ts';
import type { Piece, Search } from './view-search.ts';
import type { Departures } from './view-departures.ts';
import type { Bell, Installing, Program } from './view-program.ts';
import type { Proofs } from './view-proofs.ts';
import type { Tour } from './view-tour.ts';
import type { Templates } from './view-templates.ts';
import type { Drafts, End, Phrases } from './view-writing.ts';

export type * from './view-attachments.ts';
export type * from './view-contacts.ts';
export type * from './view-departures.ts';
export type * from './view-message.ts';
export type * from './view-program.ts';
export type * from './view-proofs.ts';
export type * from './view-writing.ts';

export type { Label } from './view-organise.ts';

export interface App {
	/** Settles when the first screen is painted: whatever is to be fetched ahead can begin. */
	readonly shown: Promise<unknown>;
	readonly session: Session;
	readonly me: Me;
	readonly connection: Connection;
	readonly storage: Storage;
	readonly mail: Mail;
	readonly search: Search;
	readonly requests: Requests;
	readonly contacts: Contacts;
	readonly drafts: Drafts;
	readonly program: Program;
	readonly installing: Installing;
	readonly departures: Departures;
	readonly bell: Bell;
	readonly proofs: Proofs;
	readonly parcels: Parcels;
	readonly letters: Letters;
	readonly labels: Labels;
	readonly rules: Rules;
	readonly folders: Folders;
	readonly groups: Groups;
	readonly people: AddressBook;
	readonly cardFiles: CardFiles;
	readonly mailFiles: MailFiles;
	readonly pictures: Pictures;
	readonly phrases: Phrases;
	readonly tour: Tour;
	readonly templates: Templates;
}

/** Screens call `getApp()`; the root layout calls `setApp(startApp())` once (`app/start.ts`). */
export const [getApp, setApp] = createContext<App>();

/** Pictures that a mail shows from elsewhere, by their sender's address. */
export interface Pictures {
	/** Does its reader want them always? */
	mayFetch(address: string): Promise<boolean>;
	remember(address: string, mayFetch: boolean): Promise<void>;
}

/* ---------------------------------------------------------------- beginning */

export type Phase =
	| { readonly at: 'starting' }
	/** It cannot work here. */
	| { readonly at: 'unsupported'; readonly reason: UnsupportedReason }
	/** No identity yet. `isFleeting`: storage that ends with the window (a private window). */
	| { readonly at: 'welcome'; readonly isFleeting: boolean }
	| { readonly at: 'ready' };

export type UnsupportedReason =
	/** Plain http from another machine: no WebCrypto, no worker. */
	| 'insecure'
	/** IndexedDB is missing or refuses to open, as in some private windows. */
	| 'no-storage'
	/** WebCrypto lacks Ed25519 or X25519, or another part that we cannot replace. */
	| 'old-browser'
	/** The database was written by a newer version of this program. */
	| 'newer-data';

export interface Session {
	readonly phase: Phase;
	/** Told by the welcome once it is painted: what can wait for that begins. */
	seen(): void;
	/** Makes the identity; with an invite the inviter becomes a contact. Ends in phase `ready`. */
	begin(name: string, invite: Invite | null): Promise<void>;
	/** The same address again on a clean browser. `words`: as typed, any spacing and case. */
	restore(words: string, name: string): Promise<RestoreOutcome>;
}

export type RestoreOutcome =
	| { readonly ok: true }
	| { readonly ok: false; readonly problem: 'word-count'; readonly count: number }
	| { readonly ok: false; readonly problem: 'unknown-word'; readonly word: string }
	| { readonly ok: false; readonly problem: 'checksum' };

export interface Me {
	readonly name: string;
	readonly address: string;
	/** False: the banner asks to write down the words. */
	readonly areWordsConfirmed: boolean;
	rename(name: string): Promise<void>;
	/** The 24 words; null once they were confirmed and the root key has left this device. */
	words(): Promise<readonly string[] | null>;
	confirmWords(): Promise<void>;
	/** The standing invite link (≤ 300 characters, all in the fragment); made when there is none. */
	inviteUrl(): Promise<string>;
}

/** Takes a change back; may be called once, at any later time in this tab. */
export type Undo = () => Promise<void>;

/* --------------------------------------------------------------- connection */

export interface Connection {
	/**
	 * `offline`: the browser says so, or no relay answered for a while; `waiting`: trying now;
	 * `relay`: a relay answers; `direct`: and at least one person is connected over WebRTC.
	 */
	readonly state: 'offline' | 'waiting' | 'relay' | 'direct';
	/** People connected over WebRTC, and through a relay. */
	readonly direct: number;
	readonly relayed: number;
	readonly relays: readonly { readonly url: string; readonly isConnected: boolean }[];
	/**
	 * Why the own relay takes nothing more, though it answers. `relay-full`: its disk is full;
	 * `quota-full`: it keeps for this address what it agreed to.
	 */
	readonly obstacle: 'relay-full' | 'quota-full' | null;
}

export interface Storage {
	readonly usedBytes: number;
	readonly quotaBytes: number;
	readonly isPersisted: boolean;
	/** Can it overwrite what is to end? Else that is deleted only; null: not known yet. */
	readonly erases: boolean | null;
	/** What the post office keeps for us, and the most that it would; null: not known yet. */
	readonly office: { readonly usedBytes: number; readonly quotaBytes: number } | null;
	/** A write failed for want of space and none has succeeded since. */
	readonly isFull: boolean;
	/** Asks the browser never to clear our storage by itself; true: granted. */
	persist(): Promise<boolean>;
}

/* --------------------------------------------------------------------- mail */

export type BasicPlace = 'inbox' | 'starred' | 'snoozed' | 'sent' | 'drafts' | 'archive' | 'trash';

/** A list: one of the usual, a label's with all below it, or a kept search's. */
export type Place = BasicPlace | `label/${string}` | `folder/${string}`;

export interface Mail {
	/** Unread threads in the inbox that are not muted, drafts, requests. */
	readonly counts: { readonly inbox: number; readonly drafts: number; readonly requests: number };
	/**
	 * Newest first, in the inbox after what is pinned; null while loading. A kept search has none: what it
	 * finds is asked of `search`.
	 */
	rows(place: Place): readonly Row[] | null;
	/** Its newest messages, and all that is unread. */
	thread(id: string): Lookup<Thread>;
	/** From now on the thread has some hundreds of older messages more. */
	showEarlier(threadId: string): Promise<void>;
	/** The stored content; fetches it first if need be (progress: the attachment's `state`). */
	openAttachment(
		messageId: string,
		index: number,
		options: { signal: AbortSignal }
	): Promise<AttachmentOutcome>;
	/**
	 * A URL of our own origin under which a player or a download reads the content as a stream, what is
	 * not here yet included; for as long as this page is open. `null`: this page has no worker to do it.
	 */
	attachmentUrl(messageId: string, index: number, name: string): string | null;
	/** Fetches the content without opening it. `onBegun`: some of it is here. */
	bringAttachment(
		messageId: string,
		index: number,
		options: { signal: AbortSignal; onBegun: () => void }
	): Promise<BringOutcome>;
	/** Writes the content to `sink` while it comes; rejects with what the sink rejects with. */
	saveAttachment(
		messageId: string,
		index: number,
		options: { signal: AbortSignal; sink: Sink }
	): Promise<BringOutcome>;
	/** A proof of this message as a file; null: it is off the record, or not in an open thread. */
	exportProof(messageId: string): Promise<Blob | null>;
	/** One message as an .eml; null: it, or a file of it, is not to be had now. */
	exportMessage(threadId: string, messageId: string): Promise<Blob | null>;
	setRead(threadIds: readonly string[], isRead: boolean): Promise<Undo>;
	file(threadIds: readonly string[], filing: Filing): Promise<Undo>;
	/** `inbox` takes back from archive and trash. */
	move(threadIds: readonly string[], to: 'inbox' | 'archive' | 'trash'): Promise<Undo>;
	/** How many were; `onlyIn`: none that has been put, or has come back, elsewhere by then. */
	deleteForever(
		threadIds: readonly string[],
		options?: { readonly onlyIn?: 'trash' }
	): Promise<number>;
	/** Takes a message of mine back from those who have not fetched it. */
	withdraw(threadId: string, messageId: string): Promise<WithdrawOutcome>;
	/** For good: what others write from then on cannot be read here. The thread goes to the archive. */
	leave(threadId: string): Promise<CircleOutcome>;
	/** By whoever began the thread; `address` is that of a member. */
	removeMember(threadId: string, address: string): Promise<CircleOutcome>;
}

/** `ok`: nobody fetches it from now on. Else nothing was changed. */
export type WithdrawOutcome =
	| { readonly ok: true }
	| {
			readonly ok: false;
			/** `too-late`: all have it; `unknown-address`: somebody's keys could not be found now. */
			readonly problem: 'too-late' | 'unknown-address' | 'not-allowed' | 'storage-full';
	  };

/** `ok`: stored, and on its way to those who stay. Else nothing was changed. */
export type CircleOutcome =
	{ readonly ok: true } | { readonly ok: false; readonly problem: CircleProblem };

export type CircleProblem =
	| { readonly kind: 'not-allowed' }
	/** Somebody who stays, whose keys are not here and could not be found now. */
	| { readonly kind: 'unknown-address'; readonly person: Person; readonly isOffline: boolean }
	| { readonly kind: 'storage-full' };

export type Lookup<T> =
	{ readonly at: 'loading' } | { readonly at: 'absent' } | { readonly at: 'here'; readonly it: T };

export interface Row {
	/** A thread's id; in `drafts` a draft's. */
	readonly id: string;
	readonly kind: 'thread' | 'draft';
	/** Whose picture and names the row shows: the others, newest writer first; may be empty. */
	readonly people: readonly Person[];
	/** The newest message is mine: "To Mira, Tom". */
	readonly isOutgoing: boolean;
	/** Messages in the thread. */
	readonly count: number;
	readonly subject: string;
	readonly line: RowLine;
	readonly time: number;
	readonly isUnread: boolean;
	readonly hasAttachment: boolean;
	readonly labels: readonly Label[];
	readonly marks: Marks;
}

/** The third line: the preview, or the truth about delivery. */
export type RowLine =
	| { readonly kind: 'preview'; readonly text: string }
	/** Around the words that were searched for. */
	| { readonly kind: 'hit'; readonly pieces: readonly Piece[] }
	| { readonly kind: 'fetching'; readonly progress: number; readonly holders: number }
	| { readonly kind: 'delivery'; readonly recipients: readonly Delivery[] }
	/** What it said is gone. */
	| { readonly kind: 'ended'; readonly at: number }
	| { readonly kind: 'doubt'; readonly doubt: Doubt };

export interface Thread {
	readonly id: string;
	readonly place: 'inbox' | 'archive' | 'trash';
	readonly subject: string;
	/** Of mail from another program: it has no members, and cannot go on. */
	readonly isLegacy: boolean;
	/** Members, myself included, unless I left or was removed. */
	readonly members: readonly Person[];
	/** May I remove the others? */
	readonly mayRemove: boolean;
	/** Who came and went, in the order to be shown. */
	readonly comings: readonly Coming[];
	readonly labels: readonly Label[];
	readonly marks: Marks;
	/** In the order to be shown. */
	readonly messages: readonly Message[];
	/** Until when all is kept that is written here; null: always. */
	readonly ends: End | null;
	/** How many older ones there are: `Mail.showEarlier` brings them. */
	readonly earlier: number;
	/** Messages that a peer is sending just now, the newest first, and that are not here yet. */
	readonly coming: number;
	/** Of whom nothing more is taken here, for they brought too much; absent: nobody. */
	readonly overfull?: readonly Person[];
}

/** One member's change of who takes part. */
export interface Coming {
	readonly by: Person;
	readonly at: number;
	readonly added: readonly Person[];
	/** Whoever made the change, if that one left. */
	readonly gone: readonly Person[];
	/** `by` came in by a letter link. */
	readonly isByLetter?: true;
	/** By whose word alone this is so: it was no member's entry that could be read here. */
	readonly saidBy?: Person;
	/** The message above which it stands; null: below the last. */
	readonly before: string | null;
}

/* ----------------------------------------------------------------- requests */

export interface Request {
	readonly id: string;
	readonly from: Person;
	/** At most 280 bytes, written by a stranger. */
	readonly introduction: string;
	readonly time: number;
}

export interface Requests {
	/** Newest first; null while loading. */
	readonly all: readonly Request[] | null;
	/** Makes a contact and fetches the message; returns the thread's id. */
	accept(id: string): Promise<string>;
	ignore(id: string): Promise<Undo>;
	block(id: string): Promise<Undo>;
}
