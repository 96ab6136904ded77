/** What this browser lacks, found by looking, never by its name. */

import { CannotKeep, NewerData } from '../store/database.ts';
import { StorageFull } from '../post/ports.ts';
import type { UnsupportedReason } from './view.ts';

/** The parts of the global scope on which everything stands. */
export interface Scope {
	readonly isSecureContext: boolean;
	readonly indexedDB?: unknown;
	readonly BroadcastChannel?: unknown;
	readonly crypto?: { readonly subtle?: unknown };
	readonly navigator?: { readonly locks?: unknown };
	readonly AbortSignal?: { readonly any?: unknown };
	readonly Promise?: { readonly withResolvers?: unknown };
	readonly Set?: { readonly prototype: { readonly isSubsetOf?: unknown } };
}

/** `null`: as far as can be seen without trying, it works here. */
export function findMissing(scope: Scope): UnsupportedReason | null {
	if (!scope.isSecureContext) return 'insecure';
	const parts = [
		scope.crypto?.subtle,
		scope.navigator?.locks,
		scope.BroadcastChannel,
		// The youngest parts of the language that we use: Chromium 122, Firefox 127, Safari 17.4.
		scope.AbortSignal?.any,
		scope.Promise?.withResolvers,
		scope.Set?.prototype.isSubsetOf
	];
	if (parts.some((part) => part === undefined)) return 'old-browser';
	// Null or absent in some private windows and hardened browsers.
	return scope.indexedDB === undefined || scope.indexedDB === null ? 'no-storage' : null;
}

/** Why storage did not open; `null` where the error says nothing of the browser. */
export function reasonOf(error: unknown): UnsupportedReason | null {
	if (error instanceof NewerData) return 'newer-data';
	if (error instanceof CannotKeep || error instanceof StorageFull) return 'no-storage';
	return null;
}
