import { multiaddr } from '@multiformats/multiaddr';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Unreachable } from '../post/ports.ts';
import type { Relay } from './relay-book.ts';
import { Supervisor, type RelayStatus, type SupervisorPorts } from './supervisor.ts';

const PEER = '12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo';
const URL = 'https://post.example';
const address = multiaddr(`/dns/post.example/tcp/443/tls/ws/p2p/${PEER}`);

/** A node whose relay does what the test says. */
class World {
	isUp = true;
	isOnline = true;
	grants = true;
	answersPing = true;
	readonly asks: number[] = [];
	readonly dials: number[] = [];
	identified = 0;
	connection: { isReserved: boolean } | null = null;
	readonly states: string[] = [];
	wake = (): void => undefined;
	readonly #listeners = new Set<() => void>();

	end(): void {
		this.connection = null;
		for (const listener of this.#listeners) listener();
	}

	ports(): SupervisorPorts {
		const remotePeer = { toString: () => PEER };
		const link = { remotePeer, status: 'open', abort: () => this.end() };
		const relay: Relay = { url: URL, peer: PEER, addresses: [address], stun: [] };
		const node = {
			dial: async () => {
				this.dials.push(Date.now());
				if (!this.isUp) throw new Error('nobody there');
				this.connection = { isReserved: false };
				return link;
			},
			getConnections: () => (this.connection === null ? [] : [link]),
			getMultiaddrs: () =>
				this.connection?.isReserved === true ? [address.encapsulate('/p2p-circuit')] : [],
			addEventListener: (_: string, listener: () => void) => this.#listeners.add(listener),
			removeEventListener: (_: string, listener: () => void) => this.#listeners.delete(listener),
			services: {
				identify: {
					identify: async () => {
						this.identified++;
						if (this.connection !== null && this.grants) this.connection.isReserved = true;
					}
				},
				ping: {
					ping: async () => {
						if (!this.answersPing) throw new Error('no answer');
						return 1;
					}
				}
			}
		} as unknown as SupervisorPorts['node'];
		return {
			node,
			door: { addRelay: () => undefined },
			book: {
				find: async () => {
					this.asks.push(Date.now());
					if (!this.isUp) throw new Unreachable();
					return relay;
				},
				forget: () => undefined
			},
			surroundings: {
				isOnline: () => this.isOnline,
				onWake: (listener) => {
					this.wake = listener;
					return () => undefined;
				}
			},
			now: () => Date.now(),
			jitter: () => 0.5,
			onStatus: ({ state }: RelayStatus) => this.states.push(state)
		};
	}
}

let world: World;
let supervisor: Supervisor;

beforeEach(() => {
	vi.useFakeTimers({ now: 1_000_000 });
	world = new World();
	supervisor = new Supervisor(world.ports(), [URL]);
});
afterEach(() => {
	supervisor.stop();
	vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('the supervisor', () => {
	it('dials, is reserved, and says so', async () => {
		supervisor.start();
		await pass(3_000);
		expect(world.states).toEqual(['waiting', 'relay']);
		expect(supervisor.status.relays).toEqual([{ url: URL, isConnected: true }]);
		await pass(600_000);
		expect(world.dials).toHaveLength(1);
	});

	it('tries again later and later, with a longest wait, and calls it offline', async () => {
		world.isUp = false;
		supervisor.start();
		await pass(10_000);
		expect(world.states).toEqual(['waiting', 'offline']);
		await pass(3_600_000);
		world.isUp = true;
		await pass(90_000);
		expect(world.states.at(-1)).toBe('relay');
	});

	it('waits longer after each failure, up to a minute', async () => {
		world.isUp = false;
		supervisor.start();
		await pass(3_600_000);
		const gaps = world.asks.map((at, i) => at - (world.asks[i - 1] ?? at)).slice(1);
		expect(gaps.slice(0, 5)).toEqual([3_000, 3_000, 6_000, 9_000, 18_000]);
		expect(Math.max(...gaps)).toBe(60_000);
	});

	it('dials at once when the connection ends', async () => {
		supervisor.start();
		await pass(3_000);
		world.end();
		await pass(0);
		expect(world.dials).toHaveLength(2);
		expect(world.states).toEqual(['waiting', 'relay', 'waiting', 'relay']);
	});

	it('begins anew where a connection brings no reservation', async () => {
		world.grants = false;
		supervisor.start();
		await pass(20_000);
		world.grants = true;
		await pass(10_000);
		expect(world.dials.length).toBeGreaterThan(1);
		expect(world.states.at(-1)).toBe('relay');
	});

	it('notices a reservation that is lost while the connection stands', async () => {
		supervisor.start();
		await pass(3_000);
		if (world.connection !== null) world.connection.isReserved = false;
		await pass(3_000);
		expect(world.identified).toBe(2);
		expect(world.states.at(-1)).toBe('relay');
	});

	it('asks a relay that looks connected when the page wakes, and dials anew if it is silent', async () => {
		supervisor.start();
		await pass(3_000);
		world.wake();
		await pass(0);
		expect(world.dials).toHaveLength(1);
		world.answersPing = false;
		world.wake();
		await pass(0);
		expect(world.dials).toHaveLength(2);
	});

	it('takes a clock that jumped for sleep', async () => {
		supervisor.start();
		await pass(3_000);
		world.answersPing = false;
		vi.setSystemTime(Date.now() + 3_600_000);
		await pass(3_000);
		expect(world.dials).toHaveLength(2);
	});

	it('tries at once when woken, however long it would have waited', async () => {
		world.isUp = false;
		supervisor.start();
		await pass(1_200_000);
		world.isUp = true;
		world.wake();
		await pass(0);
		expect(world.states.at(-1)).toBe('relay');
	});

	it('says offline at once where the browser does', async () => {
		world.isUp = false;
		world.isOnline = false;
		supervisor.start();
		expect(world.states).toEqual(['offline']);
	});

	it('does nothing more after its end', async () => {
		supervisor.start();
		await pass(3_000);
		supervisor.stop();
		world.end();
		await pass(600_000);
		expect(world.dials).toHaveLength(1);
	});
});
