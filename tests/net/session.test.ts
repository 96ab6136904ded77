import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meet } from '../../src/lib/net/meet.ts';
import { framesOf } from '../../src/lib/net/pipe.ts';
import type { Session, SessionEnd } from '../../src/lib/net/session.ts';
import { createCompare } from '../../src/lib/threads/reconcile.ts';
import { concat } from '../../src/lib/wire/bytes.ts';
import { cidOfRaw } from '../../src/lib/wire/codec.ts';
import { entryIdOf, type EntryBundle } from '../../src/lib/wire/entry.ts';
import { frame } from '../../src/lib/wire/frame.ts';
import { cidToBlockId, idToCid, type EntryId, type ThreadId } from '../../src/lib/wire/ids.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import { encodeObject, type Block } from '../../src/lib/wire/office.ts';
import {
	createPipes,
	makeEntry,
	Replica,
	seededRandom,
	threadOf,
	type PipeFaults
} from './support/memory.ts';

interface Meeting {
	readonly alice: Session | null;
	readonly bob: Session | null;
	readonly ends: Promise<SessionEnd | null>[];
	close(): void;
}

/** Alice dials Bob. */
async function connect(
	alice: Replica,
	bob: Replica,
	faults: readonly [PipeFaults, PipeFaults] = [{}, {}],
	seed = 1,
	now = () => 0
): Promise<Meeting> {
	const [a, b] = createPipes([alice.peer, bob.peer], faults);
	const [dialler, listener] = await Promise.all([
		meet(alice.ports(seed, undefined, now), a, bob.root),
		meet(bob.ports(seed + 1, undefined, now), b, null)
	]);
	const ends = [dialler, listener].map(async (one) => one?.run() ?? null);
	return { alice: dialler, bob: listener, ends, close: () => a.close() };
}

async function friends(): Promise<[Replica, Replica]> {
	const alice = await Replica.create(1);
	const bob = await Replica.create(2);
	alice.meets(bob);
	bob.meets(alice);
	return [alice, bob];
}

