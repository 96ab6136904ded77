/** The key ring in memory, for the simulator: it outlives the processes, and what is destroyed is. */

import { RingAway, type KeyRing, type RingKey } from '../../src/lib/post/ports.ts';
import { concat, toHex } from '../../src/lib/wire/bytes.ts';

export interface MemoryRing extends KeyRing {
	/** Reads nothing and writes nothing while true. */
	isAway: boolean;
	/** Can what is under it be read? */
	isLive(key: RingKey): boolean;
	/** Its file is gone, with part of the site's data. */
	lose(): void;
	readonly size: number;
}

const KEY_BYTES = 28;

export function createMemoryRing(): MemoryRing {
	const live = new Set<string>();
	let made = 0;
	const requireHere = () => {
		if (ring.isAway) throw new RingAway('away');
	};
	const ring: MemoryRing = {
		isAway: false,
		isLive: (key) => live.has(toHex(key)),
		lose: () => live.clear(),
		get size() {
			return live.size;
		},
		erases: async () => true,
		async claim(count) {
			if (ring.isAway) return null;
			const keys = Array.from({ length: count }, () => {
				const key = new Uint8Array(KEY_BYTES);
				new DataView(key.buffer).setUint32(0, ++made);
				return key;
			});
			for (const key of keys) live.add(toHex(key));
			return keys;
		},
		async seal(key, plaintext) {
			requireHere();
			return concat(Uint8Array.of(ring.isLive(key) ? 1 : 0), plaintext);
		},
		async open(key, sealed) {
			requireHere();
			return ring.isLive(key) && sealed[0] === 1 ? sealed.slice(1) : null;
		},
		async destroy(keys) {
			if (ring.isAway) return keys.length === 0;
			for (const key of keys) live.delete(toHex(key));
			return true;
		}
	};
	return ring;
}
