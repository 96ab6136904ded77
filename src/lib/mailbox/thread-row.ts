/** A row that is worked out when it is looked at: of ten thousand in a list, a screen shows ten. */

import type { Row } from '../app/view.ts';
import type { ListedThread } from '../post/listed.ts';
import { marksIn } from './marks.ts';

/** What lists are put in order by is known at once. */
export class ThreadRow implements Row {
	readonly kind = 'thread';
	readonly id: string;
	readonly time: number;
	readonly count: number;
	readonly isUnread: boolean;
	readonly hasAttachment: boolean;
	readonly marks: Row['marks'];
	readonly #make: () => Row;
	#made: Row | null = null;

	/** @param time when it was last news, Unix ms */
	constructor(thread: ListedThread, time: number, make: () => Row) {
		this.id = thread.id;
		this.time = time;
		this.count = thread.count;
		this.isUnread = thread.unread > 0;
		this.hasAttachment = thread.hasAttachment;
		this.marks = marksIn(thread);
		this.#make = make;
	}

	get people() {
		return this.#row.people;
	}

	get isOutgoing() {
		return this.#row.isOutgoing;
	}

	get subject() {
		return this.#row.subject;
	}

	get line() {
		return this.#row.line;
	}

	get labels() {
		return this.#row.labels;
	}

	get #row(): Row {
		return (this.#made ??= this.#make());
	}
}
