/** What members wrote, to whom, and what became of it: kept outside the system, to judge it by. */

import type { History } from '../../src/lib/post/records.ts';
import type { EntryId, MessageId, ThreadId } from '../../src/lib/wire/ids.ts';
import { markOf } from './plaintext.ts';

export interface SimFile {
	readonly name: string;
	readonly content: Uint8Array<ArrayBuffer>;
}

/** Names of members, nobody twice and the author nowhere. */
export interface Circle {
	readonly to: readonly string[];
	readonly cc: readonly string[];
	readonly bcc: readonly string[];
}

export interface SimMail extends Circle {
	/** Is what was written before given to those whom it adds? */
	readonly history: History;
	/** Who may have it from an archive, by the word of somebody who had it. */
	readonly archivedFor: Set<string>;

	readonly number: number;
	readonly author: string;
	readonly mark: string;
	readonly files: readonly SimFile[];
	/** Set when `send` said yes. It may also have gone out where the power went before we heard. */
	accepted: { readonly thread: ThreadId; readonly message: MessageId } | null;
}

export class Ledger {
	readonly mails: SimMail[] = [];
	readonly #gone = new Set<string>();
	/** Entries that a hostile member names, and nobody will ever have. */
	readonly invented = new Set<EntryId>();
	/** A hostile member was at work. */
	isAttacked = false;

	begin(
		author: string,
		circle: Circle,
		files: readonly SimFile[],
		history: History = 'none'
	): SimMail {
		const number = this.mails.length + 1;
		const mail = {
			number,
			author,
			mark: markOf(number),
			...circle,
			files,
			accepted: null,
			history,
			archivedFor: new Set<string>()
		};
		this.mails.push(mail);
		return mail;
	}

	/** This member leaves the thread or is removed from it, if it comes to that. */
	goes(thread: ThreadId, name: string): void {
		this.#gone.add(`${thread}/${name}`);
	}

	get hasGoings(): boolean {
		return this.#gone.size > 0;
	}

	/** Did anybody ever go from it? */
	isForked(thread: ThreadId): boolean {
		return [...this.#gone].some((going) => going.startsWith(`${thread}/`));
	}

	/** Was it ever on its way out of the thread? It may be in it again, or all the time. */
	isGone(thread: ThreadId, name: string): boolean {
		return this.#gone.has(`${thread}/${name}`);
	}
}

export function visibleTo({ to, cc }: Circle): readonly string[] {
	return [...to, ...cc];
}

export function recipientsOf(circle: Circle): readonly string[] {
	return [...visibleTo(circle), ...circle.bcc];
}

export function mayRead({ author, archivedFor, ...circle }: SimMail): string[] {
	return [author, ...recipientsOf(circle), ...archivedFor];
}
