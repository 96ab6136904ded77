/** Several holders at once: fast, slow, empty, lying and gone ones. */

import { expect, test } from 'vitest';
import { cidOfRaw } from '../wire/codec.ts';
import { cidToBlockId, idToCid, type BlockId } from '../wire/ids.ts';
import type { Block } from '../wire/office.ts';
import { Gathering, type Holder } from './gather.ts';
import { Unreachable } from './ports.ts';

const IDS = Array.from({ length: 200 }, (_, at) => cidToBlockId(cidOfRaw(Uint8Array.of(at))));

function blockOf(id: BlockId): Block {
	return { v: 1, t: 'block', cid: idToCid(id), data: Uint8Array.of(IDS.indexOf(id)) };
}

/** Gives what it has, one turn after the other; `pause` says how many turns each takes. */
function holder(
	name: string,
	{ has = () => true, pause = 0, most = Infinity }: Partial<Habits> = {}
): Holder & { asked: BlockId[]; aborted: number } {
	const self = {
		name,
		asked: [] as BlockId[],
		aborted: 0,
		async *fetch(ids: readonly BlockId[], { signal }: { signal?: AbortSignal }) {
			self.asked.push(...ids);
			for (const id of ids) {
				for (let turn = 0; turn <= pause; turn++) {
					await new Promise((resolve) => setImmediate(resolve));
					if (signal?.aborted === true) {
						self.aborted++;
						return;
					}
				}
				if (most-- <= 0) throw new Unreachable('gone');
				if (has(id)) yield blockOf(id);
			}
		}
	};
	return self;
}

interface Habits {
	readonly has: (id: BlockId) => boolean;
	readonly pause: number;
	readonly most: number;
}

async function gather(holders: readonly Holder[], ids: readonly BlockId[] = IDS) {
	const given = new Map<string, number>();
	const came: BlockId[] = [];
	const onGiven = (name: string) => void given.set(name, (given.get(name) ?? 0) + 1);
	for await (const { id } of new Gathering(() => holders, ids, { onGiven })) came.push(id);
	return { came, given };
}

test('two holders share the work, and each block comes once', async () => {
	const { came, given } = await gather([holder('a'), holder('b')]);
	expect([...came].sort()).toEqual([...IDS].sort());
	expect(given.get('a')).toBeGreaterThan(50);
	expect(given.get('b')).toBeGreaterThan(50);
});

test('a slow holder does not keep the file: what it owes is had elsewhere', async () => {
	const slow = holder('slow', { pause: 10_000 });
	const { came, given } = await gather([slow, holder('fast')]);
	expect(came).toHaveLength(IDS.length);
	expect(given.get('fast')).toBe(IDS.length);
	expect(slow.aborted).toBeGreaterThan(0);
});

test('a holder that gives nothing is asked no more; one that goes away is not missed', async () => {
	const empty = holder('empty', { has: () => false });
	const gone = holder('gone', { most: 7 });
	const { came, given } = await gather([empty, gone, holder('good')]);
	expect(came).toHaveLength(IDS.length);
	expect(empty.asked.length).toBeLessThan(100);
	expect(given.get('gone')).toBe(7);
});

test('what each has a part of comes together, and what nobody has is left out', async () => {
	const place = (id: BlockId) => IDS.indexOf(id);
	const even = holder('even', { has: (id) => place(id) % 2 === 0 && place(id) !== 4 });
	const odd = holder('odd', { has: (id) => place(id) % 2 === 1 });
	const { came } = await gather([even, odd]);
	expect(came).toHaveLength(IDS.length - 1);
});

test('with no holder it ends at once, with broken storage it throws', async () => {
	expect((await gather([])).came).toEqual([]);
	const broken: Holder = {
		name: 'broken',
		fetch: () => ({
			[Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('disk')) })
		})
	};
	await expect(gather([broken])).rejects.toThrow('disk');
});

