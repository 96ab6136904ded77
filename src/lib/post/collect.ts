/**
 * Collecting what a notice announced: entries, then attachments, from any holder; only when all of it
 * is stored, `done` and the receipt go to the office that repeats (protocol §6.5).
 */

import { cidToBlockId, type BlockId, type EntryId, type ThreadId } from '../wire/ids.ts';
import { isOpen, lacksBehind, missingParts, refusalOf } from '../threads/entries.ts';
import type { EntryBundle } from '../wire/entry.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Attachment } from '../wire/mail.ts';
import type { Refusal } from '../wire/refusal.ts';
import type { Account } from './account.ts';
import { confirm } from './confirm.ts';
import { learnHanded } from './contacts.ts';
import { entryReader } from './entry-rows.ts';
import { fetchFile, type FetchOptions } from './fetching.ts';
import { FileUnavailable } from './files.ts';
import { holdersOf, type Peers } from './holders.ts';
import { listBlocks } from './manifest.ts';
import { knockKey } from './notice.ts';
import { Unreachable, type Desk, type Signalled } from './ports.ts';
import { receive, type Admission } from './receive.ts';
import type { KnockRecord } from './records.ts';
import { countRefusals } from './refusals.ts';
import { loadReplica } from './replicas.ts';

export type CollectOutcome =
	| { readonly kind: 'delivered' }
	/** Something is not to be had now; the knock waits. */
	| { readonly kind: 'waiting' }
	| { readonly kind: 'refused'; readonly reason: Refusal };

/** How far one file has come. */
export interface FileProgress {
	readonly thread: ThreadId;
	readonly manifest: BlockId;
	readonly size: number;
	/** Of its content, here. */
	readonly bytes: number;
	/** What each holder gave since this began, in bytes of blocks, by address or base URL. */
	readonly given: ReadonlyMap<string, number>;
}

export interface CollectOptions extends Signalled {
	readonly onProgress?: (progress: FileProgress) => void;
	/** When a holder's time is over, where there is another; real time where it is not given. */
	readonly holderTurn?: () => AbortSignal;
	/** Texts alone: what has files waits with them, and is confirmed by a later run without this. */
	readonly isTextOnly?: boolean;
}

/** What one holder gives in that time is kept; then the next one is asked. */
const HOLDER_MS = 40_000;

/** One knock, and what waits beside it; safe to run again at any point. */
export async function collect(
	desk: Desk,
	account: Account,
	peers: Peers,
	{ beside = [], ...knock }: KnockRecord,
	options: CollectOptions = {}
): Promise<CollectOutcome> {
	for (const other of beside) {
		await collectOne(desk, account, peers, { ...knock, ...other }, options);
	}
	return collectOne(desk, account, peers, knock, options);
}

async function collectOne(
	desk: Desk,
	account: Account,
	peers: Peers,
	knock: KnockRecord,
	options: CollectOptions
): Promise<CollectOutcome> {
	try {
		const refused = await collectEntries(desk, account, knock, options);
		if (refused !== null) return await decline(desk, account, knock, refused, options);
		// First: what came too late is here, and cannot be read; nobody brings it another way.
		const hidden = await refusedHead(desk, account, knock);
		if (hidden !== null) return await decline(desk, account, knock, hidden, options);
		const lack = await lackOf(desk, account, knock);
		if (lack === 'expired') return await decline(desk, account, knock, lack, options);
		if (lack === 'promised') await beginPromise(desk, knock);
		if (lack !== null) return { kind: 'waiting' };
		const files = await missingFiles(desk, knock);
		if (files.length > 0 && options.isTextOnly === true) return { kind: 'waiting' };
		await collectFiles(desk, peers, knock, files, options);
		const isHeard = await confirm(desk, account, knock, { state: 'delivered' }, options);
		return { kind: isHeard ? 'delivered' : 'waiting' };
	} catch (problem) {
		// The knock stays stored; whoever calls tries again when a holder is back.
		if (problem instanceof Unreachable || problem instanceof FileUnavailable) {
			return { kind: 'waiting' };
		}
		throw problem;
	}
}

/** Asks each holder in turn until the heads stand here; the reason where they never will. */
async function collectEntries(
	desk: Desk,
	account: Account,
	knock: KnockRecord,
	options: CollectOptions
): Promise<Refusal | null> {
	const admission = { from: knock.from, mayBegin: true, makesContact: knock.makesContact };
	const reason = await collectEnclosed(desk, account, knock, admission);
	if (reason !== null) return reason;
	for (const [at, url] of knock.holders.entries()) {
		const isLast = at === knock.holders.length - 1;
		const asked = await askHolder(options, isLast, (own) =>
			collectFrom(desk, account, knock, url, { admission, ...own })
		);
		if (asked !== 'more') return asked;
	}
	return null;
}

