/**
 * Brings mails into the mailbox, some at a time: their files first, then rows and the place that was reached,
 * in one transaction. Cut off anywhere, it goes on there, and nothing stands twice.
 */

import type { BlockStore, Change, Desk } from '../post/ports.ts';
import type { MessageRecord, ThreadRecord } from '../post/records.ts';
import { EMPTY_FILE } from '../post/manifest.ts';
import { exclusiveThread } from '../post/replicas.ts';
import { putMessage } from '../post/delivery.ts';
import { putThread } from '../post/summary.ts';
import type { BlockId, MessageId, ThreadId } from '../wire/ids.ts';
import type { Brought } from './brought.ts';
import { labelIds, withMarks, withoutHiding } from './brought-labels.ts';
import { idOf, toMessage, withMessages } from './legacy-rows.ts';
import { findThreads, type Threading } from './legacy-threads.ts';

export interface Tally {
	readonly brought: number;
	/** They stand here already. */
	readonly duplicates: number;
	/** Of those brought: kept as files, for they could not be read. */
	readonly unread: number;
}

/**
 * To be called by one at a time of a profile, for what it finds out before it writes must still be so then.
 * @param bookmark made of what became of them; written with the rows
 * Throws `StorageFull`: then nothing of these stands here.
 */
export async function bringMails(
	desk: Desk,
	mails: readonly Brought[],
	bookmark: (tally: Tally) => readonly Change[]
): Promise<Tally> {
	const threading = await findThreads(desk.store, mails);
	const touched = [...threading.threads, ...threading.merged.map(({ from }) => from)];
	return inAll(desk, [...new Set(touched)].sort(), async () => {
		const plan = await planOf(desk, mails, threading);
		return store(desk, plan, threading, bookmark);
	});
}

/** Each thread's lock inside the one before, always in the same order. */
function inAll<T>(desk: Desk, threads: readonly ThreadId[], work: () => Promise<T>): Promise<T> {
	const [first, ...rest] = threads;
	if (first === undefined) return work();
	return exclusiveThread(desk, first, () => inAll(desk, rest, work));
}

interface Planned {
	readonly thread: ThreadId;
	readonly id: MessageId;
	readonly brought: Brought;
}

interface Plan {
	readonly rows: Map<ThreadId, ThreadRecord>;
	/** What stood in threads that were merged, in their new place. */
	readonly moved: readonly MessageRecord[];
	readonly gone: readonly Change[];
	/** These threads as they were, and of which each is a part now. */
	readonly absorbed: readonly Absorbed[];
	readonly fresh: readonly Planned[];
	readonly duplicates: number;
}

interface Absorbed {
	readonly into: ThreadId;
	readonly row: ThreadRecord;
}

async function planOf(
	{ store }: Desk,
	mails: readonly Brought[],
	{ threads, merged }: Threading
): Promise<Plan> {
	const rows = new Map<ThreadId, ThreadRecord>();
	for (const id of new Set([...threads, ...merged.map(({ from }) => from)])) {
		const row = await store.get('thread', [id]);
		if (row !== null) rows.set(id, row);
	}
	const moves = await movedBy(store, merged, rows);
	const here = new Set(moves.moved.map(({ thread, id }) => `${thread}/${id}`));
	const fresh: Planned[] = [];
	const stored = await Promise.all(
		mails.map(async (brought, at) => {
			const thread = threads[at];
			if (thread === undefined) throw new Error('every mail has a thread');
			const id = idOf(brought);
			const isHere = (await store.get('message', [thread, id])) !== null;
			return { thread, id, brought, isHere };
		})
	);
	for (const { isHere, ...planned } of stored) {
		const name = `${planned.thread}/${planned.id}`;
		if (isHere || here.has(name)) continue;
		here.add(name);
		fresh.push(planned);
	}
	return { ...moves, rows, fresh, duplicates: mails.length - fresh.length };
}