/** Until it holds; a test that waits for nothing is ended by vitest. */
async function until(holds: () => boolean): Promise<void> {
	while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

/** A line of entries, each the child of the one before. */
function line(random: (size: number) => Uint8Array<ArrayBuffer>, length: number): EntryBundle[] {
	const first = makeEntry(random, null, []);
	const thread = threadOf(first);
	const entries = [first];
	while (entries.length < length) {
		const last = entries.at(-1) ?? first;
		entries.push(makeEntry(random, thread, [entryIdOf(last.header)]));
	}
	return entries;
}

const isEqual = (alice: Replica, bob: Replica): boolean =>
	alice.entries.size === bob.entries.size &&
	[...alice.entries.keys()].every((id) => bob.entries.has(id));

/** Bob, to whom anything can be said under Alice's proof. */
async function spoken(): Promise<{
	bob: Replica;
	end: Promise<SessionEnd | null>;
	say: (...payloads: Uint8Array[]) => Promise<void>;
	raw: (bytes: Uint8Array) => Promise<void>;
	close: () => void;
}> {
	const [alice, bob] = await friends();
	const [a, b] = createPipes([alice.peer, bob.peer]);
	const [dialler, listener] = await Promise.all([
		meet(alice.ports(1), a, bob.root),
		meet(bob.ports(2), b, null)
	]);
	if (!dialler || !listener) throw new Error('not proved');
	return {
		bob,
		end: listener.run(),
		say: async (...payloads) => a.send(concat(...payloads.map(frame))),
		raw: async (bytes) => a.send(bytes),
		close: () => a.close()
	};
}

describe('the proof', () => {
	it('names each to the other', async () => {
		const [alice, bob] = await friends();
		const meeting = await connect(alice, bob, [{ pieceBytes: 1 }, { pieceBytes: 7 }]);
		expect(meeting.alice?.address).toBe(bob.address);
		expect(meeting.bob?.address).toBe(alice.address);
		meeting.close();
	});

	it('fails for a stranger, on both sides', async () => {
		const [alice, bob] = await friends();
		bob.known.clear();
		const meeting = await connect(alice, bob);
		expect([meeting.alice, meeting.bob]).toEqual([null, null]);
		expect(bob.counted).toEqual(['not-proved']);
	});

	it('fails for one who has another key than the card says', async () => {
		const [alice, bob] = await friends();
		const mallory = await Replica.create(3);
		bob.known.set(alice.address, mallory.auth.publicKey);
		const meeting = await connect(alice, bob);
		expect([meeting.alice, meeting.bob]).toEqual([null, null]);
	});

	it('of the listener is asked for, too: neither an invented one nor our own will do', async () => {
		for (const isReflected of [true, false]) {
			const [alice, bob] = await friends();
			const [a, m] = createPipes([alice.peer, bob.peer]);
			const meeting = meet(alice.ports(1), a, bob.root);
			const frames = framesOf(m.incoming);
			await frames.next();
			await m.send(frame(encodeObject('challenge', { nonce: new Uint8Array(32) })));
			const { value: proof = new Uint8Array(0) } = await frames.next();
			const invented = encodeObject('proof', { mac: new Uint8Array(32) });
			await m.send(frame(isReflected ? proof : invented));
			expect(await meeting).toBeNull();
			expect(alice.counted).toEqual(['not-proved']);
		}
	});

	it('does not tell a stranger whom we know', async () => {
		const [alice, bob] = await friends();
		const mallory = await Replica.create(3);
		const said = async (root: Uint8Array): Promise<number[]> => {
			const [m, b] = createPipes([mallory.peer, bob.peer]);
			const meeting = meet(bob.ports(5), b, null);
			await m.send(frame(encodeObject('hello', { root, nonce: new Uint8Array(32) })));
			await m.send(frame(encodeObject('proof', { mac: new Uint8Array(32) })));
			const sizes: number[] = [];
			for await (const piece of m.incoming) sizes.push(piece.length);
			expect(await meeting).toBeNull();
			return sizes;
		};
		expect(await said(alice.root)).toEqual(await said(mallory.root));
	});

	it('cannot be replayed into another session, nor sent back to its maker', async () => {
		const [alice, bob] = await friends();
		const sent: Uint8Array[] = [];
		const spy = (bytes: Uint8Array): Uint8Array => {
			sent.push(bytes.slice());
			return bytes;
		};
		const first = await connect(alice, bob, [{ onSend: spy }, {}]);
		expect(first.bob).not.toBeNull();
		first.close();
		const [hello, proof] = sent;
		if (!hello || !proof) throw new Error('two frames');
		const [m, b] = createPipes([alice.peer, bob.peer]);
		const meeting = meet(bob.ports(9), b, null);
		await m.send(hello);
		await m.send(proof);
		expect(await meeting).toBeNull();
		expect(bob.counted).toContain('not-proved');
	});

	it('binds the peer ids: a proof passed on by a third is none', async () => {
		const [alice, bob] = await friends();
		const mallory = await Replica.create(3);
		const [a, toAlice] = createPipes([alice.peer, mallory.peer]);
		const [toBob, b] = createPipes([mallory.peer, bob.peer]);
		const pass = async (from: typeof toAlice, to: typeof toAlice): Promise<void> => {
			for await (const piece of from.incoming) await to.send(piece).catch(() => undefined);
			to.close();
		};
		void pass(toAlice, toBob);
		void pass(toBob, toAlice);
		const met = await Promise.all([meet(alice.ports(1), a, bob.root), meet(bob.ports(2), b, null)]);
		expect(met).toEqual([null, null]);
	});

	it('takes a time, and no longer', async () => {
		const [alice, bob] = await friends();
		const [, b] = createPipes([alice.peer, bob.peer]);
		const timers: { ms: number; work: () => void }[] = [];
		const meeting = meet(
			bob.ports(1, (ms, work) => {
				timers.push({ ms, work });
				return () => undefined;
			}),
			b,
			null
		);
		expect(timers.map(({ ms }) => ms)).toEqual([LIMITS.proofMs]);
		timers[0]?.work();
		expect(await meeting).toBeNull();
		expect(bob.counted).toEqual(['not-proved']);
	});

	it('comes before every other frame, and on few bytes', async () => {
		const early: Uint8Array[] = [
			frame(encodeObject('want', { thread: cidOfRaw(Uint8Array.of(1)), ids: [] })),
			frame(encodeObject('proof', { mac: new Uint8Array(32) })),
			new Uint8Array(5000),
			frame(new Uint8Array(2000)),
			Uint8Array.of(0xff, 0xff, 0xff, 0xff),
			frame(Uint8Array.of(1, 2, 3))
		];
		for (const bytes of early) {
			const [alice, bob] = await friends();
			const [a, b] = createPipes([alice.peer, bob.peer]);
			const meeting = meet(bob.ports(1), b, null);
			await a.send(bytes);
			expect(await meeting).toBeNull();
			expect(bob.counted).toHaveLength(1);
		}
	});
});

describe('entries', () => {
	it('that one lacks come to it, parents first, and are acknowledged once', async () => {
		const [alice, bob] = await friends();
		const entries = line(seededRandom(3), 700);
		alice.add(...entries);
		bob.add(...entries.slice(0, 20));
		const meeting = await connect(alice, bob, [{ pieceBytes: 1000 }, { pieceBytes: 1000 }]);
		await until(() => isEqual(alice, bob) && alice.acked.length === 680);
		expect(bob.arrivals).toEqual({ early: 0, repeated: 0 });
		expect(new Set(alice.acked).size).toBe(680);
		meeting.close();
		expect(await Promise.all(meeting.ends)).toEqual([{ kind: 'closed' }, { kind: 'closed' }]);
	});

	it('that are many come headers first, then their bodies, newest first', async () => {
		const [alice, bob] = await friends();
		const entries = line(seededRandom(3), 700);
		alice.add(...entries);
		const meeting = await connect(alice, bob);
		await until(() => isEqual(alice, bob) && alice.acked.length === 700);
		const ids = entries.map(({ header }) => entryIdOf(header));
		// All headers before the first body; the first entry stands for what is judged first.
		expect(bob.outlined).toEqual(new Set(ids.slice(1)));
		expect(bob.order[0]).toEqual(ids[0]);
		const screen = new Set(ids.slice(-32));
		expect(new Set(bob.order.slice(1, 33))).toEqual(screen);
		expect(bob.order.indexOf(ids[1] ?? ids[0]!)).toBeGreaterThan(450);
		expect(bob.arrivals).toEqual({ early: 0, repeated: 0 });
		meeting.close();
	});

	it('of a long thread keep both sides from moving until the last is stored', async () => {
		const [alice, bob] = await friends();
		const entries = line(seededRandom(3), 700);
		alice.add(...entries);
		const stored = Promise.withResolvers<undefined>();
		bob.beforeStoring = () => stored.promise;
		let clock = 1;
		const {
			alice: writer,
			bob: reader,
			close
		} = await connect(alice, bob, [{}, {}], 1, () => clock);
		if (writer === null || reader === null) throw new Error('not proved');
		expect([writer.hasOutline, reader.hasOutline]).toEqual([false, false]);
		await until(() => writer.hasOutline && reader.hasOutline);
		// Nothing is said, and yet there is much to come.
		clock = 1_000;
		expect(reader.movedAt).toBe(1_000);
		stored.resolve(undefined);
		await until(() => isEqual(alice, bob) && alice.acked.length === 700);
		clock = 2_000;
		await until(() => writer.movedAt < 2_000 && reader.movedAt < 2_000);
		close();
	});

	it('go on with a body that did not come before the pipe broke', async () => {
		const [alice, bob] = await friends();
		alice.add(...line(seededRandom(3), 700));
		const broken = await connect(alice, bob, [{ breakAfterBytes: 280_000 }, {}]);
		await Promise.all(broken.ends);
		expect(bob.outlined.size).toBe(699);
		expect(bob.entries.size).toBeLessThan(700);
		const meeting = await connect(alice, bob, [{}, {}], 7);
		await until(() => isEqual(alice, bob));
		meeting.close();
	});

	it('of a thread that is new to one come to it whole, whoever dialled', async () => {
		for (const side of [0, 1]) {
			const [alice, bob] = await friends();
			(side === 0 ? alice : bob).add(...line(seededRandom(4), 10));
			const meeting = await connect(alice, bob);
			await until(() => isEqual(alice, bob) && alice.entries.size === 10);
			meeting.close();
		}
	});

	it('are acknowledged only after they are stored', async () => {
		const [alice, bob] = await friends();
		const written = Promise.withResolvers<undefined>();
		bob.beforeStoring = async () => {
			await written.promise;
		};
		const meeting = await connect(alice, bob);
		const [first] = line(seededRandom(5), 1);
		if (!first) throw new Error('one entry');
		alice.add(first);
		meeting.alice?.push([first]);
		for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
		expect(alice.acked).toEqual([]);
		written.resolve(undefined);
		await until(() => alice.acked.length === 1);
		meeting.close();
	});

	it('that are refused are named with their reason', async () => {
		const [alice, bob] = await friends();
		bob.refuse = () => 'not-a-member';
		const meeting = await connect(alice, bob);
		const entries = line(seededRandom(6), 1);
		meeting.alice?.push(entries);
		await until(() => alice.nacked.length === 1);
		expect(alice.nacked[0]?.reason).toBe('not-a-member');
		meeting.close();
	});

	it('whose parents are missing make us ask for these', async () => {
		const [alice, bob] = await friends();
		const meeting = await connect(alice, bob);
		await until(() => meeting.alice !== null);
		const entries = line(seededRandom(7), 5);
		for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
		alice.add(...entries);
		meeting.alice?.push(entries.slice(-1));
		await until(() => isEqual(alice, bob));
		meeting.close();
	});

	it('go before what waits, and stay within the credit', async () => {
		const [alice, bob] = await friends();
		const big = seededRandom(8);
		const first = makeEntry(big, null, []);
		const thread = threadOf(first);
		const entries = [first];
		for (let i = 0; i < 60; i++) {
			entries.push(makeEntry(big, thread, [entryIdOf(first.header)], 100_000));
		}
		alice.add(...entries);
		let sent = 0;
		const release = Promise.withResolvers<undefined>();
		bob.beforeStoring = async () => {
			await release.promise;
		};
		const count = (bytes: Uint8Array): Uint8Array => {
			sent += bytes.length;
			return bytes;
		};
		const meeting = await connect(alice, bob, [{ onSend: count }, {}]);
		await until(() => sent > LIMITS.batchBytes);
		for (let i = 0; i < 100; i++) await new Promise((resolve) => setImmediate(resolve));
		expect(sent).toBeLessThan(LIMITS.creditBytes + 20_000);
		const fresh = makeEntry(big, thread, [entryIdOf(first.header)]);
		alice.add(fresh);
		meeting.alice?.push([fresh]);
		release.resolve(undefined);
		await until(() => isEqual(alice, bob));
		expect([...bob.entries.keys()].indexOf(entryIdOf(fresh.header))).toBeLessThan(20);
		meeting.close();
	});

	it('end equal from any two states, with any pieces and new ones meanwhile', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 1_000_000 }),
				fc.integer({ min: 1, max: 60 }),
				fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 3000 })),
				async (seed, size, [one, two]) => {
					const [alice, bob] = await friends();
					grow(alice, bob, seed, size);
					const faults = [{ pieceBytes: one }, { pieceBytes: two }] as const;
					const meeting = await connect(alice, bob, faults, seed);
					const fresh = makeEntry(seededRandom(seed + 7), null, []);
					bob.add(fresh);
					meeting.bob?.push([fresh]);
					await until(() => isEqual(alice, bob));
					meeting.close();
					expect([...alice.counted, ...bob.counted]).toEqual([]);
				}
			),
			{ numRuns: 60 }
		);
	});

	it('of large threads, and of many, are found with few bytes', async () => {
		const [alice, bob] = await friends();
		const random = seededRandom(12);
		const shared = line(random, 5000);
		const many = Array.from({ length: 400 }, () => makeEntry(random, null, []));
		for (const one of [alice, bob]) one.add(...shared, ...many);
		const thread = threadOf(shared[0] ?? makeEntry(random, null, []));
		for (let i = 0; i < 10; i++) {
			const parent = shared[i * 499];
			if (parent === undefined) throw new Error('an entry');
			const child = makeEntry(random, thread, [entryIdOf(parent.header)], 0);
			(i % 2 === 0 ? alice : bob).add(child, makeEntry(random, null, []));
		}
		let said = 0;
		const count = (bytes: Uint8Array): Uint8Array => {
			said += bytes.length;
			return bytes;
		};
		const meeting = await connect(alice, bob, [{ onSend: count }, { onSend: count }]);
		await until(() => isEqual(alice, bob));
		expect(said).toBeLessThan(60_000);
		meeting.close();
	});

	it('of threads that are alike are not looked at', async () => {
		const [alice, bob] = await friends();
		const random = seededRandom(14);
		const [alike, other] = [line(random, 3), line(random, 3)];
		for (const one of [alice, bob]) one.add(...alike, ...other.slice(0, 2));
		alice.add(...other);
		const meeting = await connect(alice, bob);
		await until(() => isEqual(alice, bob) && alice.acked.length > 0);
		const differing = other.slice(0, 1).map(threadOf);
		expect([alice.opened, bob.opened]).toEqual([differing, differing]);
		meeting.close();
	});

	it('survive a pipe that breaks at any byte: the next one brings the rest', async () => {
		const whole = await friends();
		grow(...whole, 11, 25);
		const [alice, bob] = whole;
		let total = 0;
		const count = (bytes: Uint8Array): Uint8Array => {
			total += bytes.length;
			return bytes;
		};
		const measured = await connect(alice, bob, [{ onSend: count }, {}]);
		await until(() => isEqual(alice, bob));
		measured.close();
		for (let at = 0; at < total; at += 97) {
			const [one, two] = await friends();
			grow(one, two, 11, 25);
			const broken = await connect(one, two, [{ breakAfterBytes: at }, {}]);
			await Promise.all(broken.ends);
			expect([...one.counted, ...two.counted]).toEqual([]);
			const again = await connect(one, two);
			await until(() => isEqual(one, two));
			again.close();
		}
	});
});

