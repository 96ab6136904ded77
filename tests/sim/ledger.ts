/** What members wrote, to whom, and what became of it: kept outside the system, to judge it by. */

import type { MessageId, ThreadId } from '../../src/lib/wire/ids.ts';
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
	readonly number: number;
	readonly author: string;
	readonly mark: string;
	readonly files: readonly SimFile[];
	/** Set when `send` said yes. It may also have gone out where the power went before we heard. */
	accepted: { readonly thread: ThreadId; readonly message: MessageId } | null;
}

export class Ledger {
	readonly mails: SimMail[] = [];

	begin(author: string, circle: Circle, files: readonly SimFile[]): SimMail {
		const number = this.mails.length + 1;
		const mail = { number, author, mark: markOf(number), ...circle, files, accepted: null };
		this.mails.push(mail);
		return mail;
	}
}

export function visibleTo({ to, cc }: Circle): readonly string[] {
	return [...to, ...cc];
}

export function recipientsOf(circle: Circle): readonly string[] {
	return [...visibleTo(circle), ...circle.bcc];
}

export function mayRead({ author, ...circle }: Circle & { readonly author: string }): string[] {
	return [author, ...recipientsOf(circle)];
}
