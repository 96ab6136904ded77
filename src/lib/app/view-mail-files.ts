/** Mail that comes from other programs and goes to them; a part of `view.ts`, and under its rules. */

export interface MailFiles {
	/** The import of this tab, until it is dismissed. */
	readonly bringing: Bringing | null;
	/** An import that did not come to its end: the same files, chosen again, go on. */
	readonly unfinished: { readonly name: string; readonly brought: number } | null;
	/** .eml, mbox, Maildir, or a zip of them; resolves at its end. */
	bring(files: readonly File[]): Promise<void>;
	stop(): void;
	dismiss(): void;
	/** Forgets where the unfinished one stopped; what it brought stays. */
	forgetUnfinished(): Promise<void>;
	/** Writes mail into `sink`, and closes it. `threadIds` null: all but the trash. */
	take(
		threadIds: readonly string[] | null,
		as: 'mbox' | 'zip',
		sink: WritableStream<Uint8Array>,
		options: { readonly signal: AbortSignal; readonly onProgress: (messages: number) => void }
	): Promise<TakeOutcome>;
}

export interface BringCounts {
	readonly brought: number;
	/** They were here already. */
	readonly duplicates: number;
	/** Of those brought: they could not be read, and are kept as files. */
	readonly unread: number;
	/** Files without mail in them, and such as are damaged. */
	readonly others: number;
	readonly damaged: number;
	/** The first of those that are damaged. */
	readonly damagedNames?: readonly string[] | undefined;
}

/** `vanished`: a file was moved, changed or deleted while it was read. */
export type BringEnd = 'done' | 'stopped' | 'storage-full' | 'vanished';

export interface Bringing {
	readonly name: string;
	readonly counts: BringCounts;
	/** 0 to 1; null: not known. */
	readonly progress: number | null;
	/** Null: it goes on. */
	readonly end: BringEnd | null;
}

export interface TakeOutcome {
	readonly messages: number;
	/** Files that no holder gave: their messages went without. */
	readonly missingFiles: number;
	/** Left out, for they are to end. */
	readonly ending: number;
	/** It was stopped, and what was written is no whole file. */
	readonly isStopped: boolean;
}