/** Gives each of two a part, closed under parents, of the same random threads. */
function grow(alice: Replica, bob: Replica, seed: number, size: number): void {
	const random = seededRandom(seed);
	const pick = (most: number): number => ((random(1)[0] ?? 0) * 251 + (random(1)[0] ?? 0)) % most;
	const threads: { id: ThreadId; entries: { id: EntryId; owners: Set<Replica> }[] }[] = [];
	for (let i = 0; i < size; i++) {
		const thread = pick(4) === 0 ? undefined : threads[pick(Math.max(1, threads.length))];
		const owners = new Set(pick(3) === 0 ? [alice, bob] : [pick(2) === 0 ? alice : bob]);
		const visible = thread?.entries.filter((entry) =>
			[...owners].every((o) => entry.owners.has(o))
		);
		const parents = [...new Set([0, 1].map(() => visible?.[pick(visible.length || 1)]?.id))];
		const known = parents.filter((parent) => parent !== undefined);
		const isFirst = thread === undefined || known.length === 0;
		const bundle = makeEntry(random, isFirst ? null : thread.id, isFirst ? [] : known);
		const entry = { id: entryIdOf(bundle.header), owners };
		if (isFirst) threads.push({ id: threadOf(bundle), entries: [entry] });
		else thread.entries.push(entry);
		for (const owner of owners) owner.add(bundle);
	}
}

