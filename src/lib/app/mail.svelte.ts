import { toPerson } from '../mailbox/people.ts';
import type { Account } from '../post/account.ts';
import type { FileProgress } from '../post/collect.ts';
import type { Peers } from '../post/holders.ts';
import type { MembershipOutcome, MembershipProblem } from '../post/membership.ts';
import type { Desk } from '../post/ports.ts';
import type { MessageRecord } from '../post/records.ts';
import {
	parseBlockId,
	parseMailAddress,
	parseMessageId,
	parseThreadId,
	type ThreadId
} from '../wire/ids.ts';
import type { Ticket } from '../workers/file-words.ts';
import type { FileLinks } from './file-links.ts';
import type { FilesWith } from './files-with.svelte.ts';
import type { FileNews } from './facts-channel.ts';
import { MailLists, type WrittenDrafts } from './mail-lists.svelte.ts';
import type { OpenThread } from './open-thread.svelte.ts';
import type { Parts } from './parts.ts';
import { Recent } from './recent.ts';
import type { Shelf } from './shelf.svelte.ts';
import { story, storyNow } from './story.ts';
import { toThreadIds } from './thread-ids.ts';
import type { Filing } from './view-organise.ts';
import type {
	AttachmentOutcome,
	BringOutcome,
	CircleOutcome,
	CircleProblem,
	Lookup,
	Mail,
	Place,
	Row,
	Sink,
	Thread,
	Undo,
	WithdrawOutcome
} from './view.ts';

/** Threads that stay read in memory: the one on screen and those that one steps back to. */
const OPEN_THREADS = 8;

/** What shows attachments, and how much of each is here. */
type Holding = Pick<OpenThread | FilesWith, 'message' | 'fetching' | 'fetched'>;

export interface MailParts extends Parts {
	readonly drafts: WrittenDrafts;
	readonly files: Pick<FileLinks, 'urlOf'>;
	/** A list of files outside their conversations that has one of this message. */
	listing(messageId: string): Holding | undefined;
	isOffline(): boolean;
	/** A change of members is stored for sending; called in the same task. */
	onWritten(): void;
}

/** The threads behind the rows of the lists, and what is done with them. */
export class MailState implements Mail {
	readonly #desk: Promise<Desk>;
	readonly #account: Promise<Account>;
	readonly #shelf: Shelf;
	readonly #peers: () => Peers;
	readonly #ports: Pick<MailParts, 'files' | 'listing' | 'isOffline' | 'onWritten'>;
	readonly #open = new Recent<OpenThread>(OPEN_THREADS, (thread) => thread.close());
	#opened = $state(0);
	readonly #lists: MailLists;

	constructor({ desk, account, shelf, drafts, peers, ...ports }: MailParts) {
		this.#desk = desk;
		this.#account = account;
		this.#shelf = shelf;
		this.#lists = new MailLists(shelf, drafts);
		this.#peers = peers;
		this.#ports = ports;
	}

	get counts() {
		return this.#lists.counts;
	}

	rows(place: Place): readonly Row[] | null {
		return this.#lists.rows(place);
	}