test('what is hurried comes before the rest', async () => {
	const only = holder('only');
	const gathering = new Gathering(() => [only], IDS);
	const came: BlockId[] = [];
	const last = IDS.slice(-4);
	for await (const { id } of gathering) {
		came.push(id);
		if (came.length === 1) gathering.hurry(last);
	}
	const places = last.map((id) => came.indexOf(id));
	expect(Math.max(...places)).toBeLessThan(60);
});

function mute(name: string): Holder & { asked: BlockId[] } {
	const asked: BlockId[] = [];
	return {
		name,
		asked,
		async *fetch(ids, { signal }) {
			asked.push(...ids);
			await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
			yield* [];
		}
	};
}

/** Time never passes: whoever waits for a silent holder waits for ever. */
const never = () => () => undefined;

test('what is urgent is asked of all at once, so that a silent holder costs nothing', async () => {
	const holders = [mute('mute'), holder('good')];
	const came: BlockId[] = [];
	const gathering = new Gathering(() => holders, IDS.slice(0, 1), { isUrgent: true, every: never });
	for await (const { id } of gathering) came.push(id);
	expect(came).toEqual(IDS.slice(0, 1));
});

test('a holder that was silent is not waited for again, until it gives', async () => {
	const silent = new Set<string>();
	let tick = (): void => undefined;
	const every = (work: () => void) => {
		tick = work;
		return () => undefined;
	};
	const abort = new AbortController();
	const of = { silent, every, signal: abort.signal };
	const first = new Gathering(() => [mute('mute')], IDS.slice(0, 1), of);
	const waiting = first[Symbol.asyncIterator]().next();
	await new Promise((resolve) => setImmediate(resolve));
	tick();
	expect([...silent]).toEqual(['mute']);
	abort.abort();
	await expect(waiting).rejects.toThrow();
	// Another file, later: it is asked, but nobody waits for it.
	const came: BlockId[] = [];
	const holders = [mute('mute'), holder('good')];
	const options = { silent, every: never };
	for await (const { id } of new Gathering(() => holders, IDS.slice(0, 8), options)) came.push(id);
	expect(new Set(came).size).toBe(8);
	expect(silent.has('mute')).toBe(true);
	// It is back.
	for await (const _ of new Gathering(() => [holder('mute')], IDS.slice(0, 1), options));
	expect(silent.has('mute')).toBe(false);
});

test('a holder that never answers is given up at last, where nobody else has it', async () => {
	const ticks = new Set<() => void>();
	const every = (work: () => void) => {
		ticks.add(work);
		return () => ticks.delete(work);
	};
	let isOver = false;
	const came: BlockId[] = [];
	const gathering = async () => {
		const all = new Gathering(() => [mute('mute')], IDS, { every });
		for await (const { id } of all) came.push(id);
		isOver = true;
	};
	const ended = gathering();
	for (let looks = 0; looks < 100 && !isOver; looks++) {
		await new Promise((resolve) => setImmediate(resolve));
		for (const tick of [...ticks]) tick();
	}
	expect(isOver).toBe(true);
	await ended;
	expect(came).toEqual([]);
});

test.each([1, 3, 4, 200])(
	'%i blocks come though holders listed first never answer',
	async (count) => {
		const holders = [mute('mute'), mute('mute, too'), holder('good')];
		const watched = new Set<() => void>();
		const every = (work: () => void) => {
			watched.add(work);
			return () => void watched.delete(work);
		};
		const came: BlockId[] = [];
		const gathering = new Gathering(() => holders, IDS.slice(0, count), { every });
		const all = (async () => {
			for await (const { id } of gathering) came.push(id);
		})();
		let isDone = false;
		void all.finally(() => (isDone = true));
		for (let turn = 0; !isDone && turn < 10_000; turn++) {
			await new Promise((resolve) => setImmediate(resolve));
			// Time passes only where nothing else happens.
			if (turn % 100 === 99) for (const work of [...watched]) work();
		}
		expect(new Set(came).size).toBe(count);
		expect(came).toHaveLength(count);
		await all;
		expect(watched.size).toBe(0);
	}
);
