import { NO_DIGESTS } from '../mailbox/digests.ts';
import { toPerson } from '../mailbox/people.ts';
import { deleteForever, moveThreads, setRead } from '../mailbox/places.ts';
import { draftRows, isShown, searchRows, threadRows } from '../mailbox/rows.ts';
import type { Account } from '../post/account.ts';
import type { Peers } from '../post/collect.ts';
import {
	leaveThread,
	removeFromThread,
	type MembershipOutcome,
	type MembershipProblem
} from '../post/membership.ts';
import type { Desk } from '../post/ports.ts';
import { makeProof } from '../post/proof.ts';
import type { DraftRecord } from '../post/records.ts';
import { textsIn } from '../post/replicas.ts';
import { withdraw } from '../post/withdraw.ts';
import { parseMailAddress, parseMessageId, parseThreadId, type ThreadId } from '../wire/ids.ts';
import { openAttachment } from './attachment.ts';
import { OpenThread } from './open-thread.svelte.ts';
import type { Parts } from './parts.ts';
import { recordsOf } from './proofs.ts';
import { Recent } from './recent.ts';
import type { Shelf } from './shelf.svelte.ts';
import type {
	AttachmentOutcome,
	CircleOutcome,
	CircleProblem,
	Lookup,
	Mail,
	Place,
	Row,
	Thread,
	Undo,
	WithdrawOutcome
} from './view.ts';

/** Threads that stay read in memory: the one on screen and those that one steps back to. */
const OPEN_THREADS = 8;

export interface MailParts extends Parts {
	/** Reactive. */
	readonly drafts: { readonly records: readonly DraftRecord[] | null };
	isOffline(): boolean;
	/** A change of members is stored for sending; called in the same task. */
	onWritten(): void;
}

/** The lists, and the threads behind their rows. */
export class MailState implements Mail {
	readonly #desk: Promise<Desk>;
	readonly #account: Promise<Account>;
	readonly #shelf: Shelf;
	readonly #drafts: { readonly records: readonly DraftRecord[] | null };
	readonly #peers: () => Peers;
	readonly #ports: Pick<MailParts, 'isOffline' | 'onWritten'>;
	readonly #open = new Recent<OpenThread>(OPEN_THREADS, (thread) => thread.close());
	#opened = $state(0);
	readonly #inbox = $derived.by(() => this.#threadRows('inbox'));
	readonly #sent = $derived.by(() => this.#sentRows());
	readonly #archive = $derived.by(() => this.#threadRows('archive'));
	readonly #trash = $derived.by(() => this.#threadRows('trash'));
	readonly #written = $derived.by(() => this.#draftRows());
	readonly #counts = $derived.by(() => this.#count());

	constructor({ desk, account, shelf, drafts, peers, ...ports }: MailParts) {
		this.#desk = desk;
		this.#account = account;
		this.#shelf = shelf;
		this.#drafts = drafts;
		this.#peers = peers;
		this.#ports = ports;
	}

	get counts() {
		return this.#counts;
	}

	rows(place: Place): readonly Row[] | null {
		switch (place) {
			case 'inbox':
				return this.#inbox;
			case 'sent':
				return this.#sent;
			case 'drafts':
				return this.#written;
			case 'archive':
				return this.#archive;
			case 'trash':
				return this.#trash;
		}
	}

	search(text: string): readonly Row[] | null {
		const { people, threads, mail } = this.#shelf;
		if (people === null || threads === null || mail.value === null) return null;
		return searchRows({ people, threads, digests: mail.value }, text);
	}