	thread(id: string): Lookup<Thread> {
		const thread = parseThreadId(id);
		if (thread === null) return { at: 'absent' };
		// State that a template makes while it reads does not wake it: it is woken by this count.
		this.#opened;
		const parts = storyNow();
		if (parts === null) {
			void story().then(() => this.#opened++);
			return { at: 'loading' };
		}
		const open = this.#open.get(thread, () => {
			queueMicrotask(() => this.#opened++);
			return new parts.OpenThread(this.#desk, thread);
		});
		return open.lookUp(this.#shelf.people, this.#shelf.labels.value ?? []);
	}

	async showEarlier(threadId: string): Promise<void> {
		await this.#open.peek(threadId)?.showEarlier();
	}

	async openAttachment(
		messageId: string,
		index: number,
		{ signal }: { readonly signal: AbortSignal }
	): Promise<AttachmentOutcome> {
		const { openAttachment } = await story();
		return this.#fetch(messageId, index, (desk, account, message, onProgress) =>
			openAttachment(desk, account, this.#peers(), message, index, { signal, onProgress })
		);
	}

	async bringAttachment(
		messageId: string,
		index: number,
		{ signal, onBegun }: { readonly signal: AbortSignal; readonly onBegun: () => void }
	): Promise<BringOutcome> {
		const { bringAttachment } = await story();
		let hasBegun = false;
		return this.#fetch(messageId, index, (desk, account, message, onProgress) =>
			bringAttachment(desk, account, this.#peers(), message, index, {
				signal,
				onProgress: (progress) => {
					onProgress(progress);
					if (!hasBegun && (progress.bytes > 0 || progress.size === 0)) onBegun();
					hasBegun ||= progress.bytes > 0;
				}
			})
		);
	}

	async saveAttachment(
		messageId: string,
		index: number,
		{ signal, sink }: { readonly signal: AbortSignal; readonly sink: Sink }
	): Promise<BringOutcome> {
		const { saveAttachment } = await story();
		return this.#fetch(messageId, index, (desk, account, message, onProgress) =>
			saveAttachment(desk, account, this.#peers(), message, index, { signal, onProgress, sink })
		);
	}

	attachmentUrl(messageId: string, index: number, name: string): string | null {
		const message = this.#holding(messageId)[0]?.message(messageId);
		if (message === undefined) return null;
		return this.#ports.files.urlOf({ thread: message.thread, message: message.id, index }, name);
	}

	/** The worker found that what is stored is not what the message says. */
	damaged({ thread, message, index }: Ticket): void {
		const id = parseThreadId(thread);
		const outcome = { ok: false, problem: 'damaged' } as const;
		if (id !== null) void this.#open.peek(id)?.fetched(message, index, outcome);
	}

