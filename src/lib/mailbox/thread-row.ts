/** A row that is worked out when it is looked at: of a hundred thousand in a list, a screen shows ten. */

import type { Row } from '../app/view.ts';
import type { ListedThread } from '../post/listed.ts';
import { marksIn } from './marks.ts';
import type { Look } from './rows.ts';

/** All but its place in the list. */
export type RowShown = Omit<Row, 'time'>;

type MakeRow = (look: Look, thread: ListedThread) => RowShown;

/** What lists are put in order by is known at once; the rest is what `look` says when it is asked. */
export class ThreadRow implements Row {
	readonly kind = 'thread';
	readonly thread: ListedThread;
	/** By which it stands in its list, Unix ms. */
	readonly time: number;
	readonly #look: () => Look;
	readonly #make: MakeRow;
	#made: { readonly of: Look; readonly row: RowShown } | null = null;

	constructor(thread: ListedThread, time: number, look: () => Look, make: MakeRow) {
		this.thread = thread;
		this.time = time;
		this.#look = look;
		this.#make = make;
	}

	get id() {
		return this.thread.id;
	}

	get count() {
		return this.thread.count;
	}

	get isUnread() {
		return this.thread.unread > 0;
	}

	get isPinned() {
		return this.thread.isPinned === true;
	}

	get hasAttachment() {
		return this.thread.hasAttachment;
	}

	get marks() {
		return marksIn(this.thread);
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

	get #row(): RowShown {
		const look = this.#look();
		if (this.#made?.of !== look) this.#made = { of: look, row: this.#make(look, this.thread) };
		return this.#made.row;
	}
}
