/**
 * The protocol of one long-lived stream between two identities (protocol §5; its frames stand in
 * wire/sync.ts). Proof first; then both sides find out which entries the other lacks, push new ones
 * and serve blocks. No libp2p here: the simulator runs it over queues in memory.
 */

import type { Ground, Parting, Recipient, Signalled } from '../post/ports.ts';
import { cidOfObject } from '../wire/codec.ts';
import { entryIdOf, headerDecoder, type EntryBundle } from '../wire/entry.ts';
import { cidToEntryId, cidToThreadId } from '../wire/ids.ts';
import type { Address, BlockId, EntryId, ThreadId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Block } from '../wire/office.ts';
import { isRefusal, type Refusal } from '../wire/refusal.ts';
import {
	syncFrameDecoder,
	type Ack,
	type Bare,
	type Entries,
	type Nack,
	type SyncFrame
} from '../wire/sync.ts';
import { CatchUp } from './catch-up.ts';
import { Incoming } from './incoming.ts';
import { Lane } from './lane.ts';
import { Outgoing } from './outgoing.ts';
import { Breach, PipeGone, type Pipe } from './pipe.ts';
import type { Proved } from './proof.ts';
import type { Compare } from './reconcile.ts';
import { BlockFetcher, BlockServer } from './session-blocks.ts';
import { EntryReceiver, EntrySender } from './session-entries.ts';

export interface SessionPorts {
	readonly ground: Ground;
	readonly recipient: Recipient;
	readonly compare: Compare;
	/** Counts what a peer did wrong; nobody is told. */
	readonly count: (reason: Refusal) => void;
}

/** Why a session is over: a peer's breach, a failure of ours (storage), or just the pipe's end. */
export type SessionEnd =
	| { readonly kind: 'closed' }
	| { readonly kind: 'breach'; readonly reason: Refusal }
	| { readonly kind: 'failed'; readonly cause: unknown };

/** Entries of one frame on their way into storage, or headers of several. */
interface Arrived {
	readonly bundles: EntryBundle[];
	/** Gives the credit back, of each frame. */
	readonly done: (() => void)[];
	bytes: number;
}

/** Pieces of work that wait for storage; an honest peer makes a few. */
const WAITING_FRAMES = 16_384;

/** What a proof leaves behind. */
export interface Start extends Proved {
	/** What the peer said after its proof. */
	readonly frames: AsyncIterable<Uint8Array>;
	readonly isDialler: boolean;
}

export class Session {
	/** Proved. */
	readonly address: Address;
	readonly #ports: SessionPorts;
	readonly #pipe: Pipe;
	readonly #start: Start;
	readonly #outgoing: Outgoing;
	readonly #incoming: Incoming;
	readonly #sender: EntrySender;
	readonly #receiver: EntryReceiver;
	readonly #server: BlockServer;
	readonly #fetcher: BlockFetcher;
	/** What writes to storage, and what compares with it, each in the order in which it came. */
	readonly #storing: Lane;
	readonly #comparing: Lane;
	/** Headers, where they are the last that waits for storage: those that come go with them. */
	#outline: Arrived | null = null;
	#hasOutline = false;
	#catchUp: CatchUp | null = null;
	/** When one of us last said something, or had written what the other said. */
	#movedAt: number;
	#end: SessionEnd | null = null;

	constructor(ports: SessionPorts, pipe: Pipe, start: Start) {
		const { recipient } = ports;
		const fail = (cause: unknown): void => this.#finish(endOf(cause));
		this.address = start.address;
		this.#ports = ports;
		this.#pipe = pipe;
		this.#start = start;
		this.#outgoing = new Outgoing(pipe, fail);
		this.#incoming = new Incoming(this.#outgoing);
		this.#sender = new EntrySender(recipient, this.address, this.#outgoing, fail);
		this.#receiver = new EntryReceiver(recipient, this.address, this.#outgoing);
		this.#server = new BlockServer(recipient, this.address, this.#outgoing, fail);
		const { suite } = ports.ground;
		this.#fetcher = new BlockFetcher(this.#outgoing, this.#incoming, suite, ports.count);
		this.#movedAt = ports.ground.now();
		this.#storing = new Lane(WAITING_FRAMES, fail);
		this.#comparing = new Lane(WAITING_FRAMES, fail);
	}

