/** Tells all tabs and workers of this profile which tables a commit has touched. */

import type { TableName } from '../post/records.ts';
import { isTableName } from './rows.ts';

export type Listener = (changed: ReadonlySet<TableName>) => void;

export interface Changes {
	/** Never throws, and waits for no listener. */
	announce(changed: ReadonlySet<TableName>): void;
	subscribe(listener: Listener): () => void;
	close(): void;
}

/** @param name the same in all tabs; nothing private: other pages of this origin can read it */
export function createChanges(name: string): Changes {
	const listeners = new Set<Listener>();
	const channel = new BroadcastChannel(name);
	let isOpen = true;
	const wake = (changed: ReadonlySet<TableName>) => {
		// A task each: a listener that throws is reported, and stops neither the commit nor the others.
		for (const listener of listeners) queueMicrotask(() => listener(changed));
	};
	channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
		const changed = new Set(Array.isArray(data) ? data.filter(isTableName) : []);
		if (changed.size > 0) wake(changed);
	});
	return {
		announce(changed) {
			wake(changed); // a channel does not hear itself
			if (isOpen) channel.postMessage([...changed]);
		},
		subscribe(listener) {
			// Its own function object: the same listener twice is told twice, and unsubscribed once.
			const own: Listener = (changed) => listener(changed);
			listeners.add(own);
			return () => listeners.delete(own);
		},
		close() {
			isOpen = false;
			listeners.clear();
			channel.close();
		}
	};
}
