/**
 * Peers over libp2p: the port `Courier`. A peer is dialled through the relay of its post office and
 * proves itself there; then the dialler tries to connect directly, and the session moves. Where that
 * cannot be, the relayed connection carries everything.
 */

import type { Connection as Link, Stream } from '@libp2p/interface';
import type { Connection, Courier, ReachTarget, Signalled } from '../post/ports.ts';
import type { EntryBundle } from '../wire/entry.ts';
import {
	addressToRootKey,
	cidToBlockId,
	parsePeerName,
	type Address,
	type BlockId,
	type PeerName
} from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Block } from '../wire/office.ts';
import { SYNC_PROTOCOL } from '../wire/sync.ts';
import { Dialler } from './dialler.ts';
import { meet, type MeetingPorts } from './meet.ts';
import type { Peer } from './peer.ts';
import type { RelayBook } from './relay-book.ts';
import { Roster, type Held } from './roster.ts';
import type { Session } from './session.ts';
import { streamToPipe } from './stream-pipe.ts';

export interface CourierPorts {
	readonly peer: Peer;
	readonly book: RelayBook;
	readonly meeting: MeetingPorts;
	/** Storage failed while a peer spoke: ours to show. */
	readonly onFailure: (cause: unknown) => void;
}

/** Streams of ours on one connection: the one that stands, and one that may take its place. */
const STREAMS = 4;
/**
 * Before it is tried to connect directly: what two have missed of each other comes first, for setting up
 * WebRTC keeps both busy, and a session that moves begins to compare anew. It has come when nothing was
 * said for so long, and much of it is carried directly all the same; but not the rest of a long thread,
 * whose whole outline would be said again.
 */
const SILENT_MS = 200;
const MOST_BEFORE_DIRECT_MS = 2_000;
const MOST_WHILE_LONG_MS = 60_000;
/** Waits after which a peer that we dialled and lost is dialled again; then the app decides. */
const AGAIN_MS = [1_000, 5_000, 20_000];

export class Libp2pCourier implements Courier {
	readonly #ports: CourierPorts;
	readonly #roster: Roster;
	readonly #dialler: Dialler;
	readonly #own: PeerName;
	/** One dial for each peer at a time. */
	readonly #dialling = new Map<PeerName, Promise<Connection | null>>();
	readonly #timers = new Set<ReturnType<typeof setTimeout>>();
	#isStopped = false;

	constructor(ports: CourierPorts, own: PeerName) {
		this.#ports = ports;
		this.#own = own;
		this.#roster = new Roster(ports.meeting.recipient);
		this.#dialler = new Dialler(ports.peer, ports.book);
	}

