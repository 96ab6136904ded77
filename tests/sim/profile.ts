/**
 * One browser profile: a disk and locks that its pages and workers share. A page or worker may be
 * closed at any moment; when the power goes, all of them end.
 */

import { createOffices } from '../../src/lib/net/office.ts';
import type {
	BlockStore,
	Change,
	Desk,
	Exclusive,
	Ground,
	MailStore,
	SnapshotPace
} from '../../src/lib/post/ports.ts';
import type { TableName } from '../../src/lib/post/records.ts';
import { Secret } from '../../src/lib/crypto/secret.ts';
import type { Suite } from '../../src/lib/crypto/suite.ts';
import { createMemoryDisk, type MemoryDisk } from '../conformance/memory-store.ts';
import type { Dice } from './dice.ts';
import type { Network } from './network.ts';
import { Life, never, whileAlive, type World } from './world.ts';

export class Profile {
	readonly name: string;
	readonly disk: MemoryDisk;
	isOnline = true;
	/** How far its clock is from the world's, ms. */
	skewMs: number;
	readonly #world: World;
	readonly #network: Network;
	readonly #suite: Suite;
	readonly #dice: Dice;
	readonly #deviceSeed: Uint8Array;
	readonly #locks: Locks;
	readonly #snapshotPace: SnapshotPace;
	readonly #lives = new Set<Life>();
	#count = 0;

	constructor(world: World, network: Network, suite: Suite, dice: Dice, name: string) {
		this.#world = world;
		this.#network = network;
		this.#suite = suite;
		this.name = name;
		this.#dice = dice.fork(name);
		this.#deviceSeed = this.#dice.bytes(32);
		this.skewMs = this.#dice.between(-90_000, 90_000);
		const blocksDice = this.#dice.fork('blocks');
		this.disk = createMemoryDisk((count) => blocksDice.below(count));
		this.#locks = new Locks();
		// Threads are short here: at the pace of long ones there would be no snapshot.
		this.#snapshotPace = { entries: this.#dice.fork('snapshots').pick([1, 2, 5]), share: 32 };
	}

	/** A page or worker that starts now, with nothing in memory. */
	open(kind: string): { readonly life: Life; readonly desk: Desk } {
		const life = new Life(`${this.name}.${kind}${++this.#count}`);
		this.#lives.add(life);
		life.onEnd(() => {
			this.#lives.delete(life);
			this.#locks.release(life);
		});
		this.#world.note(`${life.name} starts`);
		return { life, desk: this.#lay(life) };
	}

	close(life: Life): void {
		this.#world.end(life);
	}

	/** The power goes, now or after so many more writes; then `onCrash`, once. */
	crash(writes: number, onCrash: () => void): void {
		const die = () => {
			for (const life of [...this.#lives]) this.#world.end(life);
			onCrash();
		};
		if (writes > 0) return this.disk.crashAfter(writes - 1, die);
		this.calm();
		this.disk.crash();
		die();
	}

	/** A power cut that was still to come does not: it would end whoever starts meanwhile. */
	calm(): void {
		this.disk.crashAfter(Number.POSITIVE_INFINITY, () => undefined);
	}

	#lay(life: Life): Desk {
		const { mail, blocks, ring } = this.disk.open();
		const ground: Ground = {
			suite: this.#suite,
			random: (size) => this.#dice.bytes(size),
			now: () => this.#world.clock.now + this.skewMs
		};
		const caller = { name: this.name, life, isOnline: () => this.isOnline };
		return {
			...ground,
			store: this.#slowMail(life, mail),
			blocks: this.#slowBlocks(life, blocks),
			ring,
			keys: {
				deviceSigner: () =>
					whileAlive(life, this.#suite.signer(new Secret(this.#deviceSeed.slice())))
			},
			offices: createOffices({ ...ground, fetch: this.#network.fetchOf(caller) }),
			exclusive: this.#locks.exclusiveOf(life),
			snapshotPace: this.#snapshotPace,
			appUrl: 'https://app.example/'
		};
	}

	/** Each call may have to wait for its turn before it is done, and again before it is heard of. */
	async #call<T>(life: Life, label: string, work: () => Promise<T>): Promise<T> {
		const world = this.#world;
		const { storageTurn } = this.#network.weather;
		if (life.isOver) return never();
		if (world.dice.chance(storageTurn)) await world.turn(life, label);
		const answer = await whileAlive(life, work());
		if (world.dice.chance(storageTurn / 2)) await world.turn(life, `${label}, done`);
		return answer;
	}

	#slowMail(life: Life, store: MailStore): MailStore {
		const call = <T>(label: string, work: () => Promise<T>) => this.#call(life, label, work);
		return {
			get: (table, key) => call(`get ${table}`, () => store.get(table, key)),
			list: <T extends TableName>(table: T, prefix?: readonly string[]) =>
				call(`list ${table}`, () => store.list(table, prefix)),
			commit: (changes, options) => {
				const label = `commit ${describe(changes)}`;
				return call(label, () => {
					this.#world.note(`${life.name} ${label}`);
					return store.commit(changes, options);
				});
			},
			recall: (table, key) => call(`recall ${table}`, () => store.recall(table, key)),
			presume: (table, key) => call(`presume ${table}`, () => store.presume(table, key)),
			recallAll: (table) => call(`recall all ${table}`, () => store.recallAll(table)),
			update: (table, key, decide, options) =>
				call(`update ${table}`, () => {
					this.#world.note(`${life.name} update ${table}`);
					return store.update(table, key, decide, options);
				}),
			takesLocks: () => store.takesLocks(),
			subscribe: (listener) => store.subscribe(listener)
		};
	}

	#slowBlocks(life: Life, store: BlockStore): BlockStore {
		const call = <T>(label: string, work: () => Promise<T>) => this.#call(life, label, work);
		return {
			has: (id) => call('has block', () => store.has(id)),
			get: (id) => call('get block', () => store.get(id)),
			missing: (ids) => call('missing blocks', () => store.missing(ids)),
			put: (list) => call('put block', () => store.put(list)),
			remove: (ids) => call('remove block', () => store.remove(ids))
		};
	}
}

function describe(changes: readonly Change[]): string {
	return changes.map((each) => ('put' in each ? each.table : `-${each.table}`)).join(' ');
}

interface Waiting {
	readonly life: Life;
	readonly grant: () => void;
}

/** Web Locks: shared by the processes of one profile; a process that ends lets go of its own. */
class Locks {
	readonly #holders = new Map<string, Life>();
	readonly #waiting = new Map<string, Waiting[]>();

	exclusiveOf(life: Life): Exclusive {
		return async (name, work, { signal } = {}) => {
			signal?.throwIfAborted();
			await this.#take(name, life);
			try {
				return await whileAlive(life, work());
			} finally {
				this.#pass(name);
			}
		};
	}

	release(life: Life): void {
		for (const [name, list] of this.#waiting) {
			this.#waiting.set(
				name,
				list.filter((each) => each.life !== life)
			);
		}
		for (const [name, holder] of [...this.#holders]) if (holder === life) this.#pass(name);
	}

	async #take(name: string, life: Life): Promise<void> {
		if (life.isOver) return never();
		if (!this.#holders.has(name)) {
			this.#holders.set(name, life);
			return;
		}
		const list = this.#waiting.get(name) ?? [];
		this.#waiting.set(name, list);
		await new Promise<void>((grant) => list.push({ life, grant }));
	}

	#pass(name: string): void {
		const next = this.#waiting.get(name)?.shift();
		if (next === undefined) {
			this.#holders.delete(name);
			return;
		}
		this.#holders.set(name, next.life);
		next.grant();
	}
}
