/**
 * Blocks of one file from several holders at once. Each holder works through pieces of one list; who
 * is done helps out where others are still waited for, so that a slow holder costs what it gives and
 * no more. What a silent holder was asked for is asked elsewhere, too, and nobody waits for it a second
 * time. A holder that does not give what it was asked for (it has it not, or lies) is asked for those
 * blocks no more, and after some such pieces for nothing.
 */

import { cidToBlockId, type BlockId } from '../wire/ids.ts';
import type { Block } from '../wire/office.ts';
import { Unreachable, type Signalled } from './ports.ts';

/** Somebody who may have blocks. What it gives has been checked against its CID. */
export interface Holder {
	/** The same for the same holder, however often it is listed. */
	readonly name: string;
	fetch(ids: readonly BlockId[], options: Signalled): AsyncIterable<Block>;
}

export interface StoredBlock {
	readonly id: BlockId;
	readonly data: Uint8Array;
}

export interface GatherOptions extends Signalled {
	readonly onGiven?: (holder: string, bytes: number) => void;
	/** All are asked for the same at once: for little that much waits for. */
	readonly isUrgent?: boolean;
	/** Holders that gave nothing when they were last asked; kept up to date for later gatherings. */
	readonly silent?: Set<string>;
	/** Calls again and again until what it returns is called; a real interval where it is not given. */
	readonly every?: (work: () => void, ms: number) => () => void;
}

/** Blocks in one piece of work: at most 4 MiB, so that what is hurried does not wait for long. */
const PIECE_BLOCKS = { least: 4, most: 16 } as const;
/** Pieces that one holder has at a time: the next is asked before the last has come. */
const LANES = 2;
/** Pieces in a row of which a holder gave nothing; then it is asked no more. */
const EMPTY_PIECES = 2;
/** Blocks that came and wait for whoever stores them: lanes stop there, so memory does not grow. */
const WAITING_BLOCKS = 8;
/** A holder takes over from one that is that much slower, and after so many blocks of its own. */
const TAKE_OVER = { factor: 2, blocks: 4 } as const;
/**
 * A lane that gave nothing for so long has stalled, ms: even a slow link brings a block of 256 KiB in
 * that time, and whoever waits for a small file notices little. A guard against holders that take a
 * request and never answer.
 */
const STALL_MS = 5_000;
/**
 * Looks after which such a lane is given up. A guard against a peer that stays connected and never
 * answers: of what nobody else has it would hold up all files that wait for their turn.
 */
const MOST_STALLS = 12;

interface Lane {
	readonly holder: string;
	/** What its piece still lacks. */
	readonly asked: Set<BlockId>;
	readonly abort: AbortController;
	/** Of its piece. */
	given: number;
	/** It gives nothing: others may be asked for the same. */
	isStalled: boolean;
	/** What each holder had given when it began. */
	readonly before: ReadonlyMap<string, number>;
}

/** To be iterated once; ends when all has come, or when no holder has what is left. */
export class Gathering implements AsyncIterable<StoredBlock> {
	readonly #list: () => readonly Holder[];
	readonly #options: GatherOptions;
	/** Not stored yet, in the order in which they are asked. */
	readonly #left: Set<BlockId>;
	/** Wanted before all others. */
	readonly #hurried = new Set<BlockId>();
	/** Under way, and by how many. */
	readonly #flying = new Map<BlockId, number>();
	readonly #given = new Map<string, number>();
	readonly #lacking = new Map<string, Set<BlockId>>();
	readonly #empty = new Map<string, number>();
	readonly #lanes = new Set<Lane>();
	readonly #come: StoredBlock[] = [];
	#failure: { readonly cause: unknown } | null = null;
	#wakers: (() => void)[] = [];

	constructor(
		holders: () => readonly Holder[],
		ids: readonly BlockId[],
		options: GatherOptions = {}
	) {
		this.#list = holders;
		this.#left = new Set(ids);
		this.#options = options;
	}

