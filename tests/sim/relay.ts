/**
 * A relay's post office, run after run over one disk: the real rooms behind the real counter, without
 * sockets. A crash takes its memory and leaves its disk.
 */

import type { Answer, Asked } from '../../relay/asked.ts';
import { createCounter, type AnswerRequest } from '../../relay/counter.ts';
import { BOUNDS } from '../../relay/office/bounds.ts';
import { createOffice, type Office } from '../../relay/office/office.ts';
import type { OfficeStore } from '../../relay/office/ports.ts';
import { encodeRow } from '../../relay/office/tables.ts';
import { startRounds, type Rounds } from '../../relay/rounds.ts';
import { createMemoryStore } from '../../relay/store/memory.ts';
import type { Suite, Verifier } from '../../src/lib/crypto/suite.ts';
import { utf8 } from '../../src/lib/wire/bytes.ts';
import { keyToPeerName } from '../../src/lib/wire/ids.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import type { Dice } from './dice.ts';
import { createSimErrands } from './errands.ts';
import { HostDown, type Host, type Network } from './network.ts';
import { watchFor } from './plaintext.ts';
import { Life, type World } from './world.ts';

const QUOTA_BYTES = 64 * 1024 * 1024;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The power went: what a room that still runs is told by the disk. */
class PowerGone extends Error {}

interface Run {
	readonly life: Life;
	readonly boot: string;
	readonly office: Office;
	readonly rounds: Rounds;
	readonly answer: AnswerRequest;
}

export class SimRelay implements Host {
	readonly url: string;
	readonly name: string;
	readonly #world: World;
	readonly #network: Network;
	readonly #suite: Suite;
	readonly #disk: OfficeStore = createMemoryStore();
	readonly #peer: string;
	#life: Life | null = null;
	#run: Run | null = null;
	#runs = 0;
	/** Commits until the power goes; `null`: it stays. */
	#left: number | null = null;

	constructor(world: World, network: Network, suite: Suite, dice: Dice, name: string) {
		this.#world = world;
		this.#network = network;
		this.#suite = suite;
		this.name = name;
		this.url = `https://${name}.example`;
		this.#peer = keyToPeerName(dice.bytes(32));
		network.addHost(this.url, this, name);
	}

	get isUp(): boolean {
		return this.#life !== null;
	}

	/** What lies on its disk, for the judge. */
	get disk(): Pick<OfficeStore, 'has' | 'list'> {
		return this.#disk;
	}

	/** Notices in memory. */
	get notices(): number {
		return this.#run?.office.notices.size ?? 0;
	}

	/** Does this notice lie here? Ids in hex. */
	hasNotice(slot: string, knock: string): boolean {
		return this.#run?.office.notices.get(slot, knock) != null;
	}

