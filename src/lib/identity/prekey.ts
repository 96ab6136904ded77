/** Prekeys: made, published, replaced every 10 days, destroyed when nobody needs them (protocol §2). */

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
	readonly madeMs: number;
	/** When others could first learn its card; `null`: nobody could yet. */
	readonly publishedMs: number | null;
}

/**
 * An awake device makes one, in a new card, where there is none or the newest is 10 days old. One
 * that nobody could learn yet has no successor: first it is published.
 */
export function isPrekeyDue(newest: PrekeyAge | null, nowMs: number): boolean {
	if (newest === null) return true;
	return newest.publishedMs !== null && nowMs - newest.madeMs >= LIMITS.prekeyAgeMs;
}

/**
 * The prekeys to destroy: a successor has been public for 30 days, and all that had reached the
 * device's slots by then was opened. The newest one has no successor and stays, however long its
 * owner sleeps; so does one whose successor was made and never published.
 *
 * @param emptiedMs as `emptiedUntil` gives it; `null`: never
 */
export function findOutlived<T extends PrekeyAge>(
	prekeys: readonly T[],
	nowMs: number,
	emptiedMs: number | null
): readonly T[] {
	if (emptiedMs === null) return [];
	const ordered = newestFirst(prekeys);
	return ordered.filter((_, i) => {
		const successors = ordered.slice(0, i).flatMap(({ publishedMs }) => publishedMs ?? []);
		const endMs = Math.min(...successors) + LIMITS.prekeyKeptMs;
		return endMs <= nowMs && endMs <= emptiedMs;
	});
}

/** A notice whose entries are still to come, or whose writer waits for a yes. Unix milliseconds. */
export interface WaitingNotice {
	readonly takenMs: number;
	/** The hearing before that: it may have lain in the slot since then, however long we slept. */
	readonly afterMs: number;
}

/**
 * Until when everything that reached the own slots was fetched and opened. `heardMs`: when the post
 * office last said all that it had. What has waited for longer than any office keeps unconfirmed mail
 * will not come, and stops nothing: nobody can keep us from forgetting.
 */
export function emptiedUntil(heardMs: number, waiting: readonly WaitingNotice[]): number {
	const open = waiting.filter(({ takenMs }) => heardMs - takenMs < LIMITS.unconfirmedMs);
	return Math.min(heardMs, ...open.map(({ afterMs }) => afterMs));
}

/** The order in which a reader tries them. */
export function newestFirst<T extends PrekeyAge>(prekeys: readonly T[]): readonly T[] {
	return prekeys.toSorted((a, b) => b.madeMs - a.madeMs);
}

/** Does a sender look for a newer card first? */
export function isOutdated({ until }: Pick<Prekey, 'until'>, nowMs: number): boolean {
	return until < nowMs;
}

/** What a letter may take until it reaches the slot, counted off a prekey's last 30 days. */
const FLIGHT_MS = 10 * 24 * 60 * 60 * 1000;

/**
 * May a sender seal to this prekey without asking? Its successor is published after `until`, and after
 * any time at which a post office knew of none: for 30 days from then on its private part is there.
 * Later only an office's word will do, lest the letter can be opened by nobody.
 *
 * @param askedMs when a post office last answered for its owner; `null`: never
 */
export function isSealable(
	{ until }: Pick<Prekey, 'until'>,
	askedMs: number | null,
	nowMs: number
): boolean {
	return nowMs < Math.max(until, askedMs ?? 0) + LIMITS.prekeyKeptMs - FLIGHT_MS;
}