	/** These first; what is not wanted here is ignored. */
	hurry(ids: readonly BlockId[]): void {
		for (const id of ids) if (this.#left.has(id)) this.#hurried.add(id);
		if (this.#hurried.size > 0) this.#enlist(LANES + 1);
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<StoredBlock> {
		const { signal } = this.#options;
		const wake = (): void => this.#wake();
		signal?.addEventListener('abort', wake);
		try {
			this.#enlist();
			for (;;) {
				signal?.throwIfAborted();
				if (this.#failure !== null) throw this.#failure.cause;
				const next = this.#come.shift();
				if (next !== undefined) {
					this.#wake();
					yield next;
				} else if (this.#left.size === 0 || this.#lanes.size === 0) return;
				else await this.#change();
			}
		} finally {
			signal?.removeEventListener('abort', wake);
			this.#left.clear();
			for (const { abort } of this.#lanes) abort.abort();
			this.#wake();
		}
	}

	/** Gives every holder something to do, those too who came since the last look. */
	#enlist(lanes = LANES): void {
		const holders = this.#list();
		const unasked = this.#left.size - this.#flying.size;
		const share = Math.ceil(unasked / (LANES * Math.max(1, holders.length)));
		const size = Math.min(PIECE_BLOCKS.most, Math.max(PIECE_BLOCKS.least, share));
		for (const holder of holders) {
			const own = [...this.#lanes].filter((lane) => lane.holder === holder.name).length;
			for (let lane = own; lane < lanes; lane++) if (!this.#begin(holder, size)) break;
		}
	}

	#begin(holder: Holder, size: number): boolean {
		const { name } = holder;
		if ((this.#empty.get(name) ?? 0) >= EMPTY_PIECES) return false;
		const asked = this.#pieceFor(name, size);
		if (asked.size === 0) return false;
		const abort = new AbortController();
		const before = new Map(this.#given);
		const { isUrgent = false, silent } = this.#options;
		const isStalled = isUrgent || silent?.has(name) === true;
		const lane: Lane = { holder: name, asked, abort, given: 0, isStalled, before };
		for (const id of asked) this.#flying.set(id, (this.#flying.get(id) ?? 0) + 1);
		this.#lanes.add(lane);
		void this.#work(holder, lane);
		return true;
	}

	/** What is hurried, then what nobody was asked for, then what slower holders are waited for. */
	#pieceFor(holder: string, size: number): Set<BlockId> {
		const lacking = this.#lacking.get(holder);
		const own = new Set([...this.#lanes].flatMap((l) => (l.holder === holder ? [...l.asked] : [])));
		const piece = new Set<BlockId>();
		const add = (ids: Iterable<BlockId>, most: number): void => {
			for (const id of ids) {
				if (piece.size >= size) return;
				if ((this.#flying.get(id) ?? 0) > most || own.has(id) || lacking?.has(id)) continue;
				piece.add(id);
			}
		};
		add(this.#hurried, 1);
		add(this.#left, 0);
		if (piece.size > 0) return piece;
		for (const lane of this.#lanes) if (this.#isSlower(lane, holder)) add(lane.asked, 1);
		for (const lane of this.#lanes) if (lane.isStalled) add(this.#stuck(lane), Infinity);
		return piece;
	}

	/** What no lane but stalled ones was asked for. */
	#stuck({ asked }: Lane): BlockId[] {
		const lanes = [...this.#lanes].filter(({ isStalled }) => !isStalled);
		return [...asked].filter((id) => lanes.every((lane) => !lane.asked.has(id)));
	}

	#isSlower(lane: Lane, holder: string): boolean {
		const since = (this.#given.get(holder) ?? 0) - (lane.before.get(holder) ?? 0);
		return since >= Math.max(TAKE_OVER.blocks, TAKE_OVER.factor * lane.given);
	}

	/** Until it is aborted. */
	#watch(lane: Lane): void {
		const { every = everyInterval, silent } = this.#options;
		let [seen, stalls] = [0, 0];
		const stop = every(() => {
			// Not its fault where whoever stores has to catch up.
			lane.isStalled = lane.given === seen && this.#come.length < WAITING_BLOCKS;
			seen = lane.given;
			stalls = lane.isStalled ? stalls + 1 : 0;
			if (!lane.isStalled) return;
			silent?.add(lane.holder);
			if (stalls >= MOST_STALLS) lane.abort.abort();
			else this.#enlist();
		}, STALL_MS);
		lane.abort.signal.addEventListener('abort', stop);
	}

	async #work(holder: Holder, lane: Lane): Promise<void> {
		const { signal: outer } = this.#options;
		const { signal } = lane.abort;
		const stop = (): void => lane.abort.abort();
		outer?.addEventListener('abort', stop);
		this.#watch(lane);
		let isGone = false;
		try {
			for await (const { cid, data } of holder.fetch([...lane.asked], { signal })) {
				const id = cidToBlockId(cid);
				if (!lane.asked.has(id)) continue;
				this.#land(lane, id);
				lane.given++;
				lane.isStalled = false;
				this.#options.silent?.delete(holder.name);
				this.#given.set(holder.name, (this.#given.get(holder.name) ?? 0) + 1);
				if (this.#take(holder.name, { id, data })) await this.#room(signal);
			}
		} catch (problem) {
			if (problem instanceof Unreachable) isGone = true;
			else if (!signal.aborted) this.#failure = { cause: problem };
		}
		outer?.removeEventListener('abort', stop);
		const isCancelled = signal.aborted;
		stop();
		this.#end(lane, { isGone, isCancelled });
	}

	#land(lane: Lane, id: BlockId): void {
		lane.asked.delete(id);
		const others = (this.#flying.get(id) ?? 1) - 1;
		if (others > 0) this.#flying.set(id, others);
		else this.#flying.delete(id);
	}

	/** False: another was faster. */
	#take(holder: string, block: StoredBlock): boolean {
		if (!this.#left.delete(block.id)) return false;
		this.#hurried.delete(block.id);
		this.#come.push(block);
		this.#options.onGiven?.(holder, block.data.length);
		for (const lane of this.#lanes) {
			if (!lane.asked.has(block.id)) continue;
			this.#land(lane, block.id);
			if (lane.asked.size === 0) lane.abort.abort();
		}
		this.#wake();
		return true;
	}

	#end(lane: Lane, { isGone, isCancelled }: { isGone: boolean; isCancelled: boolean }): void {
		this.#lanes.delete(lane);
		const { holder, given, isStalled } = lane;
		const lacking = this.#lacking.get(holder) ?? new Set();
		this.#lacking.set(holder, lacking);
		for (const id of [...lane.asked]) {
			this.#land(lane, id);
			if (!isCancelled) lacking.add(id);
		}
		const empty = this.#empty.get(holder) ?? 0;
		if (isGone) this.#empty.set(holder, EMPTY_PIECES);
		else if (!isCancelled || isStalled) this.#empty.set(holder, given === 0 ? empty + 1 : 0);
		if (this.#left.size > 0 && this.#failure === null) this.#enlist();
		this.#wake();
	}

	/** Until whoever stores has caught up. */
	async #room(signal: AbortSignal): Promise<void> {
		while (this.#come.length >= WAITING_BLOCKS && !signal.aborted) await this.#change();
	}

	async #change(): Promise<void> {
		await new Promise<void>((resolve) => this.#wakers.push(resolve));
	}

	#wake(): void {
		for (const resolve of this.#wakers.splice(0)) resolve();
	}
}

function everyInterval(work: () => void, ms: number): () => void {
	const interval = setInterval(work, ms);
	return () => clearInterval(interval);
}
