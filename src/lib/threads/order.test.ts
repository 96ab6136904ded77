import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cidOfObject, encodePlain } from '../wire/codec.ts';
import { cidToEntryId } from '../wire/ids.ts';
import { NO_BITS } from './bits.ts';
import { emptyLog, nodeAt, pushNode, type LogNode, type LogView } from './log.ts';
import { orderOnScreen } from './order.ts';

interface Written {
	readonly parents: readonly number[];
	readonly clock: number;
}

/** Entries, parents before children, some of them unreadable. */
const threads = fc
	.array(fc.record({ clock: fc.nat(3), from: fc.array(fc.nat(), { maxLength: 3 }) }), {
		minLength: 1,
		maxLength: 30
	})
	.map((list) =>
		list.map(({ clock, from }, i): Written => {
			const parents = i === 0 ? [] : [...new Set(from.map((at) => at % i))];
			return { clock, parents: i > 0 && parents.length === 0 ? [i - 1] : parents };
		})
	);

function toView(entries: readonly Written[], order: readonly number[]): LogView {
	const places = new Map<number, number>();
	return order.reduce<LogView>((view, i) => {
		const { parents, clock } = entries[i]!;
		places.set(i, view.length);
		const cid = cidOfObject(encodePlain(i));
		const bytes = new Uint8Array(32);
		const head = { v: 1 as const, id: bytes, clock: Uint8Array.of(0, 0, 0, 0, 0, clock, 0, 0) };
		const cert = { root: bytes, writer: bytes, peer: '', sig: bytes };
		const rest = { writer: bytes, cert, vouches: [], sig: bytes };
		const node: LogNode = {
			id: cidToEntryId(cid),
			cid,
			header: { v: 1, t: 'entry', thread: cid, parents: [], epoch: cid, salt: bytes, body: bytes },
			parents: parents.map((parent) => places.get(parent)!),
			before: NO_BITS,
			mark: null,
			content: {
				kind: 'entry',
				body: { ...head, ...rest, t: 'withdraw', target: bytes },
				by: '',
				seq: 0,
				seenMs: 0,
				records: []
			}
		};
		return pushNode(view, node);
	}, emptyLog());
}

/** Another order in which parents come before children. */
function reorder(entries: readonly Written[], turns: readonly number[]): number[] {
	const left = new Set(entries.keys());
	const order: number[] = [];
	while (left.size > 0) {
		const ready = [...left].filter((i) => entries[i]!.parents.every((parent) => !left.has(parent)));
		const next = ready[(turns[order.length] ?? 0) % ready.length]!;
		left.delete(next);
		order.push(next);
	}
	return order;
}

test('parents first, then the earlier clock, then the smaller CID; arrival does not enter', () => {
	fc.assert(
		fc.property(threads, fc.array(fc.nat(), { maxLength: 30 }), (entries, turns) => {
			const views = [[...entries.keys()], reorder(entries, turns)].map((order) =>
				toView(entries, order)
			);
			const [first, second] = views.map((view) =>
				orderOnScreen(view).map((place) => nodeAt(view, place).id)
			);
			expect(second).toEqual(first);
			const rank = new Map(first!.map((id, i) => [id, i]));
			const view = views[0]!;
			for (let place = 0; place < view.length; place++) {
				const node = nodeAt(view, place);
				for (const parent of node.parents) {
					expect(rank.get(nodeAt(view, parent).id)).toBeLessThan(rank.get(node.id)!);
				}
			}
		})
	);
});

test('of two concurrent entries the one with the earlier clock stands first', () => {
	const view = toView(
		[
			{ parents: [], clock: 0 },
			{ parents: [0], clock: 2 },
			{ parents: [0], clock: 1 },
			{ parents: [1, 2], clock: 0 }
		],
		[0, 1, 2, 3]
	);
	expect(orderOnScreen(view)).toEqual([0, 2, 1, 3]);
});
