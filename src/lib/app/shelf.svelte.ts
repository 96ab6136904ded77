import { adoptBook, EMPTY_BOOK, toBook } from '../mailbox/book.ts';
import { courseOf } from '../mailbox/course.ts';
import { adoptDigests, NO_DIGESTS, readDigests, type Digests } from '../mailbox/digests.ts';
import { readLabels, type LabelRecord } from '../mailbox/labels.ts';
import { indexContacts, type People } from '../mailbox/people.ts';
import type { Look } from '../mailbox/rows.ts';
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

/** Of one reading, so that lists are made once of both. */
interface Mailbox {
	readonly table: ThreadTable;
	readonly threads: readonly ListedThread[];
	readonly digests: Digests;
}

/** The small rows of the mailbox, in memory for every screen; texts are read where they are shown. */
export class Shelf {
	readonly account: Live<AccountRecord | null>;
	readonly contacts: Live<readonly ContactRecord[]>;
	readonly book: Live<readonly BookRecord[]>;
	readonly requests: Live<Awaited<ReturnType<typeof requestsOf>>>;
	readonly labels: Live<readonly LabelRecord[]>;
	readonly mail: Live<Mailbox>;
	readonly #shown = Promise.withResolvers<undefined>();
	#first = $state.raw<readonly ListedThread[] | null>(null);
	readonly #people = $derived.by(() => this.#findPeople());
	readonly #digests = $derived.by(() => this.mail.value?.digests ?? NO_DIGESTS);
	readonly #look = $derived.by(() => this.#findLook());

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
		this.mail = new Live(desk, ['thread', 'message'], (desk) => this.#readMail(desk), adoptMail);
	}

	get threads(): readonly ListedThread[] | null {
		return this.mail.value?.threads ?? null;
	}

	/** What rows are worked out of, as far as it is read; `null` while account or contacts are not. */
	get look(): Look | null {
		return this.#look;
	}

	/** All threads, or those at the top of the inbox as long as the others are not read. */
	get topThreads(): readonly ListedThread[] | null {
		return this.threads ?? this.#first;
	}

	/** Settles when the first screen has been painted: whatever else is to be done can begin. */
	get shown(): Promise<unknown> {
		return this.#shown.promise;
	}

	/** `undefined`: not read yet, or none. */
	thread(id: ThreadId | undefined): ListedThread | undefined {
		return id === undefined ? undefined : this.mail.value?.table.find(id);
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
		return hasMerged ? (this.threads ?? []) : [];
	}

	async #readMail(desk: ReadingDesk): Promise<Mailbox> {
		const threads = await this.#readThreads(desk);
		// Rows appear at once; the status of what is on its way follows.
		this.#first ??= threads;
		// In tasks of their own: to read them, to go over them, and to make the lists.
		await desk.breathe?.();
		const digests = await readDigests(desk.store, threads);
		await desk.breathe?.();
		return { table: new ThreadTable(threads), threads, digests };
	}

	/** Whatever comes of it, the rest of the app begins then. */
	async #readThreads(desk: ReadingDesk): Promise<readonly ListedThread[]> {
		try {
			return await listThreads(desk, {
				onFirst: async (threads) => {
					if (this.threads !== null) return;
					this.#first = threads;
					await painted();
					this.#shown.resolve(undefined);
				}
			});
		} finally {
			void painted().then(() => this.#shown.resolve(undefined));
		}
	}

	#findLook(): Look | null {
		const labels = this.labels.value ?? [];
		return this.#people && { people: this.#people, digests: this.#digests, labels };
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

/** A mailbox of a hundred thousand threads is not read again for one message. */
function adoptMail({ table, digests }: Mailbox, writes: readonly Change[]): Mailbox | null {
	table.adopt(writes);
	const adopted = adoptDigests(digests, writes, (id) => table.find(id));
	return adopted && { table, threads: table.all, digests: adopted };
}