	start(): void {
		if (this.#life !== null) return;
		const life = new Life(`${this.name}.${++this.#runs}`);
		this.#life = life;
		this.#world.note(`${life.name} starts`);
		const boot = life.name;
		const office = this.#openOffice(life, boot);
		const report = (error: unknown) => {
			if (!life.isOver) this.#world.fail(error);
		};
		const rounds = startRounds(office, report);
		// At once where the first round, which begins at the start, has met the end already.
		life.onEnd(() => rounds.stop());
		if (life.isOver) return;
		this.#run = { life, boot, office, rounds, answer: createCounter(office, () => undefined) };
	}

	crash(): void {
		const life = this.#life;
		this.#life = null;
		this.#run = null;
		this.#left = null;
		if (life !== null) this.#world.end(life);
	}

	/** The power goes when so many more commits are on the disk. */
	crashAfter(commits: number): void {
		this.#left = commits;
	}

	/** A power cut that was still to come does not. */
	calm(): void {
		this.#left = null;
	}

	async answer(asked: Asked): Promise<Answer> {
		const run = this.#run;
		if (run === null) throw new HostDown();
		if (asked.path === '/.well-known/defms.json') {
			return { route: 'terms', status: 200, body: utf8(JSON.stringify(this.#terms(run.boot))) };
		}
		const answer = await untilDown(run.life, run.answer(asked));
		const { body } = answer;
		return body instanceof Uint8Array
			? answer
			: { ...answer, body: piecesUntilDown(run.life, body) };
	}

	#terms(boot: string) {
		return {
			...{ version: 1, office: this.#peer, publicUrl: this.url, boot, register: 'open' },
			...{ addresses: [], stun: [], quotaBytes: QUOTA_BYTES },
			noticesPerMinute: LIMITS.noticesPerMinute,
			keptDays: LIMITS.unconfirmedMs / DAY_MS
		};
	}

	#openOffice(life: Life, boot: string): Office {
		const world = this.#world;
		const caller = { name: this.name, life, isOnline: () => true };
		return createOffice({
			store: this.#store(life),
			verifier: this.#verifier(life),
			errands: createSimErrands(this.#network.fetchOf(caller)),
			now: () => world.clock.now,
			sleep: (ms, signal) => world.sleep(life, ms, 'an office sleeps', signal),
			hurry: () => this.#run?.rounds.hurry(),
			breathe: () => world.turn(life, 'breathe'),
			...{ name: this.#peer, boot, publicUrl: this.url, quotaBytes: QUOTA_BYTES },
			...{ accounts: BOUNDS.accounts, totalBytes: BOUNDS.totalBytes }
		});
	}

	/** Hashes and checks of other requests come between. */
	#verifier(life: Life): Verifier {
		const world = this.#world;
		const pass = async (what: string) => {
			if (world.dice.chance(this.#network.weather.storageTurn)) await world.turn(life, what);
		};
		return {
			name: this.#suite.name,
			sha256: async (bytes) => {
				await pass('hashes');
				return this.#suite.sha256(bytes);
			},
			hashBlock: async (bytes) => {
				await pass('hashes');
				return this.#suite.hashBlock(bytes);
			},
			verify: async (key, message, signature) => {
				await pass('verifies');
				return this.#suite.verify(key, message, signature);
			}
		};
	}

	#store(life: Life): OfficeStore {
		const disk = this.#disk;
		return {
			get: (table, key) => disk.get(table, key),
			has: (table, key) => disk.has(table, key),
			list: (table, prefix, page) => disk.list(table, prefix, page),
			commit: (changes) => {
				if (life.isOver) throw new PowerGone();
				for (const change of changes) {
					if ('put' in change) watchFor(this.#world, encodeRow(change.put), `${this.name}'s disk`);
				}
				if (this.#left === 0) this.#lose();
				disk.commit(changes);
				this.#world.note(`${life.name} commits ${changes.map(({ table }) => table).join(' ')}`);
				if (this.#left !== null && --this.#left === 0) this.#lose();
			}
		};
	}

	#lose(): never {
		this.crash();
		throw new PowerGone();
	}
}

/** Rejects with `HostDown` when the life ends first. */
function untilDown<T>(life: Life, promise: Promise<T>): Promise<T> {
	return new Promise((resolve, reject) => {
		life.onEnd(() => reject(new HostDown()));
		promise.then(resolve, (error: unknown) =>
			reject(error instanceof PowerGone ? new HostDown() : error)
		);
	});
}

async function* piecesUntilDown(
	life: Life,
	body: Iterable<Uint8Array> | AsyncIterable<Uint8Array>
): AsyncGenerator<Uint8Array> {
	const pieces = toIterator(body);
	try {
		for (;;) {
			const next = await untilDown(life, pieces.next());
			if (next.done === true) return;
			yield next.value;
		}
	} finally {
		// As the HTTP server does when the asker leaves: whoever made the pieces tidies up.
		if (!life.isOver) await pieces.return?.(undefined);
	}
}

async function* toIterator(
	body: Iterable<Uint8Array> | AsyncIterable<Uint8Array>
): AsyncGenerator<Uint8Array> {
	yield* body;
}
