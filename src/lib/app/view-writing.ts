/** What the screens see of what is being written. */

import type { LetterWish } from './view-letters.ts';
import type { Lookup, Person, Undo } from './view.ts';

export interface Recipient {
	/** As typed or chosen. */
	readonly text: string;
	readonly name: string;
	/** Empty unless `reachable` or `ordinary`. */
	readonly address: string;
	/**
	 * `reachable`: a contact, a member of the thread, or a self-certifying address; `ordinary`: an
	 * e-mail address of the old kind; `unreadable`: neither.
	 */
	readonly standing: 'reachable' | 'ordinary' | 'unreadable';
}

export type DraftOrigin =
	| {
			readonly kind: 'new';
			readonly to: readonly string[];
			readonly subject?: string;
			readonly text?: string;
	  }
	/** As a `mailto:` or `web+defms:` link asks; empty where it is none. */
	| { readonly kind: 'link'; readonly link: string }
	| {
			readonly kind: 'reply' | 'replyAll' | 'forward';
			readonly threadId: string;
			readonly messageId: string;
			/** Of what is forwarded; absent: in English. */
			readonly head?: ForwardHead;
	  };

/** The lines above a forwarded message, in the language of who forwards it. */
export interface ForwardHead {
	readonly title: string;
	readonly from: (name: string) => string;
	readonly date: (at: number) => string;
	readonly to: (names: readonly string[]) => string;
	readonly subject: (subject: string) => string;
}

/** What another program shared into this one, as it named it. */
export interface Shared {
	readonly subject: string;
	readonly text: string;
	readonly files: readonly File[];
}

export interface Drafts {
	/** Stores the draft and returns its id. */
	create(origin: DraftOrigin): Promise<string>;
	/** What the address bar names by this token; null: it was fetched before, or is gone. */
	takeShared(token: string): Promise<Shared | null>;
	draft(id: string): Lookup<Draft>;
	/** The newest unsent answer to this thread, if any: the reply box opens it again. */
	inThread(threadId: string): string | null;
	discard(ids: readonly string[]): Promise<Undo>;
	/** What goes out soon, and what was to and could not; the oldest first. */
	readonly held: readonly HeldDraft[];
	/** It is a draft again, as it was. False: it has gone out. */
	takeBack(id: string): Promise<boolean>;
	/** Ends the time in which it can be taken back; null: that is over already. */
	sendNow(id: string): Promise<SendOutcome | null>;
	/** Its writer has seen that it could not go out: it is a draft like others. */
	acknowledge(id: string): Promise<void>;
}

/** What one writes again and again. */
export interface Phrases {
	/** Empty: none. */
	signature(): Promise<Signature>;
	/** What is too long for one is cut. */
	sign(signature: Signature): Promise<void>;
	/** Does whatever is begun begin as plain text? */
	isPlain(): Promise<boolean>;
	preferPlain(isPlain: boolean): Promise<void>;
}

export interface Signature {
	readonly text: string;
	/** Below answers, too; else below new messages and what is forwarded. */
	readonly isInAnswers: boolean;
}

/** What was to be sent: it stands on this device until then, and nothing of it has left. */
export interface HeldDraft {
	readonly id: string;
	readonly origin: Draft['origin'];
	readonly threadId: string | null;
	readonly to: readonly Recipient[];
	readonly subject: string;
	readonly text: string;
	/** `trouble`: its time is over, and it is tried again; `problem`: it could not go out. */
	readonly state:
		| { readonly at: 'held'; readonly until: number; readonly trouble: HoldTrouble | null }
		| { readonly at: 'back'; readonly problem: SendProblem };
}

/** This device could not do its part; `broken`: its storage, or the program. */
export type HoldTrouble = 'storage-full' | 'broken';

export interface DraftFields {
	readonly to: readonly Recipient[];
	readonly cc: readonly Recipient[];
	readonly bcc: readonly Recipient[];
	readonly subject: string;
	/** The editor's HTML and the same as plain text. */
	readonly html: string;
	readonly text: string;
	/** Does the text go out alone, as it was typed? */
	readonly isPlain: boolean;
	/** Is it signed, so that its readers can prove to anyone who wrote it? */
	readonly isOnRecord: boolean;
	/** What those whom it adds to the thread get of earlier messages. */
	readonly history: History;
	/** Until when everybody keeps it; null: always, or as the thread says. */
	readonly ends: End | null;
	/** In a new thread: does that hold for all that is written there? */
	readonly isEndForAll: boolean;
}

