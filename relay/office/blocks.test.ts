import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWorld } from '../../tests/relay/world.ts';
import { cidOfRaw } from '../../src/lib/wire/codec.ts';
import { concat } from '../../src/lib/wire/bytes.ts';
import { frame } from '../../src/lib/wire/frame.ts';
import { encodeObject } from '../../src/lib/wire/office.ts';
import { deleteBlocks, findBlocks, keepBlocks } from './blocks.ts';
import { BOUNDS } from './bounds.ts';
import type { Office } from './office.ts';

const QUOTA = 4000;
const ROOTS = ['aa', 'bb', 'cc'];
const POOL = Array.from({ length: 8 }, (_, i) => {
	const data = new Uint8Array(i * 100).fill(i);
	return { cid: cidOfRaw(data), data };
});

const toBody = (indexes: readonly number[]) =>
	concat(...indexes.map((i) => frame(encodeObject('block', { ...POOL[i] }))));
const toCids = (indexes: readonly number[]) =>
	encodeObject('cids', { cids: indexes.map((i) => POOL[i]!.cid) });
const costOf = (held: Iterable<number>) =>
	[...held].reduce((sum, i) => sum + POOL[i]!.data.length + BOUNDS.rowBytes, 0);

function usedBytes({ store }: Office, root: string): number {
	return store.get('usage', [root])?.bytes ?? 0;
}

test('each pays for what it holds, and a block lasts as long as one holds it', async () => {
	const step = fc.record({
		root: fc.constantFrom(...ROOTS),
		isKept: fc.boolean(),
		indexes: fc.array(fc.nat(POOL.length - 1), { maxLength: 5 })
	});
	await fc.assert(
		fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
			const office = createWorld().start('http://o.test', { quotaBytes: QUOTA });
			const model = new Map(ROOTS.map((root) => [root, new Set<number>()]));
			for (const { root, isKept, indexes } of steps) {
				const held = model.get(root)!;
				if (isKept) {
					const after = new Set([...held, ...indexes]);
					const isOver = costOf(after) > QUOTA && after.size > held.size;
					const result = await keepBlocks(office, root, toBody(indexes));
					expect(result).toMatchObject(isOver ? { reason: 'over-quota' } : { ok: true });
					if (!isOver) model.set(root, after);
				} else {
					expect(deleteBlocks(office, root, toCids(indexes))).toMatchObject({ ok: true });
					for (const i of indexes) held.delete(i);
				}
			}
			for (const [root, held] of model) expect(usedBytes(office, root)).toBe(costOf(held));
			const all = new Set([...model.values()].flatMap((held) => [...held]));
			const found = [
				...findBlocks(
					office,
					POOL.map(({ cid }) => cid)
				)
			].map(({ cid }) => String(cid));
			expect(found.sort()).toEqual([...all].map((i) => String(POOL[i]!.cid)).sort());
		}),
		{ numRuns: 60 }
	);
});

test('refuses what is no block of ours', async () => {
	const office = createWorld().start('http://o.test');
	const keep = (body: Uint8Array) => keepBlocks(office, 'aa', body);
	expect(await keep(Uint8Array.of(0, 0, 0, 9, 1))).toMatchObject({ reason: 'wrong-shape' });
	expect(await keep(Uint8Array.of(255, 255, 255, 255))).toMatchObject({ reason: 'too-large' });
	const many = toBody(Array.from({ length: 65 }, () => 1));
	expect(await keep(many)).toMatchObject({ reason: 'too-large' });
	const wrong = encodeObject('block', { cid: POOL[1]!.cid, data: POOL[2]!.data });
	expect(await keep(frame(wrong))).toMatchObject({ reason: 'wrong-hash' });
	expect(office.store.list('block', [])).toEqual([]);
});