describe('blocks', () => {
	function fill(replica: Replica, count: number, bytes: number): Block[] {
		return Array.from({ length: count }, (_, i) => {
			const data = new Uint8Array(bytes).fill(i % 251);
			data[0] = i >> 8;
			data[1] = i;
			const cid = cidOfRaw(data);
			replica.blocks.set(cidToBlockId(cid), data);
			return { v: 1, t: 'block', cid, data };
		});
	}

	it('come in any number, verified, the missing left out', async () => {
		const [alice, bob] = await friends();
		const blocks = fill(bob, 200, 100_000);
		const ids = blocks.map(({ cid }) => cidToBlockId(cid));
		const [gone] = ids.splice(50, 1);
		if (gone === undefined) throw new Error('one block');
		bob.blocks.delete(gone);
		const [forged] = ids.splice(70, 1);
		if (forged === undefined) throw new Error('one block');
		bob.blocks.set(forged, Uint8Array.of(1));
		const meeting = await connect(alice, bob);
		const got: string[] = [];
		for await (const { cid } of meeting.alice?.fetch([gone, forged, ...ids]) ?? []) {
			got.push(cidToBlockId(cid));
		}
		expect(got).toEqual(ids);
		expect(alice.counted).toEqual(['wrong-hash']);
		meeting.close();
	});

	it('wait for a reader that is slow, and are let go when it leaves', async () => {
		const [alice, bob] = await friends();
		const blocks = fill(bob, 100, 200_000);
		const ids = blocks.map(({ cid }) => cidToBlockId(cid));
		let sent = 0;
		const count = (bytes: Uint8Array): Uint8Array => {
			sent += bytes.length;
			return bytes;
		};
		const meeting = await connect(alice, bob, [{}, { onSend: count }]);
		const reader = meeting.alice?.fetch(ids);
		await reader?.next();
		for (let i = 0; i < 100; i++) await new Promise((resolve) => setImmediate(resolve));
		expect(sent).toBeLessThan(LIMITS.fetchCreditBytes + 300_000);
		await reader?.return(undefined);
		const again: string[] = [];
		for await (const { cid } of meeting.alice?.fetch(ids) ?? []) again.push(cidToBlockId(cid));
		expect(again.sort()).toEqual([...ids].sort());
		meeting.close();
	});

	it('end where the session ends, and where the caller aborts', async () => {
		const [alice, bob] = await friends();
		const ids = fill(bob, 100, 200_000).map(({ cid }) => cidToBlockId(cid));
		const meeting = await connect(alice, bob);
		const controller = new AbortController();
		const aborted = meeting.alice?.fetch(ids, { signal: controller.signal });
		await aborted?.next();
		controller.abort(new Error('enough'));
		await expect(aborted?.next()).rejects.toThrow('enough');
		const reader = meeting.alice?.fetch(ids);
		await reader?.next();
		meeting.close();
		let rest = 0;
		for await (const _ of reader ?? []) rest++;
		expect(rest).toBeLessThan(ids.length);
	});
});

