/**
 * Builds the network of one identity in the leader page: node, courier, supervisor. To be imported
 * when it is needed (`import('../net/start.ts')`): libp2p and Helia are the largest part of the app.
 */

import type { Agreement } from '../crypto/suite.ts';
import type { Connection, Courier, Ground, Offices, Recipient } from '../post/ports.ts';
import { createCompare } from '../threads/reconcile.ts';
import type { PeerName } from '../wire/ids.ts';
import type { Refusal } from '../wire/refusal.ts';
import { Libp2pCourier } from './courier.ts';
import { linkToDeparture, stunToDeparture, type Witness } from './departures.ts';
import type { MeetingPorts } from './meet.ts';
import { startPeer, type Peer, type PeerOptions } from './peer.ts';
import { currentPlace } from './reachable.ts';
import { RelayBook } from './relay-book.ts';
import { onPageLife, pageSurroundings } from './surroundings.ts';
import { Supervisor, type RelayStatus } from './supervisor.ts';

export interface NetAccount {
	/** 32 bytes each. */
	readonly root: Uint8Array;
	readonly peerSeed: Uint8Array;
	/** `peerNameOf` of that seed. */
	readonly peer: PeerName;
	readonly auth: Agreement;
}

export interface NetOptions {
	readonly ground: Ground;
	readonly account: NetAccount;
	readonly offices: Offices;
	/** Base URLs of the own post offices: through their relays we are reachable. */
	readonly relays: readonly string[];
	readonly recipient: Recipient;
	/** Published blocks, which bitswap gives to proved peers. */
	readonly blocks?: PeerOptions['blocks'];
	readonly breathe?: PeerOptions['breathe'];
	/** Told of each connection that opens, and of each question for the own address. */
	readonly witness: Witness;
	/** A peer broke the protocol, or a stranger knocked: counted, nobody is told. */
	readonly onRefused: (reason: Refusal) => void;
	/** Our own storage failed while a peer spoke. */
	readonly onFailure: (cause: unknown) => void;
}

export interface Net {
	readonly courier: Courier;
	/** Of the present run. Its blockstore is the public part: bitswap gives it to proved peers. */
	readonly helia: Peer['helia'];
	readonly status: RelayStatus;
	/** Told at each change; returns the way out. */
	subscribe(listener: (status: RelayStatus) => void): () => void;
	stop(): Promise<void>;
}

/** One start of the node: another one after the page came back from the browser's cache. */
interface Run {
	readonly courier: Libp2pCourier;
	readonly helia: Peer['helia'];
	stop(): Promise<void>;
}

/** Resolves when the node runs, which needs no network. */
export async function startNet(options: NetOptions): Promise<Net> {
	const listeners = new Set<(status: RelayStatus) => void>();
	let status: RelayStatus = {
		state: 'waiting',
		relays: options.relays.map((url) => ({ url, isConnected: false }))
	};
	const tell = (fresh: RelayStatus): void => {
		status = fresh;
		for (const listener of listeners) listener(fresh);
	};
	let run: Promise<Run> | null = startRun(options, tell);
	let { courier, helia } = await run;
	const hide = async (): Promise<void> => {
		const last = run;
		run = null;
		await (await last)?.stop();
	};
	const show = async (): Promise<void> => {
		run ??= startRun(options, tell);
		({ courier, helia } = await run);
	};
	const leave = onPageLife(
		() => void hide(),
		() => void show()
	);
	return {
		courier: {
			get connections(): readonly Connection[] {
				return courier.connections;
			},
			reach: async (target, signalled) => courier.reach(target, signalled),
			push: (address, bundles) => courier.push(address, bundles),
			fetch: (address, ids, signalled) => courier.fetch(address, ids, signalled)
		},
		get helia() {
			return helia;
		},
		get status() {
			return status;
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		async stop() {
			leave();
			await hide();
		}
	};
}

async function startRun(
	options: NetOptions,
	onStatus: (status: RelayStatus) => void
): Promise<Run> {
	const { ground, account, relays, witness } = options;
	const place = currentPlace();
	const book = new RelayBook(options.offices, place, ground.now);
	const peer = await startPeer({
		seed: account.peerSeed,
		name: account.peer,
		relays: relays.length,
		stun: () => {
			const servers = book.stunOf(relays);
			for (const url of servers) witness(stunToDeparture(url));
			return servers;
		},
		place,
		blocks: options.blocks,
		breathe: options.breathe
	});
	const { onFailure } = options;
	const courier = new Libp2pCourier(
		{ peer, book, onFailure, meeting: meetingOf(options) },
		account.peer
	);
	const { node, door } = peer;
	node.addEventListener('connection:open', ({ detail }) => witness(linkToDeparture(detail)));
	await courier.start();
	const supervisor = new Supervisor(
		{
			...{ node, door, book, onStatus, now: ground.now, surroundings: pageSurroundings() },
			jitter: () => (ground.random(1)[0] ?? 0) / 256
		},
		relays
	);
	supervisor.start();
	return {
		courier,
		helia: peer.helia,
		async stop() {
			supervisor.stop();
			await courier.stop();
			await peer.stop();
		}
	};
}

function meetingOf({ ground, account, recipient, onRefused }: NetOptions): MeetingPorts {
	const compare = createCompare(ground);
	const { root, auth } = account;
	const prover = { ground, root, auth, authKeyOf: recipient.authKeyOf.bind(recipient) };
	return { ground, recipient, compare, prover, count: onRefused, timer: startTimer };
}

function startTimer(ms: number, work: () => void): () => void {
	const timer = setTimeout(work, ms);
	return () => clearTimeout(timer);
}
