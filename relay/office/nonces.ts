/** Nonces of signed requests, so that a recorded request cannot be sent again while it is fresh. */

import { LIMITS } from '../../src/lib/wire/limits.ts';
import { BOUNDS } from './bounds.ts';
import { commit } from './commit.ts';
import type { Change, OfficeStore } from './ports.ts';

export interface Nonces {
	/** `false`: seen before, or more are remembered than fit, and it cannot be told. */
	use(nonce: string, nowMs: number): boolean;
}

/** Those of the last run count as well: a restart is no second chance. */
export function createNonces(store: OfficeStore): Nonces {
	// In the order of their use: the first are the oldest.
	const used = new Map<string, number>();
	const kept = [...store.list('nonce', [])].sort((a, b) => a.row.time - b.row.time);
	for (const { key, row } of kept) used.set(key[0] ?? '', row.time);

	function forgetOver(nowMs: number): Change[] {
		const over: Change[] = [];
		for (const [nonce, time] of used) {
			if (time + 2 * LIMITS.requestAgeMs > nowMs || over.length === BOUNDS.noncesForgotten) break;
			used.delete(nonce);
			over.push({ table: 'nonce', key: [nonce], remove: true });
		}
		return over;
	}

	return {
		use(nonce, nowMs) {
			const over = forgetOver(nowMs);
			const isFirst = !isRemembered(nonce, nowMs) && used.size < BOUNDS.nonces;
			const first: Change = { table: 'nonce', key: [nonce], put: { time: nowMs } };
			if (isFirst) {
				used.delete(nonce);
				used.set(nonce, nowMs);
			}
			// A full disk only forgets it with the restart: reading and deleting must go on.
			commit(store, isFirst ? [...over, first] : over, { isLazy: true });
			return isFirst;
		}
	};

	function isRemembered(nonce: string, nowMs: number): boolean {
		const time = used.get(nonce);
		return time !== undefined && time + 2 * LIMITS.requestAgeMs > nowMs;
	}
}
