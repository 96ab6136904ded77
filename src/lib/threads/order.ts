/**
 * Order on screen (protocol §4): topological, ties by hybrid logical clock, then CID. The clock is
 * taken as claimed, since it only decides between what is concurrent; an entry that we cannot read
 * stands as late as the latest of its parents.
 */

import { compare } from '../wire/bytes.ts';
import { nodeAt, type EntryContent, type LogView } from './log.ts';
import { PackedMessage, TextsAway } from './packed-node.ts';

const NO_CLOCK = new Uint8Array(8);

/** Places in the log. */
export function orderOnScreen(view: LogView): number[] {
	const clocks = readClocks(view);
	const children: number[][] = Array.from({ length: view.length }, () => []);
	const missing = new Uint32Array(view.length);
	const ready = new Heap((a, b) => compareAt(view, clocks, a, b));
	for (let place = 0; place < view.length; place++) {
		const { parents } = nodeAt(view, place);
		missing[place] = parents.length;
		for (const parent of parents) children[parent]?.push(place);
		if (parents.length === 0) ready.push(place);
	}
	const order: number[] = [];
	for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
		order.push(next);
		for (const child of children[next] ?? []) {
			const left = (missing[child] ?? 0) - 1;
			missing[child] = left;
			if (left === 0) ready.push(child);
		}
	}
	return order;
}

function readClocks(view: LogView): Uint8Array[] {
	const clocks: Uint8Array[] = [];
	for (let place = 0; place < view.length; place++) {
		const { content, parents } = nodeAt(view, place);
		clocks.push(
			content.kind === 'entry'
				? clockOf(content)
				: content.kind === 'epoch'
					? content.clock
					: parents.map((parent) => clocks[parent] ?? NO_CLOCK).reduce(later, NO_CLOCK)
		);
	}
	return clocks;
}

function clockOf({ body }: EntryContent): Uint8Array {
	if (body instanceof PackedMessage) throw new TextsAway('the clock stands with the text');
	return body.clock;
}

function later(a: Uint8Array, b: Uint8Array): Uint8Array {
	return compare(a, b) < 0 ? b : a;
}

function compareAt(view: LogView, clocks: readonly Uint8Array[], a: number, b: number): number {
	const byClock = compare(clocks[a] ?? NO_CLOCK, clocks[b] ?? NO_CLOCK);
	return byClock === 0 ? compare(nodeAt(view, a).cid.bytes, nodeAt(view, b).cid.bytes) : byClock;
}

/** Binary heap, the smallest first. */
class Heap {
	readonly #items: number[] = [];
	readonly #compare: (a: number, b: number) => number;

	constructor(compareItems: (a: number, b: number) => number) {
		this.#compare = compareItems;
	}

	push(item: number): void {
		const items = this.#items;
		let at = items.push(item) - 1;
		while (at > 0) {
			const parent = (at - 1) >> 1;
			if (!this.#isBefore(at, parent)) break;
			this.#swap(at, parent);
			at = parent;
		}
	}

	pop(): number | undefined {
		const items = this.#items;
		const top = items[0];
		const last = items.pop();
		if (items.length === 0 || last === undefined) return top;
		items[0] = last;
		let at = 0;
		for (;;) {
			const smaller = [2 * at + 1, 2 * at + 2]
				.filter((child) => child < items.length)
				.reduce((best, child) => (this.#isBefore(child, best) ? child : best), at);
			if (smaller === at) return top;
			this.#swap(at, smaller);
			at = smaller;
		}
	}

	#isBefore(a: number, b: number): boolean {
		const [left, right] = [this.#items[a], this.#items[b]];
		return left !== undefined && right !== undefined && this.#compare(left, right) < 0;
	}

	#swap(a: number, b: number): void {
		const [left, right] = [this.#items[a], this.#items[b]];
		if (left === undefined || right === undefined) return;
		this.#items[a] = right;
		this.#items[b] = left;
	}
}