describe('a hostile peer', () => {
	/** Proves itself as Alice, and then says what it likes. */
	const cid = cidOfRaw(Uint8Array.of(1));
	const breaches: Record<string, [Uint8Array[], string]> = {
		'a frame that is too large': [[], 'too-large'],
		'no CBOR': [[Uint8Array.of(0xff, 0xff)], 'not-canonical'],
		'no object': [[Uint8Array.of(1)], 'wrong-shape'],
		'another version': [
			[Uint8Array.from(encodeObject('want', {})).map((b) => (b === 1 ? 2 : b))],
			'unknown-version'
		],
		'a frame without its fields': [[encodeObject('want', {})], 'wrong-shape'],
		'a second hello': [
			[encodeObject('hello', { root: new Uint8Array(32), nonce: new Uint8Array(32) })],
			'replayed'
		],
		'a block that nobody asked for': [
			[encodeObject('block', { cid, data: Uint8Array.of(1) })],
			'wrong-shape'
		],
		'more than its credit': [
			Array.from({ length: 4 }, () =>
				encodeObject('entries', {
					entries: [
						{
							header: new Uint8Array(10),
							body: new Uint8Array(128 * 1024),
							wraps: [new Uint8Array(256 * 1024)]
						}
					]
				})
			),
			'rate-limited'
		],
		'more questions than it takes answers': [
			Array.from({ length: 5 }, () =>
				encodeObject('ask', { cids: Array.from({ length: 64 }, () => cid) })
			),
			'rate-limited'
		],
		'no message of comparison': [
			[encodeObject('ranges', { data: Uint8Array.of(1, 2, 3) })],
			'not-canonical'
		]
	};
	for (const [name, [payloads, reason]] of Object.entries(breaches)) {
		it(`is cut off for ${name}`, async () => {
			const { bob, end, say, raw } = await spoken();
			bob.beforeStoring = () => new Promise(() => undefined);
			if (payloads.length === 0) await raw(Uint8Array.of(0, 0x10, 0, 0));
			else await say(...payloads);
			expect(await end).toEqual({ kind: 'breach', reason });
			expect(bob.counted).toEqual([reason]);
		});
	}

	it('may say what a later version says', async () => {
		const { bob, end, say, close } = await spoken();
		await say(encodeObject('tomorrow', { data: 1 }));
		close();
		expect(await end).toEqual({ kind: 'closed' });
		expect(bob.counted).toEqual([]);
	});

	it('does not break us with any bytes', async () => {
		const types = ['ranges', 'want', 'entries', 'ack', 'nack', 'ask', 'block', 'credit'];
		const value = fc.oneof(
			fc.integer(),
			fc.uint8Array({ maxLength: 40 }),
			fc.constant(cid),
			fc.constant([cid]),
			fc.string({ maxLength: 10 }),
			fc.constant(null)
		);
		const fields = fc.dictionary(
			fc.constantFrom('thread', 'data', 'ids', 'entries', 'id', 'reason', 'cids', 'cid', 'bytes'),
			value
		);
		const payload = fc.oneof(
			fc.uint8Array({ maxLength: 200 }),
			fc.tuple(fc.constantFrom(...types), fields).map(([type, some]) => encodeObject(type, some))
		);
		await fc.assert(
			fc.asyncProperty(fc.array(payload, { maxLength: 20 }), async (payloads) => {
				const { bob, end, say, close } = await spoken();
				await say(...payloads).catch(() => undefined);
				close();
				const { kind } = (await end) ?? { kind: null };
				expect(['closed', 'breach']).toContain(kind);
				expect(bob.entries.size).toBe(0);
			}),
			{ numRuns: 300 }
		);
	});

	it('cannot make us hold answers that it does not read', async () => {
		const [alice, bob] = await friends();
		const [a, b] = createPipes([alice.peer, bob.peer]);
		let isStopped = false;
		const stuck: typeof b = {
			...b,
			send: async (bytes) => (isStopped ? new Promise(() => undefined) : b.send(bytes))
		};
		const [dialler, listener] = await Promise.all([
			meet(alice.ports(1), a, bob.root),
			meet(bob.ports(2), stuck, null)
		]);
		if (!dialler || !listener) throw new Error('not proved');
		const end = listener.run();
		isStopped = true;
		const items = Array.from({ length: 250 }, (_, i) => new Uint8Array(32).fill(i));
		const data = await createCompare({ random: seededRandom(1) }).open(items);
		const many = encodeObject('ranges', { data });
		void (async () => {
			for (let i = 0; i < 200; i++) await a.send(frame(many)).catch(() => undefined);
		})();
		expect(await end).toEqual({ kind: 'breach', reason: 'rate-limited' });
	});
});