/** So many ms after it is sent, or at a time. */
export type End = { readonly after: number } | { readonly at: number };

export type History = 'none' | 'all';

/** What these recipients mean for the thread that is answered. */
export type Course =
	| { readonly kind: 'adds'; readonly added: readonly Person[] }
	/** A new thread begins. Empty: nobody is left out, and nobody may be added to the old one. */
	| { readonly kind: 'parts'; readonly without: readonly Person[] };

export interface Draft extends DraftFields {
	readonly id: string;
	readonly origin: Exclude<DraftOrigin['kind'], 'link'>;
	/** The thread that it answers; null: a new one. */
	readonly threadId: string | null;
	/** What the app put below it, as lines of plain text from `-- ` on; empty: nothing. */
	readonly signature: string;
	/** Until when all is kept that is written in the thread that it answers; null: always. */
	readonly threadEnds: End | null;
	/** Null: it goes on among the same people, or answers nothing. */
	readonly course: Course | null;
	readonly attachments: readonly DraftAttachment[];
	/** When it was last stored as it now is; null: a change is not stored yet (within 1 s). */
	readonly savedAt: number | null;
	edit(changes: Partial<DraftFields>): void;
	/** Begins to store now what is not stored yet. */
	flush(): Promise<void>;
	/** Starts storing them; progress shows in `attachments`. */
	addFiles(files: readonly File[]): void;
	/** Also cancels one that is still being added. */
	removeFile(id: string): void;
	/** Why it did not go out when it was to; null once it is changed. */
	readonly heldBack: SendProblem | null;
	/** When it goes out; null: it is being written. What is changed now is not part of it. */
	readonly heldUntil: number | null;
	/** `letter`: for whoever opens its link, whatever names stand in the draft. */
	send(letter?: LetterWish): Promise<SendOutcome>;
	/** It is sent after so many ms, and can be taken back until then. */
	hold(ms: number): Promise<HoldOutcome>;
}

/** `ok`: it is stored with the time at which it goes out. Else nothing was changed. */
export type HoldOutcome =
	{ readonly ok: true } | { readonly ok: false; readonly problem: SendProblem };

export interface DraftAttachment {
	readonly id: string;
	readonly name: string;
	readonly type: string;
	readonly sizeBytes: number;
	readonly state:
		| { readonly at: 'adding'; readonly progress: number }
		/** `isReused`: it stands in the thread already; nothing is sealed or stored a second time. */
		| { readonly at: 'ready'; readonly isReused?: boolean }
		/** `vanished`: the file was moved, changed or deleted while it was read. */
		| { readonly at: 'failed'; readonly problem: 'vanished' | 'storage-full' | 'too-large' };
}

/** `ok`: stored for sending ("written"); the draft is gone. Else it is kept as it is. */
export type SendOutcome =
	| { readonly ok: true; readonly threadId: string; readonly messageId: string }
	| { readonly ok: false; readonly problem: SendProblem };

export type SendProblem =
	| { readonly kind: 'no-recipient' }
	| { readonly kind: 'unreadable-recipient'; readonly text: string }
	| { readonly kind: 'ordinary-address'; readonly address: string; readonly inviteUrl: string }
	/** No card of theirs is here and none could be found now. */
	| { readonly kind: 'unknown-address'; readonly address: string; readonly isOffline: boolean }
	| { readonly kind: 'blocked-recipient'; readonly name: string }
	| { readonly kind: 'not-a-member' }
	| { readonly kind: 'attachment-not-ready'; readonly name: string }
	| { readonly kind: 'attachment-failed'; readonly name: string }
	| { readonly kind: 'too-many-recipients'; readonly limit: number }
	/** A letter link names a post office, and none is known here. */
	| { readonly kind: 'no-office' }
	/** Nobody has opened the letter by its link yet. */
	| { readonly kind: 'letter-unopened'; readonly name: string }
	| { readonly kind: 'too-large'; readonly limitBytes: number }
	| { readonly kind: 'subject-too-long' }
	/** Its end date lies in the past, or beyond the year 9999. */
	| { readonly kind: 'impossible-end' }
	| { readonly kind: 'storage-full' };
