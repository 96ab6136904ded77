/** Raw blocks over a session: asked by CID, answered back to back within the asker's credit. */

import type { Suite } from '../crypto/suite.ts';
import type { Recipient, Signalled } from '../post/ports.ts';
import { isDigestOf } from '../wire/codec.ts';
import { cidToBlockId, idToCid, type Address, type BlockId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { encodeObject, type Block } from '../wire/office.ts';
import type { Refusal } from '../wire/refusal.ts';
import type { Ask, PeerBlock } from '../wire/sync.ts';
import type { Incoming } from './incoming.ts';
import type { Outgoing } from './outgoing.ts';
import { Breach } from './pipe.ts';

/** Answers that we owe a peer at one time; ours asks for a quarter of it. */
const OWED_BLOCKS = 4 * LIMITS.blocksPerRequest;

/**
 * Blocks that are read ahead of the one that is being sent: the line does not wait for storage, which
 * answers several questions of one moment as fast as one.
 */
const READ_AHEAD = { least: 4, most: 12 } as const;

/** The side that has the blocks: answers in the order of asking. */
export class BlockServer {
	readonly #blockFor: (id: BlockId) => Promise<Uint8Array | null>;
	readonly #outgoing: Outgoing;
	readonly #onFailure: (cause: unknown) => void;
	/** Asked, and not read yet. */
	readonly #owed: Ask['cids'][number][] = [];
	#isRunning = false;

	constructor(
		recipient: Recipient,
		address: Address,
		outgoing: Outgoing,
		onFailure: (cause: unknown) => void
	) {
		this.#blockFor = async (id) => recipient.blockFor(address, id);
		this.#outgoing = outgoing;
		this.#onFailure = onFailure;
	}

	/** Throws `Breach` where the peer asks for more than it takes. */
	serve({ cids }: Ask): void {
		if (this.#owed.length + cids.length > OWED_BLOCKS) throw new Breach('rate-limited');
		this.#owed.push(...cids);
		if (this.#isRunning) return;
		this.#isRunning = true;
		this.#run().catch(this.#onFailure);
	}

	async #run(): Promise<void> {
		const ahead: { cid: Ask['cids'][number]; data: Promise<Uint8Array | null> }[] = [];
		for (;;) {
			const isLow = ahead.length < READ_AHEAD.least;
			while (isLow && ahead.length < READ_AHEAD.most) {
				const cid = this.#owed.shift();
				if (cid === undefined) break;
				const data = this.#blockFor(cidToBlockId(cid));
				data.catch(() => undefined); // thrown where it is waited for
				ahead.push({ cid, data });
			}
			const next = ahead.shift();
			if (next === undefined) break;
			const payload = encodeObject('block', { cid: next.cid, data: await next.data });
			await this.#outgoing.bulk(payload);
		}
		this.#isRunning = false;
	}
}

/** One `fetch`: what has come for it and was not taken yet, each with the way to give credit back. */
interface Basket {
	readonly come: {
		readonly block: Block;
		/** Does it hash to its CID? Computed beside the others, while more come. */
		readonly isRight: Promise<boolean>;
		readonly done: () => void;
	}[];
	readonly waiting: Set<BlockId>;
	wake: () => void;
}

/** The side that asks. A block that two ask for travels once. */
export class BlockFetcher {
	readonly #outgoing: Outgoing;
	readonly #incoming: Incoming;
	readonly #suite: Pick<Suite, 'hashBlock'>;
	readonly #onRefused: (reason: Refusal) => void;
	#isWide = false;
	/** On their way. */
	readonly #asked = new Map<BlockId, Set<Basket>>();
	/** Not asked yet. */
	readonly #wanted = new Map<BlockId, Set<Basket>>();
	#hasEnded = false;

	constructor(
		outgoing: Outgoing,
		incoming: Incoming,
		suite: Pick<Suite, 'hashBlock'>,
		onRefused: (reason: Refusal) => void
	) {
		this.#outgoing = outgoing;
		this.#incoming = incoming;
		this.#suite = suite;
		this.#onRefused = onRefused;
	}

	/** Ends when each has come or is not there, and when the session ends. Throws the signal's reason. */
	async *fetch(ids: readonly BlockId[], { signal }: Signalled = {}): AsyncGenerator<Block> {
		const basket: Basket = { come: [], waiting: new Set(ids), wake: () => undefined };
		const wake = (): void => basket.wake();
		signal?.addEventListener('abort', wake);
		try {
			if (!this.#isWide) this.#incoming.widen(LIMITS.fetchCreditBytes - LIMITS.creditBytes);
			this.#isWide = true;
			for (const id of basket.waiting) this.#want(id, basket);
			this.#ask();
			for (;;) {
				signal?.throwIfAborted();
				const next = basket.come.shift();
				if (next !== undefined) {
					try {
						if (await next.isRight) yield next.block;
					} finally {
						next.done();
					}
				} else if (basket.waiting.size === 0 || this.#hasEnded) return;
				else await new Promise<void>((resolve) => (basket.wake = resolve));
			}
		} finally {
			signal?.removeEventListener('abort', wake);
			this.#drop(basket);
		}
	}

	/** Throws `Breach` where nobody asked for it. */
	take({ cid, data }: PeerBlock, done: () => void): void {
		const id = cidToBlockId(cid);
		const baskets = this.#asked.get(id);
		if (baskets === undefined) throw new Breach('wrong-shape');
		this.#asked.delete(id);
		this.#ask();
		const [first] = baskets;
		const isRight = data === null ? null : this.#isRight(cid, data);
		for (const basket of baskets) {
			basket.waiting.delete(id);
			if (data !== null && isRight !== null) {
				const block: Block = { v: 1, t: 'block', cid, data };
				const free = basket === first ? done : () => undefined;
				basket.come.push({ block, isRight, done: free });
			}
			basket.wake();
		}
		if (data === null || first === undefined) done();
	}

	async #isRight(cid: PeerBlock['cid'], data: Uint8Array): Promise<boolean> {
		const isRight = isDigestOf(cid, await this.#suite.hashBlock(data));
		if (!isRight) this.#onRefused('wrong-hash');
		return isRight;
	}

	/** Does somebody wait for blocks? */
	get isBusy(): boolean {
		return this.#asked.size + this.#wanted.size > 0;
	}

	/** The session is over: whoever waits goes on without the rest. */
	end(): void {
		this.#hasEnded = true;
		for (const baskets of [...this.#asked.values(), ...this.#wanted.values()]) {
			for (const basket of baskets) basket.wake();
		}
	}

	#want(id: BlockId, basket: Basket): void {
		const baskets = this.#asked.get(id) ?? this.#wanted.get(id) ?? new Set();
		baskets.add(basket);
		if (!this.#asked.has(id)) this.#wanted.set(id, baskets);
	}

	/** Keeps one request full on its way, so that the line never waits for our next word. */
	#ask(): void {
		const room = LIMITS.blocksPerRequest - this.#asked.size;
		if (room < LIMITS.blocksPerRequest / 2 || this.#wanted.size === 0 || this.#hasEnded) return;
		const ids: BlockId[] = [];
		for (const [id, baskets] of this.#wanted) {
			if (ids.length === room) break;
			ids.push(id);
			this.#asked.set(id, baskets);
			this.#wanted.delete(id);
		}
		this.#outgoing.small(encodeObject('ask', { cids: ids.map(idToCid) }));
	}

	/** Its caller has gone: what is on its way for it comes and is let go. */
	#drop(basket: Basket): void {
		for (const { done } of basket.come.splice(0)) done();
		for (const id of basket.waiting) {
			this.#asked.get(id)?.delete(basket);
			const wanted = this.#wanted.get(id);
			wanted?.delete(basket);
			if (wanted?.size === 0) this.#wanted.delete(id);
		}
	}
}