describe('headers', () => {
	it('are stored together where they come while others are written, and texts in their turn', async () => {
		const { bob, say, close } = await spoken();
		const open: (() => void)[] = [];
		bob.beforeStoring = () => new Promise((resolve) => open.push(resolve));
		const [first, ...rest] = line(seededRandom(11), 6).slice(1);
		const one = ({ header, body, wraps }: EntryBundle, later?: true) =>
			encodeObject('entries', {
				entries: [{ header, body: later ? null : body, wraps, ...(later && { later }) }]
			});
		const [second, third, text, last] = rest;
		if (!first || !second || !third || !text || !last) throw new Error('a line of six');
		await say(one(first, true));
		await until(() => open.length === 1);
		await say(one(second, true), one(third, true), one(text), one(last, true));
		// What comes after them is heard after them.
		let isHeard = false;
		bob.entriesFor = () => {
			isHeard = true;
			return Promise.resolve([]);
		};
		const thread = idToCid(threadOf(first));
		await say(encodeObject('want', { thread, ids: [idToCid(entryIdOf(first.header))] }));
		await until(() => isHeard);
		const outlined: number[] = [];
		for (let store = open.shift(); store !== undefined; store = open.shift()) {
			store();
			await until(() => open.length === 1 || bob.outlined.size === 4);
			outlined.push(bob.outlined.size);
		}
		expect(outlined).toEqual([1, 3, 3, 4]);
		expect([...bob.entries.keys()]).toEqual([entryIdOf(text.header)]);
		close();
	});
});

describe('broken storage', () => {
	it('ends the session without an acknowledgement', async () => {
		const [alice, bob] = await friends();
		bob.beforeStoring = () => Promise.reject(new Error('disk'));
		const meeting = await connect(alice, bob);
		meeting.alice?.push(line(seededRandom(9), 1));
		const [, end] = await Promise.all(meeting.ends);
		expect(end).toMatchObject({ kind: 'failed' });
		expect(alice.acked).toEqual([]);
	});
});
