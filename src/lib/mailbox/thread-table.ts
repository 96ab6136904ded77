/** All threads as lists show them, found by their ids: a change of a few is no look at all the others. */

import { toListed, type ListedThread } from '../post/listed.ts';
import type { Change } from '../post/ports.ts';

export class ThreadTable {
	#all: readonly ListedThread[];
	/** Where each stands in `#all`. */
	readonly #at = new Map<string, number>();

	constructor(all: readonly ListedThread[]) {
		this.#all = all;
		all.forEach(({ id }, at) => this.#at.set(id, at));
	}

	/** In no order, but whoever stays unchanged keeps their place; another array after each change. */
	get all(): readonly ListedThread[] {
		return this.#all;
	}

	find(id: string): ListedThread | undefined {
		const at = this.#at.get(id);
		return at === undefined ? undefined : this.#all[at];
	}

	/** What this tab has written, in the order in which it was. */
	adopt(writes: readonly Change[]): void {
		const changes = writes.filter((write) => write.table === 'thread');
		if (changes.length === 0) return;
		const next = [...this.#all];
		for (const write of changes) {
			if ('put' in write) this.#put(next, toListed(write.put));
			else this.#remove(next, write.key[0] ?? '');
		}
		this.#all = next;
	}

	#put(next: ListedThread[], thread: ListedThread): void {
		const at = this.#at.get(thread.id) ?? next.length;
		next[at] = thread;
		this.#at.set(thread.id, at);
	}

	/** The last one comes to where it stood. */
	#remove(next: ListedThread[], id: string): void {
		const at = this.#at.get(id);
		if (at === undefined) return;
		this.#at.delete(id);
		const last = next.pop();
		if (last === undefined || at === next.length) return;
		next[at] = last;
		this.#at.set(last.id, at);
	}
}
