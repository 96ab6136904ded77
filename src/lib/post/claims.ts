/** Keys of the ring that are claimed for one write: their places are free again where it writes nothing. */

import { Overtaken, StorageFull, type Desk, type KeyRing, type RingKey } from './ports.ts';

export interface Claims {
	/** To claim by. */
	readonly desk: Desk;
	/** Runs the write. Where it throws `Overtaken` or `StorageFull`, nothing stands under those keys. */
	readonly write: (work: () => Promise<void>) => Promise<void>;
}

export function claimsOf(desk: Desk): Claims {
	const claimed: RingKey[] = [];
	return {
		desk: { ...desk, ring: noting(desk.ring, claimed) },
		async write(work) {
			try {
				await work();
			} catch (problem) {
				const isUnwritten = problem instanceof Overtaken || problem instanceof StorageFull;
				// A ring that is away keeps them: places are lost then, and nothing else.
				if (isUnwritten) await desk.ring.destroy(claimed).catch(() => false);
				throw problem;
			}
		}
	};
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
