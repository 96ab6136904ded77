/** Writing with the one outcome that an operator can cause and a user must hear of: no room. */

import { accept, refuse, type Result } from '../../src/lib/wire/refusal.ts';
import { StorageFull, type Change, type CommitOptions, type OfficeStore } from './ports.ts';

/** `disk-full` where nothing was stored. Every other failure of the disk is thrown. */
export function commit(
	store: OfficeStore,
	changes: readonly Change[],
	options?: CommitOptions
): Result<null> {
	if (changes.length === 0) return accept(null);
	try {
		store.commit(changes, options);
		return accept(null);
	} catch (error) {
		if (error instanceof StorageFull) return refuse('disk-full');
		throw error;
	}
}
