/** The node in the leader's page: reaches people, takes and gives what is shared with them. */

import type { Account } from '../post/account.ts';
import {
	StorageFull,
	Unreachable,
	type Connection,
	type Courier,
	type Desk
} from '../post/ports.ts';
import type { OutboxRecord } from '../post/records.ts';
import type { Address } from '../wire/ids.ts';
import { putContact } from '../post/contacts.ts';
import { bundlesFor } from '../post/outbox.ts';
import { reachTargets } from '../post/reach.ts';
import { createRecipient } from '../post/recipient.ts';
import { countRefusals } from '../post/refusals.ts';
import { createHeliaBlockstore } from '../store/helia-blockstore.ts';
import type { Store } from '../store/store.ts';
import type { Written } from '../post/send.ts';
import { nextTask } from './breath.ts';
import { createErrand } from './errand.ts';
import type { Witness } from '../net/departures.ts';
import type { Net } from '../net/start.ts';

export interface NodePorts {
	readonly desk: Desk;
	readonly account: Account;
	readonly database: Store['database'];
	/** Told of each connection that opens. */
	readonly witness: Witness;
	/** Connections or relays have changed. */
	readonly onChange: () => void;
	/** A peer brought entries, or is there to be asked for blocks. */
	readonly onNews: () => void;
}

export interface RunningNode {
	readonly net: Net;
	/** Tries to reach whom this user writes with. */
	readonly reach: Reach;
	/** Gives what was written to those of its recipients who are connected; was any of it given? */
	push(): Promise<boolean>;
	/** The same of what was just written, at once: nothing is read. */
	readonly give: (written: readonly Written[]) => void;
}

/** Peers that were not to be reached are tried again after this: they come to us as well, ms. */
const REACH_AGAIN_MS = 120_000;

/**
 * libp2p and Helia are loaded here, when the screen is there already. Throws `Unreachable` where the
 * network was lost before they came.
 */
export async function startNode(ports: NodePorts, signal: AbortSignal): Promise<RunningNode> {
	const { desk, account, database } = ports;
	const { startNet } = await import('../net/start.ts').catch((cause: unknown) => {
		throw new Unreachable('the node is not downloaded yet', { cause });
	});
	// Evaluating it has taken long enough for one task.
	await nextTask();
	const { peerSeed, peer, office } = account.record;
	const net = await startNet({
		ground: desk,
		account: { root: account.root, peerSeed, peer, auth: account.auth },
		offices: desk.offices,
		relays: office === '' ? [] : [office],
		recipient: createRecipient(desk, account, {
			onReceived: () => ports.onNews(),
			onConnections: (change, connection) => {
				ports.onChange();
				if (change === 'connected') ports.onNews();
				void rememberSeen(desk, connection).catch(report);
			}
		}),
		blocks: createHeliaBlockstore(database),
		breathe: desk.breathe,
		witness: ports.witness,
		onRefused: (reason) => void countRefusals(desk, [reason]).catch(report),
		onFailure: report
	});
	if (signal.aborted) await net.stop();
	signal.addEventListener('abort', () => void net.stop().catch(reportError), { once: true });
	net.subscribe(ports.onChange);
	ports.onChange();
	return {
		net,
		reach: startReaching(ports, net.courier, signal),
		...createPush(desk, net.courier)
	};
}

/** `isForced`: also those who were not to be reached before; else only if somebody is new. */
type Reach = (isForced: boolean) => void;

function startReaching({ desk, account }: NodePorts, courier: Courier, signal: AbortSignal): Reach {
	let tried = '';
	const errand = createErrand(
		async () => {
			const targets = await reachTargets(desk, account);
			const wanted = JSON.stringify(targets.map(({ address, peers }) => [address, peers]).sort());
			if (wanted === tried) return true;
			tried = wanted;
			await Promise.all(targets.map((target) => courier.reach(target, { signal })));
			return true;
		},
		{ signal }
	);
	const reach: Reach = (isForced) => {
		if (isForced) tried = '';
		errand.ask();
	};
	const timer = setInterval(() => reach(true), REACH_AGAIN_MS);
	signal.addEventListener('abort', () => clearInterval(timer), { once: true });
	reach(true);
	return reach;
}

/** Each record once to each connected recipient; who connects later is brought up to date by the node. */
function createPush(desk: Desk, courier: Courier): Pick<RunningNode, 'push' | 'give'> {
	const pushed = new Set<string>();
	let isGiven = false;
	const receivers = ({ id, knocks }: OutboxRecord): Address[] =>
		knocks.flatMap(({ to }) => {
			const isConnected = courier.connections.some(({ address }) => address === to);
			return isConnected && !pushed.has(`${id}/${to}`) ? [to] : [];
		});
	return {
		async push() {
			for (const record of await desk.store.list('outbox')) {
				for (const to of receivers(record)) {
					courier.push(to, await bundlesFor(desk, record, to));
					pushed.add(`${record.id}/${to}`);
					isGiven = true;
				}
			}
			const wasGiven = isGiven;
			isGiven = false;
			return wasGiven;
		},
		give(written) {
			for (const { record, bundles } of written) {
				// Newcomers get more: what came before is in storage.
				if (record.past !== undefined) continue;
				for (const to of receivers(record)) {
					pushed.add(`${record.id}/${to}`);
					courier.push(to, bundles);
					isGiven = true;
				}
			}
		}
	};
}

async function rememberSeen(desk: Desk, { address }: Connection): Promise<void> {
	await desk.store.update('contact', [address], (contact) =>
		contact === null ? [] : [putContact({ ...contact, lastSeen: desk.now() })]
	);
}

/** No room passes by itself, and the screen says so; all else is a defect. */
function report(error: unknown): void {
	if (!(error instanceof StorageFull)) reportError(error);
}