	/** Compares, then serves until the pipe ends, the peer breaks the protocol, or `close`. */
	async run(): Promise<SessionEnd> {
		this.#comparing.add(async () => this.#beginCatchUp());
		try {
			for await (const payload of this.#start.frames) {
				if (this.#end !== null) break;
				this.#take(payload);
			}
			this.#finish({ kind: 'closed' });
		} catch (error) {
			this.#finish(endOf(error));
		}
		return this.#end ?? { kind: 'closed' };
	}

	/** New entries, at once; whether they arrived is said by `Recipient.acknowledged`. */
	push(bundles: readonly EntryBundle[]): void {
		this.#sender.push(bundles);
		this.#note(bundles);
	}

	/** See `Courier.fetch`; ends early when the session does. */
	fetch(ids: readonly BlockId[], options?: Signalled): AsyncGenerator<Block> {
		return this.#fetcher.fetch(ids, options);
	}

	/** Does a fetch of ours wait for blocks? Then it is worth keeping. */
	get isFetching(): boolean {
		return this.#fetcher.isBusy;
	}

	/** Has one of us told the other the outline of a long thread? Its texts come after it. */
	get hasOutline(): boolean {
		return this.#sender.hasOutline || this.#hasOutline;
	}

	/** When it last did anything, Unix ms: now, while entries wait for storage or for the peer. */
	get movedAt(): number {
		const isBusy = this.#storing.isBusy || this.#sender.isBusy;
		return isBusy ? this.#ports.ground.now() : this.#movedAt;
	}

	close(): void {
		this.#finish({ kind: 'closed' });
	}

	async #beginCatchUp(): Promise<void> {
		const { ground, recipient, compare } = this.#ports;
		const [shared, former] = await Promise.all([
			recipient.sharedWith(this.address),
			recipient.partedFrom(this.address)
		]);
		const ports = {
			suite: ground.suite,
			key: this.#start.key,
			compare,
			idsOf: (thread: ThreadId) => recipient.entryIdsFor(this.address, thread),
			say: (payload: Uint8Array) => this.#outgoing.small(payload),
			offer: (thread: ThreadId, ids: readonly EntryId[]) => this.#sender.offer(thread, ids),
			ask: (thread: ThreadId, ids: readonly EntryId[]) => this.#receiver.ask(thread, ids),
			partingOf: (thread: ThreadId) => recipient.partingOf(this.address, thread),
			parted: (thread: ThreadId, parting: Parting) =>
				recipient.parted(this.address, thread, parting)
		};
		this.#catchUp = await CatchUp.create(ports, shared, former);
		if (this.#start.isDialler) await this.#catchUp.open();
	}

	#take(payload: Uint8Array): void {
		this.#movedAt = this.#ports.ground.now();
		const decoded = syncFrameDecoder.decode(payload);
		if (decoded.ok) this.#dispatch(decoded.value, payload.length);
		else if (decoded.reason !== 'unknown-type') throw new Breach(decoded.reason);
	}

	/** Nothing in here waits: whoever sends too much is noticed at once. */
	#dispatch(said: SyncFrame, bytes: number): void {
		switch (said.t) {
			case 'hello':
			case 'challenge':
			case 'proof':
				throw new Breach('replayed');
			case 'ranges':
				return this.#comparing.add(async () => this.#catchUp?.answer(said));
			case 'want':
				return this.#sender.want(cidToThreadId(said.thread), said.ids.map(cidToEntryId));
			case 'entries':
				return this.#store(said, bytes);
			case 'ack':
				return this.#acknowledge(said);
			case 'nack':
				return this.#decline(said);
			case 'parted':
				return this.#comparing.add(async () => this.#catchUp?.parted(said));
			case 'bare':
				return this.#noteBare(said);
			case 'ask':
				return this.#server.serve(said);
			case 'block':
				return this.#fetcher.take(said, this.#incoming.take(bytes));
			case 'credit':
				return this.#outgoing.grant(said.bytes);
		}
	}

	#store({ entries }: Entries, bytes: number): void {
		const done = this.#incoming.take(bytes);
		const bundles = entries.map(({ header, body, wraps, later }) => {
			return { header, body, wraps, ...(later && { later }) };
		});
		// Texts are not held up by one another, and least of all the newest, which somebody waits for.
		const isOutline = bundles.every(({ later }) => later === true);
		this.#hasOutline ||= isOutline;
		const last = this.#outline;
		if (isOutline && last !== null && last.bytes + bytes <= LIMITS.batchBytes) {
			last.bundles.push(...bundles);
			last.done.push(done);
			last.bytes += bytes;
			return;
		}
		const next: Arrived = { bundles, done: [done], bytes };
		const store = async () => {
			// What comes from now on is not in it.
			if (this.#outline === next) this.#outline = null;
			await this.#receiver.take(bundles);
			this.#note(bundles);
			this.#movedAt = this.#ports.ground.now();
			for (const giveBack of next.done) giveBack();
		};
		this.#write(store, isOutline ? next : null);
	}

	/** In its turn, which may be now. */
	#write(work: () => Promise<void>, outline: Arrived | null = null): void {
		this.#outline = outline;
		this.#storing.add(work);
	}

	#acknowledge({ ids: cids }: Ack): void {
		const ids = cids.map(cidToEntryId);
		this.#sender.settled(ids);
		this.#write(async () => this.#ports.recipient.acknowledged(this.address, ids));
	}

	#decline({ id: cid, reason }: Nack): void {
		const id = cidToEntryId(cid);
		this.#sender.settled([id]);
		// A reason of a later version is still a no.
		const why = isRefusal(reason) ? reason : 'unknown-type';
		this.#write(async () => this.#ports.recipient.declined(this.address, id, why));
	}

	#noteBare({ thread, ids: cids }: Bare): void {
		const ids = cids.map(cidToEntryId);
		const { recipient } = this.#ports;
		this.#write(async () => recipient.tookBare(this.address, cidToThreadId(thread), ids));
	}

	/** Both have these: a later comparison need not find out. */
	#note(bundles: readonly EntryBundle[]): void {
		for (const { header, later } of bundles) {
			if (later === true) continue;
			const thread = threadOf(header);
			if (thread !== null) this.#catchUp?.note(thread, [entryIdOf(header)]);
		}
	}

	#finish(end: SessionEnd): void {
		if (this.#end !== null) return;
		this.#end = end;
		if (end.kind === 'breach') this.#ports.count(end.reason);
		this.#outgoing.fail(new PipeGone());
		this.#fetcher.end();
		this.#pipe.close();
	}
}

function endOf(cause: unknown): SessionEnd {
	if (cause instanceof Breach) return { kind: 'breach', reason: cause.reason };
	return cause instanceof PipeGone ? { kind: 'closed' } : { kind: 'failed', cause };
}

/** The first epoch entry names no thread: its own id is the thread's. */
function threadOf(header: Uint8Array): ThreadId | null {
	const decoded = headerDecoder.decode(header);
	return decoded.ok ? cidToThreadId(decoded.value.thread ?? cidOfObject(header)) : null;
}