	thread(id: string): Lookup<Thread> {
		const thread = parseThreadId(id);
		if (thread === null) return { at: 'absent' };
		// State that a template makes while it reads does not wake it: it is woken by this count.
		this.#opened;
		const open = this.#open.get(thread, () => {
			queueMicrotask(() => this.#opened++);
			return new OpenThread(this.#desk, thread);
		});
		return open.lookUp(this.#shelf.people);
	}

	async showEarlier(threadId: string): Promise<void> {
		await this.#open.peek(threadId)?.showEarlier();
	}

	async openAttachment(
		messageId: string,
		index: number,
		{ signal }: { readonly signal: AbortSignal }
	): Promise<AttachmentOutcome> {
		const open = this.#open.find((thread) => thread.has(messageId));
		const message = open?.message(messageId);
		if (open === undefined || message === undefined) return { ok: false, problem: 'no-holder' };
		const [desk, account] = await Promise.all([this.#desk, this.#account]);
		const outcome = await openAttachment(desk, account, this.#peers(), message, index, {
			signal,
			onProgress: (progress, holders) => open.fetching(messageId, index, progress, holders)
		});
		await open.fetched(messageId, index, outcome);
		return outcome;
	}

	async exportProof(messageId: string): Promise<Blob | null> {
		const open = this.#open.find((thread) => thread.has(messageId));
		const message = open?.message(messageId);
		if (message === undefined) return null;
		const proof = makeProof(message, await recordsOf(await this.#desk, message.from));
		return proof && new Blob([proof], { type: 'application/octet-stream' });
	}

	/** More of this thread's files is here: told by the leader, in whichever tab. */
	fetched(threadId: string): void {
		void this.#open.peek(threadId)?.measure();
	}

	async setRead(threadIds: readonly string[], isRead: boolean): Promise<void> {
		await setRead(await this.#desk, toThreadIds(threadIds), isRead);
		await this.#shelf.mail.refresh();
	}

	async move(threadIds: readonly string[], to: 'inbox' | 'archive' | 'trash'): Promise<Undo> {
		const undo = await moveThreads(await this.#desk, toThreadIds(threadIds), to);
		await this.#shelf.mail.refresh();
		return async () => {
			await undo();
			await this.#shelf.mail.refresh();
		};
	}

	async deleteForever(threadIds: readonly string[]): Promise<void> {
		const [desk, account] = await Promise.all([this.#desk, this.#account]);
		const textsOf = (thread: ThreadId) => textsIn(desk, account, thread);
		await deleteForever(desk, toThreadIds(threadIds), textsOf);
		await this.#shelf.mail.refresh();
	}

	async withdraw(threadId: string, messageId: string): Promise<WithdrawOutcome> {
		const thread = parseThreadId(threadId);
		const message = parseMessageId(messageId);
		if (thread === null || message === null) return { ok: false, problem: 'too-late' };
		const [desk, account] = await Promise.all([this.#desk, this.#account]);
		const outcome = await withdraw(desk, account, thread, message);
		if (outcome.ok) this.#ports.onWritten();
		await this.#shelf.mail.refresh();
		return outcome;
	}

	leave(threadId: string): Promise<CircleOutcome> {
		return this.#changeCircle(threadId, leaveThread);
	}

	removeMember(threadId: string, address: string): Promise<CircleOutcome> {
		const member = parseMailAddress(address)?.address;
		if (member === undefined) return Promise.resolve(NOT_ALLOWED);
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

	#threadRows(place: 'inbox' | 'archive' | 'trash'): readonly Row[] | null {
		const { people, threads, mail } = this.#shelf;
		if (people === null || threads === null) return null;
		return threadRows({ people, threads, digests: mail.value ?? NO_DIGESTS }, place);
	}

	/** Which threads have a message of mine is not known before all digests are read. */
	#sentRows(): readonly Row[] | null {
		const { people, threads, mail } = this.#shelf;
		if (people === null || threads === null || mail.value === null) return null;
		return threadRows({ people, threads, digests: mail.value }, 'sent');
	}

	#draftRows(): readonly Row[] | null {
		const { people } = this.#shelf;
		const { records } = this.#drafts;
		return people === null || records === null ? null : draftRows(people, records);
	}

	#count() {
		const { threads, requests } = this.#shelf;
		const unread = threads?.filter(
			(thread) => isShown(thread) && thread.place === 'inbox' && thread.unread > 0
		);
		return {
			inbox: unread?.length ?? 0,
			drafts: this.#drafts.records?.length ?? 0,
			requests: requests.value?.length ?? 0
		};
	}
}

const NOT_ALLOWED: CircleOutcome = { ok: false, problem: { kind: 'not-allowed' } };

function toThreadIds(texts: readonly string[]): ThreadId[] {
	return texts.flatMap((text) => parseThreadId(text) ?? []);
}
