import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWorld } from '../../tests/relay/world.ts';
import { cidOfObject, encodePlain } from '../../src/lib/wire/codec.ts';
import { entryBundleDecoder } from '../../src/lib/wire/office.ts';
import { headerDecoder, sortCids } from '../../src/lib/wire/entry.ts';
import { findAncestors } from './ancestors.ts';
import type { Office } from './office.ts';

type Cid = ReturnType<typeof cidOfObject>;

const THREAD = cidOfObject(encodePlain('thread'));
const zeros = (size: number) => new Uint8Array(size);

function makeHeader(index: number, parents: readonly Cid[]): Uint8Array {
	const salt = zeros(32).fill(index);
	const clear = { commit: zeros(32), listCommit: zeros(32), eph: zeros(32) };
	const wraps = [{ block: THREAD, first: zeros(8) }];
	return parents.length === 0
		? encodePlain({ v: 1, t: 'epoch', ...clear, salt, wraps, parents: [], body: zeros(32) })
		: encodePlain({
				...{ v: 1, t: 'entry', thread: THREAD, epoch: THREAD, salt, body: zeros(32) },
				parents: sortCids(parents)
			});
}

/** Entries in the order of their making; each names some of those before it. */
function storeThread(office: Office, parentsOf: readonly (readonly number[])[]): Cid[] {
	const cids: Cid[] = [];
	for (const [i, before] of parentsOf.entries()) {
		const parents = [...new Set(before.map((n) => n % Math.max(i, 1)))];
		const header = makeHeader(i, i === 0 ? [] : parents.map((n) => cids[n]!));
		cids.push(cidOfObject(header));
		office.store.commit([{ table: 'block', key: [String(cids[i])], put: header }]);
	}
	return cids;
}

function parentsIn(office: Office, cid: string): string[] {
	const data = office.store.get('block', [cid]);
	const header = data === null ? null : headerDecoder.decode(data);
	return header?.ok === true ? header.value.parents.map(String) : [];
}

function closure(office: Office, starts: readonly string[]): Set<string> {
	const seen = new Set<string>();
	const queue = starts.filter((cid) => office.store.has('block', [cid]));
	for (let cid = queue.pop(); cid !== undefined; cid = queue.pop()) {
		if (seen.has(cid)) continue;
		seen.add(cid);
		queue.push(...parentsIn(office, cid));
	}
	return seen;
}

async function ask(office: Office, heads: readonly Cid[], have: readonly Cid[]): Promise<string[]> {
	const found: string[] = [];
	for await (const object of findAncestors(office, { heads, have })) {
		const bundle = entryBundleDecoder.decode(object);
		if (bundle.ok) found.push(String(cidOfObject(bundle.value.header)));
	}
	return found;
}

const threads = fc.array(fc.array(fc.nat(40), { minLength: 1, maxLength: 3 }), {
	minLength: 1,
	maxLength: 40
});

test('gives exactly what is below the heads and not below what the asker has, parents first', async () => {
	const picks = fc.array(fc.nat(39), { minLength: 1, maxLength: 4 });
	await fc.assert(
		fc.asyncProperty(threads, picks, picks, async (thread, headPicks, havePicks) => {
			const office = createWorld().start('http://o.test');
			const cids = storeThread(office, thread);
			const pick = (n: number) => cids[n % cids.length]!;
			const [heads, have] = [headPicks.map(pick), havePicks.map(pick)];
			const found = await ask(office, heads, have);
			const had = closure(office, have.map(String));
			const wanted = [...closure(office, heads.map(String))].filter((cid) => !had.has(cid));
			expect([...found].sort()).toEqual(wanted.sort());
			for (const [i, cid] of found.entries()) {
				const later = parentsIn(office, cid).filter((parent) => found.indexOf(parent) > i);
				expect(later).toEqual([]);
			}
		}),
		{ numRuns: 60 }
	);
});

test('stops where an ancestor is not kept here', async () => {
	const office = createWorld().start('http://o.test');
	const cids = storeThread(office, [[0], [0], [1], [2]]);
	office.store.commit([{ table: 'block', key: [String(cids[1])], remove: true }]);
	expect(await ask(office, [cids[3]!], [])).toEqual([String(cids[2]), String(cids[3])]);
});

test('finds nothing below what is no header', async () => {
	const office = createWorld().start('http://o.test');
	const data = encodePlain('not a header');
	office.store.commit([{ table: 'block', key: [String(cidOfObject(data))], put: data }]);
	expect(await ask(office, [cidOfObject(data)], [])).toEqual([]);
});
