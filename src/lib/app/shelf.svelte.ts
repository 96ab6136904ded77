import { adoptBook, EMPTY_BOOK, toBook } from '../mailbox/book.ts';
import { courseOf } from '../mailbox/course.ts';
import { adoptDigests, readDigests, type Digests } from '../mailbox/digests.ts';
import { readLabels, type LabelRecord } from '../mailbox/labels.ts';
import { indexContacts, type People } from '../mailbox/people.ts';
import { ThreadTable } from '../mailbox/thread-table.ts';
import type { Change, Desk } from '../post/ports.ts';
import type { ListedThread } from '../post/listed.ts';
import { listThreads } from '../post/listing.ts';
import type { AccountRecord, BookRecord, ContactRecord, DraftRecord } from '../post/records.ts';
import { requestsOf } from '../post/knocks.ts';
import type { ThreadId } from '../wire/ids.ts';
import { Live } from './live.svelte.ts';
import { painted } from './painted.ts';
import type { Course } from './view.ts';

/** All that rows are read with: the rest of the desk is laid when they are on screen. */
export type ReadingDesk = Pick<Desk, 'store' | 'breathe' | 'now'>;

/** The small rows of the mailbox, in memory for every screen; texts are read where they are shown. */
export class Shelf {
	readonly account: Live<AccountRecord | null>;
	readonly contacts: Live<readonly ContactRecord[]>;
	readonly book: Live<readonly BookRecord[]>;
	readonly requests: Live<Awaited<ReturnType<typeof requestsOf>>>;
	readonly labels: Live<readonly LabelRecord[]>;
	/** Together, so that a row and what it shows are of one reading. */
	readonly mail: Live<Digests>;
	readonly #shown = Promise.withResolvers<undefined>();
	#table = new ThreadTable([]);
	/** `null`: the table is not read yet. */
	#threads = $state.raw<readonly ListedThread[] | null>(null);
	#first = $state.raw<readonly ListedThread[] | null>(null);
	readonly #people = $derived.by(() => this.#findPeople());

	constructor(desk: Promise<ReadingDesk>) {
		this.account = new Live(desk, ['account'], ({ store }) => store.get('account', []));
		this.contacts = new Live(desk, ['contact'], ({ store }) => store.list('contact'));
		this.book = new Live<readonly BookRecord[], ReadingDesk>(
			desk,
			['book'],
			({ store }) => store.list('book'),
			adoptBook
		);
		this.requests = new Live(desk, ['knock'], requestsOf);
		this.labels = new Live(desk, ['setting'], readLabels);
		this.mail = new Live(
			desk,
			['thread', 'message'],
			(desk) => this.#readMail(desk),
			(digests, writes) => this.#adopt(digests, writes)
		);
	}

	get threads(): readonly ListedThread[] | null {
		return this.#threads;
	}

	/** All threads, or those at the top of the inbox as long as the others are not read. */
	get topThreads(): readonly ListedThread[] | null {
		return this.#threads ?? this.#first;
	}

	/** Settles when the first screen has been painted: whatever else is to be done can begin. */
	get shown(): Promise<unknown> {
		return this.#shown.promise;
	}

	/** `undefined`: not read yet, or none. */
	thread(id: ThreadId | undefined): ListedThread | undefined {
		return this.#threads === null || id === undefined ? undefined : this.#table.find(id);
	}

	courseOf(draft: DraftRecord): Course | null {
		return this.#people === null ? null : courseOf(this.#people, this.thread(draft.thread), draft);
	}

	/** `null` while account or contacts are not read yet. */
	get people(): People | null {
		return this.#people;
	}

	/** For whoever asks which of several addresses was used last: nobody else is woken by mail for that. */
	get usage(): readonly ListedThread[] {
		const hasMerged = (this.#people?.book?.merged.size ?? 0) > 0;
		return hasMerged ? (this.#threads ?? []) : [];
	}

	async #readMail(desk: ReadingDesk): Promise<Digests> {
		try {
			const threads = await listThreads(desk, {
				onFirst: async (threads) => {
					if (this.#threads !== null) return;
					this.#first = threads;
					await painted();
					this.#shown.resolve(undefined);
				}
			});
			this.#table = new ThreadTable(threads);
			this.#threads = threads;
		} finally {
			void painted().then(() => this.#shown.resolve(undefined));
		}
		// Rows appear at once; the status of what is on its way follows.
		return readDigests(desk.store, this.#threads);
	}

	/** A mailbox of a hundred thousand threads is not read again for one message. */
	#adopt(digests: Digests, writes: readonly Change[]): Digests | null {
		if (this.#threads === null) return null;
		this.#table.adopt(writes);
		const adopted = adoptDigests(digests, writes, (id) => this.#table.find(id));
		this.#threads = this.#table.all;
		return adopted;
	}

	#findPeople(): People | null {
		const account = this.account.value;
		const contacts = this.contacts.value;
		if (account === null || contacts === null) return null;
		const { address, name } = account;
		const rows = this.book.value ?? [];
		const indexed = indexContacts(contacts);
		// Rows do not wait for it: until it is read, people are called as they call themselves.
		const book = rows.length === 0 ? EMPTY_BOOK : toBook(rows, indexed);
		return { me: { address, name }, contacts: indexed, book };
	}
}
