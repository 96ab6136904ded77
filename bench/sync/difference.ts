/**
 * What two replicas say to find how they differ: real sessions with proof, comparison and credit, on a
 * pipe in memory that counts. Storage is a double; what is said does not depend on it.
 */
import { meet } from '../../src/lib/net/meet.ts';
import type { Pipe } from '../../src/lib/net/pipe.ts';
import { printOfEntries } from '../../src/lib/threads/print.ts';
import { decodeCanonical, isMap } from '../../src/lib/wire/codec.ts';
import { entryIdOf, type EntryBundle } from '../../src/lib/wire/entry.ts';
import type { EntryId, ThreadId } from '../../src/lib/wire/ids.ts';
import { FrameReader } from '../../src/lib/wire/frame.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import {
	createPipes,
	makeEntry,
	Replica,
	seededRandom,
	threadOf
} from '../../tests/net/support/memory.ts';

/** Not the entries themselves, nor what is said of them afterwards. */
const RECONCILES = ['ranges', 'want'];

export interface Difference {
	readonly roundTrips: number;
	/** Both directions, frames included. */
	readonly bytes: number;
	readonly ms: number;
}

/** So many threads of so many entries each. */
export function createThreads(threads: number, perThread: number): Thread[] {
	const random = seededRandom(1);
	return Array.from({ length: threads }, () => makeThread(random, perThread));
}

/**
 * @param seed chooses which entries are missing
 * @param missing how many each of the two lacks; those of Alice are others than those of Bob
 */
export async function measureDifference(
	all: readonly Thread[],
	missing: readonly [number, number],
	seed: number
): Promise<Difference> {
	const random = seededRandom(seed);
	const [alice, bob] = [await Replica.create(1), await Replica.create(2)];
	alice.meets(bob);
	bob.meets(alice);
	for (const [side, replica] of [alice, bob].entries()) {
		hold(replica, all, new Set(draw(random, all, missing[side] ?? 0, side)));
	}
	const begin = performance.now();
	const talk = listen(createPipes([alice.peer, bob.peer]));
	const [dialler, listener] = await Promise.all([
		meet(alice.ports(1), talk.pipes[0], bob.root),
		meet(bob.ports(2), talk.pipes[1], null)
	]);
	if (dialler === null || listener === null) throw new Error('they did not meet');
	const ends = [dialler.run(), listener.run()];
	const acked = missing[0] + missing[1];
	while (alice.acked.length + bob.acked.length < acked) {
		await new Promise((resolve) => setImmediate(resolve));
	}
	const ms = performance.now() - begin;
	talk.pipes[0].close();
	await Promise.all(ends);
	const total = all.reduce((sum, { entries }) => sum + entries.size, 0);
	if (alice.entries.size !== total || bob.entries.size !== total) throw new Error('not equal');
	return { ...talk.heard(), ms };
}

export interface Thread {
	readonly id: ThreadId;
	readonly entries: ReadonlyMap<EntryId, EntryBundle>;
}

function makeThread(random: ReturnType<typeof seededRandom>, length: number): Thread {
	const first = makeEntry(random, null, []);
	const id = threadOf(first);
	let last = entryIdOf(first.header);
	const entries = new Map([[last, first]]);
	while (entries.size < length) {
		const next = makeEntry(random, id, [last]);
		last = entryIdOf(next.header);
		entries.set(last, next);
	}
	return { id, entries };
}

/** The last entries of threads that are far from each other; those of the two sides differ. */
function draw(
	random: ReturnType<typeof seededRandom>,
	all: readonly Thread[],
	count: number,
	side: number
): EntryId[] {
	const stride = Math.floor(all.length / count);
	const [jitter = 0] = random(1);
	return Array.from({ length: count }, (_, i) => {
		const thread = all[(i * stride + 2 * (jitter % 100) + side) % all.length];
		const last = [...(thread?.entries.keys() ?? [])].at(-1);
		if (last === undefined) throw new Error('no such thread');
		return last;
	});
}

/** Gives a replica all but some, and prints that are there, as the rows of threads have them. */
function hold(replica: Replica, all: readonly Thread[], gone: ReadonlySet<EntryId>): void {
	const idsByThread = new Map<ThreadId, EntryId[]>();
	for (const { id, entries } of all) {
		const ids = [...entries.keys()].filter((entry) => !gone.has(entry));
		idsByThread.set(id, ids);
		for (const entry of ids) replica.entries.set(entry, entries.get(entry) ?? never());
	}
	const prints = [...idsByThread].map(([id, ids]) => [id, printOfEntries(ids)] as const);
	replica.sharedWith = () => Promise.resolve(new Map(prints));
	replica.entryIdsFor = (_, thread) => Promise.resolve(idsByThread.get(thread) ?? []);
}

function never(): never {
	throw new Error('an entry is listed and not there');
}

/** Counts what is said, and how often one had to wait for the other's answer to say it. */
function listen(pipes: readonly [Pipe, Pipe]) {
	let bytes = 0;
	let deepest = 0;
	const depths = [0, 0];
	/** Depths of what is on its way, by receiver. */
	const flights: [number[], number[]] = [[], []];
	const wrap = (inner: Pipe, own: 0 | 1): Pipe => {
		const other = own === 0 ? 1 : 0;
		const reader = new FrameReader(LIMITS.frameBytes);
		async function* incoming(): AsyncGenerator<Uint8Array> {
			for await (const piece of inner.incoming) {
				depths[own] = Math.max(depths[own] ?? 0, flights[own].shift() ?? 0);
				yield piece;
			}
		}
		return {
			local: inner.local,
			remote: inner.remote,
			close: () => inner.close(),
			incoming: incoming(),
			async send(piece) {
				const reconciling = sizeOf(reader, piece);
				bytes += reconciling;
				const depth = (depths[own] ?? 0) + (reconciling > 0 ? 1 : 0);
				if (reconciling > 0) deepest = Math.max(deepest, depth);
				flights[other].push(depth);
				await inner.send(piece);
			}
		};
	};
	return {
		pipes: [wrap(pipes[0], 0), wrap(pipes[1], 1)] as const,
		heard: () => ({ bytes, roundTrips: Math.ceil(deepest / 2) })
	};
}

function sizeOf(reader: FrameReader, piece: Uint8Array): number {
	const cut = reader.push(piece);
	if (!cut.ok) throw new Error(cut.reason);
	return cut.value
		.filter((payload) => RECONCILES.includes(typeOf(payload)))
		.reduce((sum, payload) => sum + payload.length + 4, 0);
}

function typeOf(payload: Uint8Array): string {
	const plain = decodeCanonical(payload, payload.length);
	return plain.ok && isMap(plain.value) ? String(plain.value['t']) : '';
}
