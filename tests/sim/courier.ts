/** Peers of one page: the real sessions over pipes in memory. */

import { meet, type MeetingPorts } from '../../src/lib/net/meet.ts';
import type { Pipe } from '../../src/lib/net/pipe.ts';
import type { Session } from '../../src/lib/net/session.ts';
import type { Account } from '../../src/lib/post/account.ts';
import {
	StorageFull,
	type Connection,
	type Courier,
	type Desk,
	type Recipient
} from '../../src/lib/post/ports.ts';
import { createCompare } from '../../src/lib/threads/reconcile.ts';
import type { Address } from '../../src/lib/wire/ids.ts';
import { Broken, type Life, type World } from './world.ts';

export interface CourierPorts {
	readonly world: World;
	readonly life: Life;
	readonly desk: Desk;
	readonly account: Account;
	readonly recipient: Recipient;
}

export class SimCourier implements Courier {
	readonly #ports: CourierPorts;
	readonly #sessions = new Map<Session, Connection>();

	constructor(ports: CourierPorts) {
		this.#ports = ports;
	}

	get connections(): readonly Connection[] {
		return [...this.#sessions.values()];
	}

	/** The simulator dials by itself. */
	reach: Courier['reach'] = async () => Promise.resolve(null);

	push: Courier['push'] = (address, bundles) => {
		for (const session of this.#of(address)) session.push(bundles);
	};

	fetch: Courier['fetch'] = (address, ids, options) => {
		const [session] = this.#of(address);
		return session === undefined ? nothing() : session.fetch(ids, options);
	};

	close(): void {
		for (const session of this.#sessions.keys()) session.close();
	}

	closeWhere(isThat: (address: Address) => boolean): void {
		for (const [session, { address }] of this.#sessions) if (isThat(address)) session.close();
	}

	/** @param dialled root of whom we dialled; `null`: it dialled us */
	async serve(pipe: Pipe, dialled: Uint8Array | null): Promise<void> {
		const { world, life, recipient } = this.#ports;
		const session = await meet(this.#meeting(), pipe, dialled);
		if (session === null) return;
		const connection = { address: session.address, peer: pipe.remote, path: 'direct' } as const;
		this.#sessions.set(session, connection);
		world.note(`${life.name} meets ${pipe.remote}`);
		recipient.connected(connection);
		const end = await session.run();
		this.#sessions.delete(session);
		recipient.disconnected(connection);
		if (end.kind === 'breach') throw new Broken(`${life.name} accuses a peer of ${end.reason}`);
		// A full disk ends a session; everything else that storage throws is a bug.
		if (end.kind === 'failed' && !(end.cause instanceof StorageFull)) throw end.cause;
	}

	#meeting(): MeetingPorts {
		const { world, life, desk, account, recipient } = this.#ports;
		return {
			ground: desk,
			recipient,
			compare: createCompare(desk),
			count: (reason) => world.note(`${life.name} counts ${reason} of a peer`),
			prover: {
				ground: desk,
				root: account.root,
				auth: account.auth,
				authKeyOf: (root) => recipient.authKeyOf(root)
			},
			timer: (ms, work) => {
				const timer = world.clock.setTimeout(work, ms);
				return () => world.clock.clear(timer);
			}
		};
	}

	#of(address: Connection['address']): Session[] {
		return [...this.#sessions]
			.filter(([, connection]) => connection.address === address)
			.map(([session]) => session);
	}
}

/** Of a peer that is not there. */
async function* nothing(): AsyncGenerator<never> {
	yield* [];
}
