/** Prekeys: made, announced, replaced every 10 days, destroyed when nobody needs them (protocol §2). */

import type { OpeningPrekey } from '../crypto/envelope.ts';
import { randomSecret, type Random } from '../crypto/random.ts';
import type { Secret } from '../crypto/secret.ts';
import { SIZES, type Suite } from '../crypto/suite.ts';
import { PREKEY_ID_BYTES, type Prekey } from '../wire/identity.ts';
import { LIMITS } from '../wire/limits.ts';

/** What is kept, sealed, until the prekey is destroyed. */
export interface PrekeySecrets {
	readonly id: Uint8Array;
	readonly kemSeed: Secret;
	readonly dhSeed: Secret;
}

export interface NewPrekey {
	readonly secrets: PrekeySecrets;
	/** For the card. */
	readonly prekey: Prekey;
	/** 1,216 bytes, a block of its own; `prekey.xwing` is its SHA-256. */
	readonly xwing: Uint8Array<ArrayBuffer>;
}

export async function createPrekey(
	suite: Suite,
	random: Random,
	nowMs: number
): Promise<NewPrekey> {
	const secrets = {
		id: random(PREKEY_ID_BYTES),
		kemSeed: randomSecret(random, SIZES.seed),
		dhSeed: randomSecret(random, SIZES.seed)
	};
	const { id, kem, dh } = await loadPrekey(suite, secrets);
	const prekey = {
		id,
		xwing: await suite.sha256(kem.publicKey),
		dh: dh.publicKey,
		until: nowMs + LIMITS.prekeyAgeMs
	};
	return { secrets, prekey, xwing: kem.publicKey };
}

/** The keys, ready to open envelopes. */
export async function loadPrekey(
	suite: Suite,
	{ id, kemSeed, dhSeed }: PrekeySecrets
): Promise<OpeningPrekey> {
	const [kem, dh] = await Promise.all([suite.kem(kemSeed), suite.agreement(dhSeed)]);
	return { id, kem, dh };
}

/** When a prekey came into the world; Unix milliseconds. */
export interface PrekeyAge {
	/** When its card was published. */
	readonly publishedMs: number;
}

/** `null` where there is none yet. An awake device then makes one, in a new card. */
export function isPrekeyDue(newest: PrekeyAge | null, nowMs: number): boolean {
	return newest === null || nowMs - newest.publishedMs >= LIMITS.prekeyAgeMs;
}

/**
 * The prekeys to destroy: their successor has been public for 30 days, and the device has emptied its
 * slots and holders after that, so that whatever was sealed to them has been opened. The newest one
 * has no successor and stays, however long its owner sleeps.
 *
 * @param emptiedMs when slots and holders were last found empty; `null`: never
 */
export function findOutlived<T extends PrekeyAge>(
	prekeys: readonly T[],
	nowMs: number,
	emptiedMs: number | null
): readonly T[] {
	if (emptiedMs === null) return [];
	const ordered = newestFirst(prekeys);
	return ordered.filter((_, i) => {
		const successor = ordered[i - 1];
		if (successor === undefined) return false;
		const endMs = successor.publishedMs + LIMITS.prekeyKeptMs;
		return endMs <= nowMs && endMs <= emptiedMs;
	});
}

/** The order in which a reader tries them. */
export function newestFirst<T extends PrekeyAge>(prekeys: readonly T[]): readonly T[] {
	return prekeys.toSorted((a, b) => b.publishedMs - a.publishedMs);
}
