/**
 * What lists and search show of messages, without their texts: kept in memory for the whole mailbox
 * and brought up to date thread by thread, because a mailbox is read far more often than it changes.
 */

import type { Change, MailStore } from '../post/ports.ts';
import type { DeliveryState, MessageRecord, ThreadRecord } from '../post/records.ts';
import { parseThreadId, type ThreadId } from '../wire/ids.ts';
import type { Mail } from '../wire/mail.ts';

export interface MessageHeader extends Omit<MessageRecord, 'mail'> {
	readonly mail: Pick<Mail, 'from' | 'to' | 'cc' | 'subject' | 'date'>;
	/** The beginning of the text, on one line. */
	readonly preview: string;
	readonly hasAttachment: boolean;
}

export type Headers = ReadonlyMap<ThreadId, readonly MessageHeader[]>;

export const NO_HEADERS: Headers = new Map();

/** More stale threads than this are read in one sweep over all messages. */
const SWEEP_THREADS = 32;
const PREVIEW_CHARACTERS = 160;
const ENDS: readonly DeliveryState[] = ['delivered', 'read', 'refused', 'expired', 'withdrawn'];

type Write<T extends Change['table']> = Extract<Change, { readonly table: T }>;

function isFirst(write: Write<'thread'>): boolean {
	return 'put' in write && write.put.version === 1;
}

function threadOf({ key: [text = ''] }: Write<'thread' | 'message'>): ThreadId {
	const id = parseThreadId(text);
	if (id === null) throw new Error('rows of mail stand under their thread');
	return id;
}

/** Is nothing more to come of it? */
export function hasEnded(state: DeliveryState): boolean {
	return ENDS.includes(state);
}

export class HeaderIndex {
	readonly #store: Pick<MailStore, 'list'>;
	readonly #headers = new Map<ThreadId, readonly MessageHeader[]>();
	readonly #stamps = new Map<ThreadId, string>();

	constructor(store: Pick<MailStore, 'list'>) {
		this.#store = store;
	}

	/** The index for these threads, in the order of each thread. Not to be called again before it is done. */
	async refresh(threads: readonly ThreadRecord[]): Promise<Headers> {
		const stale = threads.filter((thread) => this.#isStale(thread));
		if (stale.length > SWEEP_THREADS) await this.#sweep(stale);
		else await Promise.all(stale.map((thread) => this.#readThread(thread)));
		const known = new Set(threads.map(({ id }) => id));
		for (const id of [...this.#headers.keys()]) if (!known.has(id)) this.#forget(id);
		return new Map(this.#headers);
	}

	/**
	 * The index after these writes, in the order in which they were made; `null` where that cannot be
	 * said of what is in memory, and it has to be read. Harmless while a `refresh` runs.
	 */
	adopt(writes: readonly Change[]): Headers | null {
		const threads = writes.filter((write) => write.table === 'thread');
		const messages = writes.filter((write) => write.table === 'message');
		// Of a thread that is new here, all messages are among the writes.
		const fresh = new Set(threads.filter(isFirst).map(threadOf));
		const touched = [...threads, ...messages].map(threadOf);
		if (!touched.every((id) => this.#stamps.has(id) || fresh.has(id))) return null;
		for (const write of messages) this.#adoptMessage(write);
		for (const write of threads) {
			const id = threadOf(write);
			if ('put' in write) {
				this.#headers.set(id, this.#headers.get(id) ?? []);
				this.#stamps.set(id, stampOf(write.put));
			} else this.#forget(id);
		}
		return new Map(this.#headers);
	}

	#adoptMessage(write: Write<'message'>): void {
		const thread = threadOf(write);
		const [, message] = write.key;
		const before = this.#headers.get(thread) ?? [];
		const rest = before.filter(({ id }) => id !== message);
		const isIn = 'put' in write && isShown(write.put);
		const next = isIn ? [...rest, toHeader(write.put)] : rest;
		const last = rest.at(-1);
		const isNewest = isIn && (last === undefined || last.order < write.put.order);
		this.#headers.set(thread, isNewest ? next : inOrder(next));
	}

	/** What is still on its way moves without a word in the thread's row. */
	#isStale(thread: ThreadRecord): boolean {
		const headers = this.#headers.get(thread.id);
		return (
			headers === undefined || this.#stamps.get(thread.id) !== stampOf(thread) || isMoving(headers)
		);
	}

	async #readThread(thread: ThreadRecord): Promise<void> {
		this.#keep(thread, await this.#store.list('message', [thread.id]));
	}

	async #sweep(threads: readonly ThreadRecord[]): Promise<void> {
		const byThread = new Map<ThreadId, MessageRecord[]>(threads.map(({ id }) => [id, []]));
		for (const message of await this.#store.list('message')) {
			byThread.get(message.thread)?.push(message);
		}
		for (const thread of threads) this.#keep(thread, byThread.get(thread.id) ?? []);
	}

	#keep(thread: ThreadRecord, messages: readonly MessageRecord[]): void {
		this.#headers.set(thread.id, inOrder(messages.filter(isShown)).map(toHeader));
		this.#stamps.set(thread.id, stampOf(thread));
	}

	#forget(id: ThreadId): void {
		this.#headers.delete(id);
		this.#stamps.delete(id);
	}
}

/** What is refused is not shown (protocol §4): its writer was no member any more. One's own is. */
export function isShown({ refused, isMine }: MessageRecord): boolean {
	return refused === undefined || isMine;
}

/** By the writer's clamped clock, ties by entry: the same for every member. */
export function inOrder<T extends Pick<MessageRecord, 'order' | 'entry'>>(
	messages: readonly T[]
): T[] {
	return [...messages].sort((a, b) => a.order - b.order || (a.entry < b.entry ? -1 : 1));
}

function stampOf({ version, count, unread }: ThreadRecord): string {
	return `${version}/${count}/${unread}`;
}

function isMoving(headers: readonly MessageHeader[]): boolean {
	return headers.some(({ deliveries }) => deliveries.some(({ state }) => !hasEnded(state)));
}

function toHeader({ mail, ...message }: MessageRecord): MessageHeader {
	const { from, to, cc, subject, date, text, attachments } = mail;
	return {
		...message,
		mail: { from, to, cc, subject, date },
		preview: previewOf(text),
		hasAttachment: attachments.length > 0
	};
}

export function previewOf(text: string): string {
	const line = text
		.slice(0, 4 * PREVIEW_CHARACTERS)
		.replace(/\s+/g, ' ')
		.trim();
	return line.slice(0, PREVIEW_CHARACTERS);
}