/** All that stands in a thread of which it turned out that it is another's part. */
async function movedBy(
	store: Desk['store'],
	merged: Threading['merged'],
	rows: Map<ThreadId, ThreadRecord>
): Promise<Pick<Plan, 'moved' | 'gone' | 'absorbed'>> {
	const into = new Map(merged.map((each) => [each.from, each.into]));
	const moved: MessageRecord[] = [];
	const gone: Change[] = [];
	const absorbed: Absorbed[] = [];
	for (const { from } of merged) {
		let end = from;
		for (let next = into.get(end); next !== undefined; next = into.get(end)) end = next;
		for (const message of await store.list('message', [from])) {
			moved.push({ ...message, thread: end });
			gone.push({ table: 'message', key: [from, message.id], remove: true });
		}
		const row = rows.get(from);
		if (row === undefined) continue;
		gone.push({ table: 'thread', key: [from], remove: true });
		absorbed.push({ into: end, row });
	}
	return { moved, gone, absorbed };
}

async function store(
	desk: Desk,
	plan: Plan,
	{ references }: Threading,
	bookmark: (tally: Tally) => readonly Change[]
): Promise<Tally> {
	const blocks = new Gathered(desk.blocks);
	try {
		const fresh: MessageRecord[] = [];
		for (const { thread, id, brought } of plan.fresh) {
			fresh.push(await toMessage(desk, blocks, brought, { thread, id }));
		}
		await blocks.end();
		const names = new Set(plan.fresh.flatMap(({ brought }) => brought.marks.labels));
		const labels = await labelIds(desk, names);
		const tally = tallyOf(plan);
		await desk.store.commit([
			...plan.gone,
			...rowsOf(desk, plan, [...plan.moved, ...fresh], labels),
			...references,
			...bookmark(tally)
		]);
		return tally;
	} catch (error) {
		// Nothing names them, and on a full disk each attempt would leave more.
		await blocks.takeBack();
		throw error;
	}
}

function rowsOf(
	{ now }: Desk,
	plan: Plan,
	messages: readonly MessageRecord[],
	labels: ReadonlyMap<string, string>
): Change[] {
	const changed = [...Map.groupBy(messages, ({ thread }) => thread)].map(([id, added]) => {
		const before = plan.rows.get(id) ?? null;
		const parts = plan.absorbed.filter(({ into }) => into === id).map(({ row }) => row);
		const fresh = plan.fresh
			.filter(({ thread }) => thread === id)
			.map((each) => each.brought.marks);
		// What was silenced stays where it is.
		const come = before?.isMuted === true ? [] : fresh;
		const places = [...parts, ...come].map(({ place }) => place);
		const thread = withMessages(before, id, added, { places, now: now() });
		const marks = fresh.map((each) => ({
			labels: each.labels.flatMap((name) => labels.get(name) ?? []),
			...(each.isStarred && { isStarred: true as const })
		}));
		return withMarks(withoutHiding(thread, parts), [...parts, ...marks]);
	});
	return [
		...messages.map((message) => putMessage(message.thread, message)),
		...changed.map(putThread)
	];
}

function tallyOf({ fresh, duplicates }: Plan): Tally {
	const unread = fresh.filter(({ brought }) => brought.problem !== null).length;
	return { brought: fresh.length, duplicates, unread };
}

/** Blocks that are gathered before they are stored: 8 MiB. */
const GATHERED_BYTES = 8 * 1024 * 1024;

/** Blocks of many small files, in few transactions. */
class Gathered implements Pick<BlockStore, 'put'> {
	readonly #store: Pick<BlockStore, 'put' | 'remove'>;
	readonly #stored: BlockId[] = [];
	#blocks: Parameters<BlockStore['put']>[0][number][] = [];
	#size = 0;

	constructor(blocks: Pick<BlockStore, 'put' | 'remove'>) {
		this.#store = blocks;
	}

	async put(blocks: Parameters<BlockStore['put']>[0]): Promise<void> {
		this.#blocks.push(...blocks);
		this.#size += blocks.reduce((sum, { data }) => sum + data.length, 0);
		if (this.#size >= GATHERED_BYTES) await this.end();
	}

	/** What is still held is stored when it resolves. */
	async end(): Promise<void> {
		if (this.#blocks.length > 0) await this.#store.put(this.#blocks);
		this.#stored.push(...this.#blocks.map(({ id }) => id));
		this.#blocks = [];
		this.#size = 0;
	}

	/** That of an empty file may be another's, too. */
	async takeBack(): Promise<void> {
		await this.#store.remove(this.#stored.filter((id) => id !== EMPTY_FILE));
	}
}
