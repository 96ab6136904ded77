/** Tells all tabs and workers of this profile which tables a commit has touched. */

import type { Change, MailStore } from '../post/ports.ts';
import type { TableName } from '../post/records.ts';
import { isTableName } from './rows.ts';

export type Listener = Parameters<MailStore['subscribe']>[0];

export interface Changes {
	/** Never throws, and waits for no listener. */
	announce(changed: ReadonlySet<TableName>, writes: readonly Change[]): void;
	subscribe(listener: Listener): () => void;
	close(): void;
}

/** @param name the same in all tabs; nothing private: other pages of this origin can read it */
export function createChanges(name: string): Changes {
	const listeners = new Set<Listener>();
	const channel = new BroadcastChannel(name);
	let isOpen = true;
	const wake: Listener = (changed, writes) => {
		// A task each: a listener that throws is reported, and stops neither the commit nor the others.
		for (const listener of listeners) queueMicrotask(() => listener(changed, writes));
	};
	channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
		const changed = new Set(Array.isArray(data) ? data.filter(isTableName) : []);
		if (changed.size > 0) wake(changed, null);
	});
	return {
		announce(changed, writes) {
			wake(changed, writes); // a channel does not hear itself
			if (isOpen) channel.postMessage([...changed]);
		},
		subscribe(listener) {
			// Its own function object: the same listener twice is told twice, and unsubscribed once.
			const own: Listener = (changed, writes) => listener(changed, writes);
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
