/** Letters that a link opens, as the screens see them; a part of `view.ts`, and under its rules. */
import type { Person } from './view.ts';

export interface Letters {
	/** What is known of the letter link of this thread; null: it has none, or nothing was read yet. */
	ofThread(threadId: string): LetterStanding | null;
	/** The link, to be given to its reader; null: it is closed, or too long. */
	linkOf(threadId: string): Promise<string | null>;
	/** Closes the link and takes the letter back. False: somebody answered it, or it has to wait. */
	revoke(threadId: string): Promise<boolean>;
	/** Reads a letter by its link. Nothing is stored, and nobody is told but its post office. */
	open(link: string, options: { readonly signal: AbortSignal }): Promise<LetterOpening>;
	/** A file of the letter that was opened last. */
	file(index: number, options: { readonly signal: AbortSignal }): Promise<LetterFile>;
	/**
	 * Comes into the thread of the letter that was opened last, under the own identity; makes one with
	 * this name where there is none.
	 */
	answer(name: string): Promise<AnswerOutcome>;
}

export type LetterStanding =
	/** A link of mine that nobody has answered. `name`: for whom. */
	| { readonly kind: 'open'; readonly name: string; readonly until: number }
	/** Mine; somebody came in by it. */
	| { readonly kind: 'answered'; readonly name: string; readonly by: readonly Person[] }
	/** Mine; its time is over, or I closed it. */
	| { readonly kind: 'closed'; readonly name: string; readonly isExpired: boolean }
	/** Somebody else's, by which I came in. */
	| { readonly kind: 'entered' };

export type LetterOpening =
	| { readonly at: 'open'; readonly letter: LetterView }
	/** It stands in this mailbox already. */
	| { readonly at: 'known'; readonly threadId: string }
	/** The link is damaged, or none. */
	| { readonly at: 'unreadable' }
	| { readonly at: 'expired' }
	| { readonly at: 'unreachable' }
	| { readonly at: 'absent' }
	/** Somebody answered it, or its writer closed it. */
	| { readonly at: 'closed' }
	| { readonly at: 'withdrawn' }
	| { readonly at: 'damaged' };

export interface LetterView {
	readonly from: { readonly name: string; readonly address: string };
	readonly to: string;
	readonly subject: string;
	readonly date: number;
	readonly text: string;
	/** Hostile until it is sanitised. */
	readonly html: string | null;
	readonly files: readonly LetterFileView[];
	/** When the link ends. */
	readonly until: number;
}

export interface LetterFileView {
	readonly name: string;
	readonly type: string;
	readonly sizeBytes: number;
}

export type LetterFile =
	| { readonly ok: true; readonly blob: Blob }
	/** `too-large`: more than is opened before there is a place to store it. */
	| { readonly ok: false; readonly problem: 'no-holder' | 'damaged' | 'too-large' };

export type AnswerOutcome =
	| { readonly ok: true; readonly threadId: string; readonly messageId: string }
	| { readonly ok: false; readonly problem: 'unreachable' | 'storage-full' };

/** What makes a draft a letter with a link. */
export interface LetterWish {
	/** For whom; its reader sees it. */
	readonly name: string;
	readonly days: number;
}