/**
 * What a holder that is not there, or gives it by the drop, does not bring, the next may. The last has
 * all the time that there is.
 */
async function askHolder<T>(
	{ signal: outer, holderTurn = () => AbortSignal.timeout(HOLDER_MS) }: CollectOptions,
	isLast: boolean,
	ask: (options: Signalled) => Promise<T>
): Promise<T | 'more'> {
	if (isLast) return ask(outer === undefined ? {} : { signal: outer });
	const turn = holderTurn();
	const signal = outer === undefined ? turn : AbortSignal.any([outer, turn]);
	try {
		return await ask({ signal });
	} catch (problem) {
		const isLate = turn.aborted && outer?.aborted !== true && problem === signal.reason;
		if (isLate || problem instanceof Unreachable) return 'more';
		throw problem;
	}
}

/** `more`: it is not all here yet; else there is no more to ask for, or the reason for which it is refused. */
async function collectFrom(
	desk: Desk,
	account: Account,
	knock: KnockRecord,
	url: string,
	{ admission, ...options }: Signalled & { readonly admission: Admission }
): Promise<Refusal | 'more' | null> {
	const isHere = (await lackOf(desk, account, knock)) === null;
	const have = isHere ? [] : await headsOf(desk, account, knock.thread);
	const missing = isHere ? [] : batches(desk.offices(url).ancestors(knock.heads, have, options));
	for await (const batch of missing) {
		const received = await receive(desk, account, admission, batch);
		const refused = received.refused.find(({ id }) => knock.heads.includes(id));
		if (refused !== undefined) return refused.reason;
	}
	await collectParts(desk, account, knock, url, options);
	return isHere ? null : 'more';
}

/** What came in the parcel that announced them, once the user has said yes to its writer. */
async function collectEnclosed(
	desk: Desk,
	account: Account,
	{ enclosed, from, heads, record, card }: KnockRecord,
	admission: Admission
): Promise<Refusal | null> {
	if (enclosed === undefined) return null;
	const received = await receive(desk, account, admission, enclosed.entries);
	await learnHanded(desk, from, { record, card, xwing: enclosed.xwing });
	return received.refused.find(({ id }) => heads.includes(id))?.reason ?? null;
}

/**
 * Of entries that came in part: from a holder for those who may not have the rest. The writer may
 * have announced them before; then its office has them, and `done` must not end that.
 */
async function collectParts(
	desk: Desk,
	account: Account,
	knock: KnockRecord,
	url: string,
	options: Signalled
): Promise<void> {
	const replica = await loadReplica(desk, account, knock.thread);
	const missing = new Map(
		(replica === null ? [] : missingParts(replica.state, account.root)).map((part) => {
			return [cidToBlockId(part.block), part] as const;
		})
	);
	if (missing.size === 0) return;
	const admission = { from: knock.from, mayBegin: false, makesContact: false };
	const parts: EntryBundle[] = [];
	const readEntry = entryReader(desk, knock.thread);
	// Newest first: see docs/decisions/0009.
	const wanted = [...missing.keys()].reverse();
	for await (const { cid, data } of desk.offices(url).fetch(wanted, options)) {
		const found = missing.get(cidToBlockId(cid));
		const row = found && (await readEntry(found.id));
		if (!found || !row) continue;
		parts.push(
			found.part === 'body' ? { ...row, body: data } : { ...row, wraps: [...row.wraps, data] }
		);
		if (parts.length < LIMITS.batchEntries) continue;
		await receive(desk, account, admission, parts.splice(0));
	}
	await receive(desk, account, admission, parts);
}

/** The reason for which an announced entry is not shown: its writer was removed before, say. */
export async function refusedHead(
	desk: Desk,
	account: Account,
	{ thread, heads }: Pick<KnockRecord, 'thread' | 'heads'>
): Promise<Refusal | null> {
	const replica = await loadReplica(desk, account, thread);
	if (replica === null) return null;
	return (
		heads.map((head) => refusalOf(replica.state, head)).find((reason) => reason !== null) ?? null
	);
}

async function headsOf(
	desk: Desk,
	account: Account,
	thread: ThreadId
): Promise<readonly EntryId[]> {
	const replica = await loadReplica(desk, account, thread);
	return replica === null ? [] : replica.state.heads.slice(0, LIMITS.haveHeads);
}

/**
 * What keeps the word back that all of it is here: a head that cannot be read, which is `expired` where
 * it has ended meanwhile, or a text before it that a member promised. `null`: nothing. An entry whose
 * ancestors have not all come is stored, but nobody can read it yet.
 */
