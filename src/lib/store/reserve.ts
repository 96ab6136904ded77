/**
 * Room that is set aside, so that deleting works where there is none: what it must write down (that a
 * message is not wanted again) needs room before any is made, and small rows make none at once, for
 * LevelDB gives their room back only when it next compacts. One value of its own file, which goes at once.
 */

import { systemRandom } from '../crypto/random.ts';
import { BLOCK_KINDS } from './block-store.ts';
import type { Database } from './database.ts';
import type { Quota } from './quota.ts';

/** Some hundred deletions of a thread. */
const RESERVE_BYTES = 1_048_576;
/** It is laid only where there is so much more than it, and never takes the last room itself. */
const ROOM_FACTOR = 16;
const KEY = Uint8Array.of(BLOCK_KINDS.reserve);

export interface Reserve {
	/** Where it is not there, and there is room enough. Throws `StorageFull` where others were faster. */
	lay(): Promise<void>;
	/** `true`: it was there, and its room is free. */
	release(): Promise<boolean>;
}

export function createReserve(database: Database, quota: Pick<Quota, 'estimate'>): Reserve {
	const isLaid = () =>
		database.read('blocks', async ({ store }) => (await store.getKey(KEY)) !== undefined);
	return {
		async lay() {
			if (await isLaid()) return;
			const { usedBytes, quotaBytes } = await quota.estimate();
			if (quotaBytes !== 0 && quotaBytes - usedBytes < ROOM_FACTOR * RESERVE_BYTES) return;
			// Drawn, for what repeats itself is stored as next to nothing.
			const ballast = systemRandom(RESERVE_BYTES);
			await database.write('blocks', 'relaxed', ({ store }) => store.put(ballast, KEY));
		},
		async release() {
			if (!(await isLaid())) return false;
			await database.write('blocks', 'relaxed', ({ store }) => store.delete(KEY));
			return true;
		}
	};
}
