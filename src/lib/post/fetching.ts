/**
 * Files on their way here: from all holders at once, from where they were interrupted, each once for
 * all of a page who want it. What is looked at now goes before the rest.
 */

import { cidToBlockId, type BlockId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { BlockWriter } from './block-writer.ts';
import { FileUnavailable, unavailable, type Progress } from './files.ts';
import { Gathering, type GatherOptions, type Holder } from './gather.ts';
import { listBlocks, type FileName } from './manifest.ts';
import type { BlockStore } from './ports.ts';

/** Who may have blocks; asked anew while a file is on its way, for holders come and go. */
export type Holders = () => readonly Holder[];

export interface FetchOptions extends Progress, Pick<GatherOptions, 'onGiven'> {}

interface Running {
	gathering: Gathering | null;
	/** Whoever waits for one of its blocks. */
	readonly awaited: Map<BlockId, (() => void)[]>;
	readonly listeners: Set<FetchOptions>;
	readonly ended: Promise<undefined>;
}

const running = new WeakMap<BlockStore, Map<BlockId, Running>>();
/** Holders that gave nothing lately, by name: what one file found out, the next need not. */
const silence = new WeakMap<BlockStore, Set<string>>();

/**
 * Brings every block of the file into the store. Throws `FileUnavailable`, `StorageFull`, AbortError;
 * what has come by then stays.
 */
export async function fetchFile(
	store: BlockStore,
	file: FileName,
	holders: Holders,
	options: FetchOptions = {}
): Promise<void> {
	const all = runningIn(store);
	const name = cidToBlockId(file.manifest);
	for (let other = all.get(name); other !== undefined; other = all.get(name)) {
		await join(other, options);
	}
	const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
	const mine: Running = {
		...{ gathering: null, awaited: new Map(), ended },
		listeners: new Set([options])
	};
	all.set(name, mine);
	try {
		await bringFile(store, file, holders, mine, options);
	} finally {
		all.delete(name);
		end(undefined);
	}
}

/** Brings these blocks of the file before all others. Throws as `fetchFile`. */
export async function hurryBlocks(
	store: BlockStore,
	file: FileName,
	holders: Holders,
	ids: readonly BlockId[],
	options: FetchOptions = {}
): Promise<void> {
	const { signal } = options;
	let missing = await store.missing(ids);
	const on = runningIn(store).get(cidToBlockId(file.manifest));
	if (missing.length > 0 && on?.gathering != null) {
		on.gathering.hurry(missing);
		const came = missing.map((id) => arrival(on, id));
		await settledOr(Promise.race([Promise.all(came), on.ended]), signal);
		missing = await store.missing(ids);
	}
	if (missing.length === 0) return;
	const writer = new BlockWriter(store);
	const gathering = new Gathering(holders, missing, { ...options, silent: silentIn(store) });
	for await (const block of gathering) await writer.add(block);
	await writer.end();
	if ((await store.missing(missing)).length > 0) throw new FileUnavailable('no-holder');
}

function runningIn(store: BlockStore): Map<BlockId, Running> {
	const all = running.get(store) ?? new Map<BlockId, Running>();
	running.set(store, all);
	return all;
}

function silentIn(store: BlockStore): Set<string> {
	const silent = silence.get(store) ?? new Set();
	silence.set(store, silent);
	return silent;
}

/** Until it ends, however it does; whoever waits then looks what is left. */
async function join({ ended, listeners }: Running, options: FetchOptions): Promise<void> {
	listeners.add(options);
	try {
		await settledOr(ended, options.signal);
	} finally {
		listeners.delete(options);
	}
}

function arrival({ awaited }: Running, id: BlockId): Promise<void> {
	return new Promise((resolve) => {
		awaited.set(id, [...(awaited.get(id) ?? []), resolve]);
	});
}

/** Throws the signal's reason, where that comes first. */
async function settledOr(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
	signal?.throwIfAborted();
	const { promise: left, resolve: leave } = Promise.withResolvers<undefined>();
	const stop = (): void => leave(undefined);
	signal?.addEventListener('abort', stop);
	await Promise.race([work, left]);
	signal?.removeEventListener('abort', stop);
	signal?.throwIfAborted();
}

async function bringFile(
	store: BlockStore,
	file: FileName,
	holders: Holders,
	mine: Running,
	{ signal }: FetchOptions
): Promise<void> {
	const options: GatherOptions = {
		...(signal && { signal }),
		silent: silentIn(store),
		onGiven: (holder, bytes) => {
			for (const { onGiven } of mine.listeners) onGiven?.(holder, bytes);
		}
	};
	const listing = await listBlocks((id) => bringNode(store, id, holders, options), file);
	if (listing.kind !== 'whole') throw unavailable(listing.kind);
	const { chunks } = listing;
	const missing = await store.missing(chunks);
	let done = chunks.length - missing.length;
	const tell = (): void => {
		const bytes = Math.min(file.size, done * LIMITS.chunkBytes);
		for (const { onProgress } of mine.listeners) onProgress?.(bytes);
	};
	tell();
	mine.gathering = new Gathering(holders, missing, options);
	const writer = new BlockWriter(store, (ids) => {
		done += ids.length;
		for (const id of ids) {
			for (const wake of mine.awaited.get(id) ?? []) wake();
			mine.awaited.delete(id);
		}
		tell();
	});
	try {
		for await (const block of mine.gathering) await writer.add(block);
	} finally {
		await writer.end();
	}
	if ((await store.missing(chunks)).length > 0) throw new FileUnavailable('no-holder');
}

async function bringNode(
	store: BlockStore,
	id: BlockId,
	holders: Holders,
	options: GatherOptions
): Promise<Uint8Array | null> {
	const here = await store.get(id);
	if (here !== null) return here;
	// Small, and all below it waits for it.
	const gathering = new Gathering(holders, [id], { ...options, isUrgent: true });
	for await (const block of gathering) await store.put([block]);
	return store.get(id);
}