export async function lackOf(
	desk: Desk,
	account: Account,
	{ thread, heads, ends = Infinity, promisedSince }: Announced
): Promise<'head' | 'expired' | 'promised' | null> {
	const now = desk.now();
	const replica = await loadReplica(desk, account, thread);
	if (replica === null || !heads.every((head) => isOpen(replica.state, head))) {
		return ends <= now ? 'expired' : 'head';
	}
	const { state, record } = replica;
	// A promise that is never kept must not hold up the writer's notice for ever.
	if (record.coming === undefined || now - (promisedSince ?? now) >= LIMITS.promisedMs) return null;
	return heads.some((head) => lacksBehind(state, head)) ? 'promised' : null;
}

/** From now on, whatever else comes under this knock: the next notice must not begin it anew. */
async function beginPromise({ store, now }: Desk, knock: KnockRecord): Promise<void> {
	if (knock.promisedSince !== undefined) return;
	const key = knockKey(knock);
	await store.update('knock', key, (row) => {
		if (row === null || row.promisedSince !== undefined) return [];
		return [{ table: 'knock', key, put: { ...row, promisedSince: now() } }];
	});
}

type Announced = Pick<KnockRecord, 'thread' | 'heads' | 'ends' | 'promisedSince'>;

/** What came before it broke off comes as well, and then the reason. */
async function* batches(bundles: AsyncIterable<EntryBundle>): AsyncGenerator<EntryBundle[]> {
	let batch: EntryBundle[] = [];
	try {
		for await (const bundle of bundles) {
			batch.push(bundle);
			if (batch.length < LIMITS.batchEntries) continue;
			yield batch;
			batch = [];
		}
	} catch (problem) {
		if (batch.length > 0) yield batch;
		throw problem;
	}
	if (batch.length > 0) yield batch;
}

/**
 * Attachments that the knock waits for: of what its writer wrote in this thread, and not whole here. One
 * whose manifest is here and lies never comes whole, and nothing waits for it.
 */
export async function missingFiles(
	desk: Pick<Desk, 'store' | 'blocks' | 'now'>,
	knock: Pick<KnockRecord, 'from' | 'thread'>
): Promise<Attachment[]> {
	const files: Attachment[] = [];
	for (const file of await filesBy(desk, knock)) {
		const { kind, chunks } = await listBlocks((id) => desk.blocks.get(id), file);
		if (kind === 'damaged') continue;
		const isHere = kind === 'whole' && (await desk.blocks.missing(chunks)).length === 0;
		if (!isHere) files.push(file);
	}
	return files;
}

async function collectFiles(
	desk: Desk,
	peers: Peers,
	knock: KnockRecord,
	files: readonly Attachment[],
	options: CollectOptions
): Promise<void> {
	const holders = await holdersOf(desk, peers, knock, knock.holders);
	for (const file of files) {
		try {
			await fetchFile(desk.blocks, file, holders, watched(knock.thread, file, options));
		} catch (problem) {
			// Its blocks are what their names say, so this is how it was written: it never comes whole.
			if (!(problem instanceof FileUnavailable) || problem.problem !== 'damaged') throw problem;
			await countRefusals(desk, ['wrong-shape']);
		}
	}
}

/**
 * Attachments of what the announcer wrote in this thread. Others announce their own: a file that
 * nobody has must hold up no word but its writer's.
 */
async function filesBy(
	{ store, now }: Pick<Desk, 'store' | 'now'>,
	{ from: writer, thread }: Pick<KnockRecord, 'from' | 'thread'>
): Promise<readonly Attachment[]> {
	const messages = await store.list('message', [thread]);
	return messages.flatMap(({ from, keptBy, refused, isWithdrawn, mail, endsAt = Infinity }) => {
		// Files from before we were a member are had on demand, where somebody still has them; those of
		// what was taken back, or has ended, nobody has to have.
		if (from !== writer || keptBy !== undefined || refused !== undefined) return [];
		return isWithdrawn === true || endsAt <= now() ? [] : mail.attachments;
	});
}

/** Tells how far the file is. */
export function watched(
	thread: ThreadId,
	{ manifest, size }: Attachment,
	{ signal, onProgress }: Pick<CollectOptions, 'signal' | 'onProgress'>
): FetchOptions {
	const given = new Map<string, number>();
	return {
		...(signal && { signal }),
		onGiven: (holder, bytes) => void given.set(holder, (given.get(holder) ?? 0) + bytes),
		onProgress: (bytes) =>
			onProgress?.({ thread, manifest: cidToBlockId(manifest), size, bytes, given })
	};
}

async function decline(
	desk: Desk,
	account: Account,
	knock: KnockRecord,
	reason: Refusal,
	options: Signalled
): Promise<CollectOutcome> {
	const isHeard = await confirm(desk, account, knock, { state: 'refused', reason }, options);
	return isHeard ? { kind: 'refused', reason } : { kind: 'waiting' };
}
