/**
 * What one replica keeps secret of a thread: plain data, raw bytes, sealed by whoever stores it.
 * Everything else of a thread is rebuilt from its entry bundles with this.
 */

import * as v from 'valibot';
import { createDecoder, encodePlain } from '../wire/codec.ts';
import type { EntryId } from '../wire/ids.ts';
import { bytes, bytesUpTo, count } from '../wire/schema.ts';

export interface ThreadSecrets {
	readonly epochs: Readonly<Record<EntryId, EpochSecrets>>;
	/**
	 * Writer keys whose authenticator for us has verified, as root and key in hex with a slash between:
	 * prekeys and cards change, so that a restart could not ask again.
	 */
	readonly sureWriters: readonly string[];
}

export interface EpochSecrets {
	/** 32 bytes; absent where we were not given it, or after it was destroyed. */
	readonly secret?: Uint8Array | undefined;
	/** How storage has `secret`, where it has a key ring: sealed, and under which key. */
	readonly kept?: KeptSecret | undefined;
	/** 32 bytes; opens the epoch's member list, and is kept for good. */
	readonly listKey: Uint8Array;
	/** Ed25519 seed of our first `join` under this epoch. */
	readonly joinSeed?: Uint8Array | undefined;
	/** Secret of our slot for this thread, as this epoch's maker chose it. */
	readonly slot?: Uint8Array | undefined;
	/** The maker's contact slot for us: where to write to the maker. */
	readonly contact?: Uint8Array | undefined;
	/** Unix ms when the epoch entry was opened here: 50 days later `secret` goes. */
	readonly storedAt: number;
	/** Unix ms when `secret` was destroyed: no wrap brings it back. */
	readonly endedAt?: number | undefined;
}

export interface KeptSecret {
	readonly under: Uint8Array;
	readonly sealed: Uint8Array;
}

export const NO_SECRETS: ThreadSecrets = { epochs: {}, sureWriters: [] };

const epochSchema = v.object({
	secret: v.optional(bytes(32)),
	kept: v.optional(v.object({ under: bytesUpTo(64), sealed: bytesUpTo(256) })),
	listKey: bytes(32),
	joinSeed: v.optional(bytes(32)),
	slot: v.optional(bytes(32)),
	contact: v.optional(bytes(32)),
	storedAt: count,
	endedAt: v.optional(count)
});

const secretsSchema = v.looseObject({
	epochs: v.record(v.string(), epochSchema),
	sureWriters: v.array(v.string())
});

/** Own storage, sealed at rest: as large as the thread's history of epochs. */
const MAX_BYTES = 64 * 1024 * 1024;
const decoder = createDecoder('thread-secrets', MAX_BYTES, secretsSchema);

/** An epoch's secret that is kept sealed stands nowhere else. */
export function encodeSecrets({ epochs, sureWriters }: ThreadSecrets): Uint8Array {
	const plain = Object.entries(epochs).map(([id, { kept, secret, ...rest }]) => {
		const stored = kept === undefined ? { secret } : { kept: { ...kept } };
		return [id, { ...rest, ...stored }] as const;
	});
	const stored = Object.fromEntries(plain);
	return encodePlain({ v: 1, t: 'thread-secrets', epochs: stored, sureWriters });
}

/** The same with other secrets; `state` holds them, too. */
export function withSecrets<T extends Holder>(holder: T, secrets: ThreadSecrets): T {
	const { state } = holder;
	return { ...holder, secrets, state: { ...state, replica: { ...state.replica, secrets } } };
}

interface Holder {
	readonly secrets: ThreadSecrets;
	readonly state: { readonly replica: { readonly secrets: ThreadSecrets } };
}

/** Throws where the bytes are none of ours: broken storage. */
export function decodeSecrets(encoded: Uint8Array): ThreadSecrets {
	const decoded = decoder.decode(encoded);
	if (!decoded.ok) throw new Error(`stored thread secrets: ${decoded.reason}`);
	return decoded.value;
}
