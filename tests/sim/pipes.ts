/**
 * A pair of pipes between two processes: in order and without loss while it lasts, in pieces of any
 * size, late, and gone at any moment, for the two ends not at the same time.
 */

import { PipeGone, type Pipe } from '../../src/lib/net/pipe.ts';
import { concat } from '../../src/lib/wire/bytes.ts';
import type { PeerName } from '../../src/lib/wire/ids.ts';
import type { Network } from './network.ts';
import { watchFor } from './plaintext.ts';
import { never, type Life, type World } from './world.ts';

/** What one way holds before its sender has to wait. */
const ROOM_BYTES = 256 * 1024;
/** How long an end may not notice that the other is gone, ms. */
const UNNOTICED_MS = 60_000;

export interface PipeEnd {
	readonly life: Life;
	readonly peer: PeerName;
}

export function createPipes(
	world: World,
	network: Pick<Network, 'weather'>,
	dialler: PipeEnd,
	listener: PipeEnd
): [Pipe, Pipe] {
	const there = new Way(world, network, dialler.life, listener.life);
	const back = new Way(world, network, listener.life, dialler.life);
	const toPipe = (local: PipeEnd, remote: PipeEnd, out: Way, into: Way): Pipe => {
		const close = () => {
			into.end();
			void out.endLater();
		};
		local.life.onEnd(close);
		const incoming = into.read();
		return {
			local: local.peer,
			remote: remote.peer,
			send: (bytes) => out.send(bytes),
			incoming,
			close
		};
	};
	for (const way of [there, back]) {
		way.onBreak(() => {
			void there.endLater();
			void back.endLater();
		});
	}
	return [toPipe(dialler, listener, there, back), toPipe(listener, dialler, back, there)];
}

/** One direction. */
class Way {
	readonly #world: World;
	readonly #network: Pick<Network, 'weather'>;
	readonly #from: Life;
	readonly #to: Life;
	readonly #label: string;
	#flying: Uint8Array[] = [];
	#arrived: Uint8Array[] = [];
	#isCarrying = false;
	#isEnding = false;
	#hasEnded = false;
	#wakeReader: () => void = () => undefined;
	#wakeSenders: (() => void)[] = [];
	#break: () => void = () => undefined;

	constructor(world: World, network: Pick<Network, 'weather'>, from: Life, to: Life) {
		this.#world = world;
		this.#network = network;
		this.#from = from;
		this.#to = to;
		this.#label = `pipe ${from.name} → ${to.name}`;
	}

	onBreak(work: () => void): void {
		this.#break = work;
	}

	async send(bytes: Uint8Array): Promise<void> {
		if (this.#from.isOver) return never();
		if (this.#isEnding) throw new PipeGone();
		watchFor(this.#world, bytes, this.#label);
		this.#flying.push(bytes.slice());
		if (!this.#isCarrying) void this.#carry();
		while (sizeOf(this.#flying) > ROOM_BYTES && !this.#isEnding) {
			await new Promise<void>((resolve) => this.#wakeSenders.push(resolve));
		}
		if (this.#from.isOver) return never();
		if (this.#isEnding) throw new PipeGone();
	}

	async *read(): AsyncGenerator<Uint8Array> {
		for (;;) {
			if (this.#to.isOver) await never();
			const piece = this.#arrived.shift();
			if (piece !== undefined) yield piece;
			else if (this.#hasEnded) return;
			else await new Promise<void>((resolve) => (this.#wakeReader = resolve));
		}
	}

	/** The reader sees the end now. */
	end(): void {
		this.#isEnding = true;
		this.#hasEnded = true;
		this.#flying = [];
		this.#wake();
	}

	/** Nothing goes in any more; some of what is on its way may still arrive. */
	async endLater(): Promise<void> {
		if (this.#isEnding) return;
		this.#isEnding = true;
		const { dice, ether } = this.#world;
		this.#flying = this.#flying.slice(0, dice.below(this.#flying.length + 1));
		this.#wake();
		if (dice.chance(0.2)) {
			await this.#world.sleep(ether, dice.below(UNNOTICED_MS), `${this.#label} unnoticed end`);
		}
		while (this.#flying.length > 0) await this.#turn();
		await this.#world.turn(ether, `${this.#label} ends`);
		this.end();
	}

	async #carry(): Promise<void> {
		this.#isCarrying = true;
		while (this.#flying.length > 0 && !this.#isEnding) {
			await this.#turn();
			if (this.#world.dice.chance(this.#network.weather.brokenPipe)) this.#break();
		}
		this.#isCarrying = false;
	}

	async #turn(): Promise<void> {
		const { dice, ether } = this.#world;
		await this.#world.turn(ether, `${this.#label} ${sizeOf(this.#flying)} bytes`);
		const taken = this.#flying.splice(0, 1 + dice.below(this.#flying.length));
		if (taken.length === 0) return;
		const bytes = concat(...taken);
		const cut = dice.chance(0.1) ? dice.below(bytes.length) : 0;
		if (cut > 0) this.#arrived.push(bytes.subarray(0, cut));
		this.#arrived.push(bytes.subarray(cut));
		this.#wake();
	}

	#wake(): void {
		this.#wakeReader();
		for (const wake of this.#wakeSenders.splice(0)) wake();
	}
}

function sizeOf(pieces: readonly Uint8Array[]): number {
	return pieces.reduce((sum, { length }) => sum + length, 0);
}
