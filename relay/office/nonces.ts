/** Nonces of signed requests, so that a recorded request cannot be sent again while it is fresh. */

import { LIMITS } from '../../src/lib/wire/limits.ts';
import { BOUNDS } from './bounds.ts';

export interface Nonces {
	/** `false`: seen before, or more are remembered than fit, and it cannot be told. */
	use(nonce: string, nowMs: number): boolean;
}

export function createNonces(): Nonces {
	// In the order of their use: the first are the oldest.
	const used = new Map<string, number>();
	return {
		use(nonce, nowMs) {
			for (const [oldest, at] of used) {
				if (at + 2 * LIMITS.requestAgeMs > nowMs) break;
				used.delete(oldest);
			}
			if (used.has(nonce) || used.size >= BOUNDS.nonces) return false;
			used.set(nonce, nowMs);
			return true;
		}
	};
}