	async start(): Promise<void> {
		const { node } = this.#ports.peer;
		await node.handle(SYNC_PROTOCOL, (stream, link) => this.#answer(stream, link), {
			runOnLimitedConnection: true,
			maxInboundStreams: STREAMS,
			maxOutboundStreams: STREAMS
		});
	}

	async stop(): Promise<void> {
		this.#isStopped = true;
		for (const timer of this.#timers) clearTimeout(timer);
		this.#roster.closeAll();
		await this.#ports.peer.node.unhandle(SYNC_PROTOCOL);
	}

	get connections(): readonly Connection[] {
		return this.#roster.connections;
	}

	async reach(target: ReachTarget, options?: Signalled): Promise<Connection | null> {
		const known = this.#roster.of(target.address)[0]?.connection ?? null;
		const peers = target.peers.filter((peer) => peer !== this.#own).slice(0, LIMITS.devices);
		const dials = peers.map(async (peer) => this.#reachPeer(peer, target, options));
		return known ?? firstOf(dials);
	}

	push(address: Address, bundles: readonly EntryBundle[]): void {
		for (const { session } of this.#roster.of(address)) session.push(bundles);
	}

	/** What one session does not bring, because it ended or has it not, the next may. */
	async *fetch(
		address: Address,
		ids: readonly BlockId[],
		options?: Signalled
	): AsyncGenerator<Block> {
		const left = new Set(ids);
		const asked = new Set<Session>();
		while (left.size > 0) {
			const next = this.#roster.of(address).find(({ session }) => !asked.has(session));
			if (next === undefined) return;
			asked.add(next.session);
			for await (const block of next.session.fetch([...left], options)) {
				left.delete(cidToBlockId(block.cid));
				yield block;
			}
		}
	}

	async #reachPeer(
		peer: PeerName,
		target: ReachTarget,
		options?: Signalled
	): Promise<Connection | null> {
		const standing = this.#roster.at(peer);
		if (standing !== null) return standing.connection;
		const under = this.#dialling.get(peer);
		if (under !== undefined) return under;
		const dial = this.#dial(peer, target, options)
			.catch((cause: unknown) => {
				this.#ports.onFailure(cause); // of storage: what the network does is `null` already
				return null;
			})
			.finally(() => this.#dialling.delete(peer));
		this.#dialling.set(peer, dial);
		return dial;
	}

	async #dial(
		peer: PeerName,
		target: ReachTarget,
		options?: Signalled
	): Promise<Connection | null> {
		for (const url of target.offices) {
			const link = await this.#dialler.throughRelay(peer, url, options);
			const held = link && (await this.#call(link, target));
			if (held === null) continue;
			if (held.connection.path === 'relay') void this.#goDirect(held, target);
			return this.#roster.at(peer)?.connection ?? null;
		}
		return null;
	}

	/** Opens our stream on a fresh connection. */
	async #call(link: Link, target: ReachTarget): Promise<Held | null> {
		const stream = await this.#dialler.openStream(link);
		if (stream === null) return null;
		return this.#begin(stream, link, target);
	}

	#answer(stream: Stream, link: Link): void {
		this.#begin(stream, link, null).catch(this.#ports.onFailure);
	}

	/** @param target whom we dialled; `null`: the peer dialled us */
	async #begin(stream: Stream, link: Link, target: ReachTarget | null): Promise<Held | null> {
		const peer = parsePeerName(link.remotePeer.toString());
		if (peer === null) return null;
		const pipe = streamToPipe(stream, this.#own, peer);
		const root = target && addressToRootKey(target.address);
		const session = await meet(this.#ports.meeting, pipe, root);
		if (session === null) {
			this.#dropUnproved(link, peer);
			return null;
		}
		const held: Held = {
			session,
			connection: { address: session.address, peer, path: link.direct ? 'direct' : 'relay' },
			dialler: target === null ? peer : this.#own,
			since: this.#ports.meeting.ground.now()
		};
		void this.#run(held, link, target);
		return held;
	}

	#dropUnproved(link: Link, peer: PeerName): void {
		if (!this.#ports.peer.door.isProved(peer)) link.abort(new Error('not proved'));
	}

	async #run(held: Held, link: Link, target: ReachTarget | null): Promise<void> {
		const leave = this.#ports.peer.door.admit(held.connection.peer);
		if (this.#isStopped || !this.#roster.hold(held)) held.session.close();
		else void this.#dialler.introduce(link);
		const end = await held.session.run();
		leave();
		const isGone = this.#roster.release(held);
		void this.#dialler.hangUp(link);
		if (end.kind === 'failed') this.#ports.onFailure(end.cause);
		if (isGone && end.kind === 'closed' && target !== null) this.#reachAgain(target, 0);
	}

	/** A relayed session stays while we try, and stands where we fail. */
	async #goDirect(held: Held, target: ReachTarget): Promise<void> {
		const { peer } = held.connection;
		await this.#untilSilent(held);
		for (const wait of this.#dialler.directWaits()) {
			await this.#sleep(wait);
			if (this.#roster.at(peer) !== held) return;
			const link = await this.#dialler.directly(peer);
			if (link === 'never') return;
			if (link === null) continue;
			// The peer may have needed until now to find out what we lack.
			await this.#untilSilent(held);
			const standing = this.#roster.at(peer);
			if (standing !== null && standing !== held) return this.#dialler.hangUp(link);
			if ((await this.#call(link, target)) !== null) return;
		}
	}

	/** Or until it has ended, or another stands in its place. */
	async #untilSilent(held: Held): Promise<void> {
		const { session, since, connection } = held;
		const { now } = this.#ports.meeting.ground;
		while (this.#roster.at(connection.peer) === held) {
			const most = session.hasOutline ? MOST_WHILE_LONG_MS : MOST_BEFORE_DIRECT_MS;
			const left = Math.min(session.movedAt + SILENT_MS, since + most) - now();
			if (left <= 0 || left > SILENT_MS) return; // or the clock was set back
			await this.#sleep(left);
		}
	}

	#reachAgain(target: ReachTarget, tries: number): void {
		const wait = AGAIN_MS[tries];
		if (wait === undefined) return;
		void this.#sleep(wait).then(async () => {
			const reached = await this.reach(target);
			if (reached === null) this.#reachAgain(target, tries + 1);
		});
	}

	async #sleep(ms: number): Promise<void> {
		await new Promise<void>((resolve) => {
			const timer = setTimeout(() => {
				this.#timers.delete(timer);
				resolve();
			}, ms);
			this.#timers.add(timer);
		});
	}
}

/** The first that is one; `null` when all are none. */
async function firstOf<T>(tries: readonly Promise<T | null>[]): Promise<T | null> {
	const found = tries.map(async (one) => (await one) ?? Promise.reject(new Error('none')));
	return Promise.any(found).catch(() => null);
}
