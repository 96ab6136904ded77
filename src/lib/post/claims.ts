/** Keys of the ring that are claimed for one write: their places are free again where it writes nothing. */

import { TextsAway } from '../threads/packed-node.ts';
import { Overtaken, StorageFull, type Desk, type KeyRing, type RingKey } from './ports.ts';

export interface Claims {
	/** To claim by. */
	readonly desk: Desk;
	/**
	 * Runs the write, or what comes before it and may begin anew. Where that throws `Overtaken`,
	 * `StorageFull` or `TextsAway`, nothing stands under those keys.
	 */
	readonly write: <T>(work: () => Promise<T>) => Promise<T>;
}

export function claimsOf(desk: Desk): Claims {
	const claimed: RingKey[] = [];
	return {
		desk: { ...desk, ring: noting(desk.ring, claimed) },
		async write(work) {
			try {
				return await work();
			} catch (problem) {
				// A ring that is away keeps them: places are lost then, and nothing else.
				if (isUnwritten(problem)) await desk.ring.destroy(claimed).catch(() => false);
				throw problem;
			}
		}
	};
}

function isUnwritten(problem: unknown): boolean {
	return [Overtaken, StorageFull, TextsAway].some((kind) => problem instanceof kind);
}

function noting(ring: KeyRing, claimed: RingKey[]): KeyRing {
	return {
		erases: () => ring.erases(),
		seal: (key, plaintext) => ring.seal(key, plaintext),
		open: (key, sealed) => ring.open(key, sealed),
		destroy: (keys) => ring.destroy(keys),
		async claim(count) {
			const keys = await ring.claim(count);
			claimed.push(...(keys ?? []));
			return keys;
		}
	};
}