	/** What shows this message: an open thread, and a list of files. */
	#holding(messageId: string): readonly Holding[] {
		const thread = this.#open.find((one) => one.has(messageId));
		const listing = this.#ports.listing(messageId);
		return [...(thread ? [thread] : []), ...(listing ? [listing] : [])];
	}

	/** Work on one attachment of what is shown, whose state on screen follows it. */
	async #fetch<T extends BringOutcome>(
		messageId: string,
		index: number,
		work: (
			desk: Desk,
			account: Account,
			message: MessageRecord,
			onProgress: (progress: FileProgress) => void
		) => Promise<T>
	): Promise<T | Extract<BringOutcome, { ok: false }>> {
		const holding = this.#holding(messageId);
		const message = holding[0]?.message(messageId);
		if (message === undefined) return { ok: false, problem: 'no-holder' };
		const [desk, account] = await Promise.all([this.#desk, this.#account]);
		const outcome = await work(desk, account, message, (news) => {
			for (const one of holding) one.fetching(news);
		});
		for (const one of holding) await one.fetched(messageId, index, outcome);
		return outcome;
	}

	async exportProof(messageId: string): Promise<Blob | null> {
		const open = this.#open.find((thread) => thread.has(messageId));
		const message = open?.message(messageId);
		if (message === undefined) return null;
		const { makeProof, recordsOf } = await story();
		const proof = makeProof(message, await recordsOf(await this.#desk, message.from));
		return proof && new Blob([proof], { type: 'application/octet-stream' });
	}

	async exportMessage(threadId: string, messageId: string): Promise<Blob | null> {
		const thread = parseThreadId(threadId);
		const message = parseMessageId(messageId);
		if (thread === null || message === null) return null;
		const [desk, account] = await Promise.all([this.#desk, this.#account]);
		const { messageFile } = await import('./taking-mail.ts');
		return messageFile(desk, account, this.#peers(), thread, message);
	}

	/** A file is on its way: told by whichever tab fetches it. */
	fetched({ thread, manifest, ...news }: FileNews): void {
		const id = parseThreadId(thread);
		const root = parseBlockId(manifest);
		if (id === null || root === null) return;
		this.#open.peek(id)?.fetching({ thread: id, manifest: root, ...news });
	}

	async setRead(threadIds: readonly string[], isRead: boolean): Promise<Undo> {
		const { setRead } = await story();
		return this.#undoably((desk) => setRead(desk, toThreadIds(threadIds), isRead));
	}

	async move(threadIds: readonly string[], to: 'inbox' | 'archive' | 'trash'): Promise<Undo> {
		const { moveThreads } = await story();
		return this.#undoably((desk) => moveThreads(desk, toThreadIds(threadIds), to));
	}

	async file(threadIds: readonly string[], filing: Filing): Promise<Undo> {
		const { fileThreads, toFilingChange } = await story();
		return this.#undoably((desk) =>
			fileThreads(desk, toThreadIds(threadIds), toFilingChange(filing))
		);
	}

	async #undoably(work: (desk: Desk) => Promise<Undo>): Promise<Undo> {
		const undo = await work(await this.#desk);
		await this.#shelf.mail.settled();
		return async () => {
			await undo();
			await this.#shelf.mail.settled();
		};
	}

	async deleteForever(
		threadIds: readonly string[],
		options: { readonly onlyIn?: 'trash' } = {}
	): Promise<number> {
		const [desk, account] = await Promise.all([this.#desk, this.#account]);
		const { deleteForever, tendAll, textsIn } = await story();
		const textsOf = (thread: ThreadId) => textsIn(desk, account, thread);
		const gone = await deleteForever(desk, toThreadIds(threadIds), textsOf, options);
		await this.#shelf.mail.refresh();
		// Packs of lists hold the beginning of a text, too.
		await tendAll(desk);
		return gone.length;
	}

	async withdraw(threadId: string, messageId: string): Promise<WithdrawOutcome> {
		const thread = parseThreadId(threadId);
		const message = parseMessageId(messageId);
		if (thread === null || message === null) return { ok: false, problem: 'too-late' };
		const [desk, account] = await Promise.all([this.#desk, this.#account]);
		const { withdraw } = await story();
		const outcome = await withdraw(desk, account, thread, message);
		if (outcome.ok) this.#ports.onWritten();
		await this.#shelf.mail.refresh();
		return outcome;
	}

	async leave(threadId: string): Promise<CircleOutcome> {
		const { leaveThread } = await story();
		return this.#changeCircle(threadId, leaveThread);
	}

	async removeMember(threadId: string, address: string): Promise<CircleOutcome> {
		const member = parseMailAddress(address)?.address;
		if (member === undefined) return NOT_ALLOWED;
		const { removeFromThread } = await story();
		return this.#changeCircle(threadId, (desk, account, thread) =>
			removeFromThread(desk, account, thread, member)
		);
	}

	async #changeCircle(
		threadId: string,
		change: (desk: Desk, account: Account, thread: ThreadId) => Promise<MembershipOutcome>
	): Promise<CircleOutcome> {
		const thread = parseThreadId(threadId);
		if (thread === null) return NOT_ALLOWED;
		const [desk, account] = await Promise.all([this.#desk, this.#account]);
		const outcome = await change(desk, account, thread);
		if (!outcome.ok) return { ok: false, problem: this.#toCircleProblem(outcome.problem) };
		this.#ports.onWritten();
		await this.#shelf.mail.refresh();
		return outcome;
	}

	#toCircleProblem(problem: MembershipProblem): CircleProblem {
		if (problem.kind !== 'unknown-address') return problem;
		const { kind, address } = problem;
		const { people } = this.#shelf;
		if (people === null) throw new Error('who changes a circle has an identity');
		return { kind, person: toPerson(people, address), isOffline: this.#ports.isOffline() };
	}
}

const NOT_ALLOWED: CircleOutcome = { ok: false, problem: { kind: 'not-allowed' } };
