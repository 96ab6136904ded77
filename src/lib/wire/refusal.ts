/** Machine-readable reasons, in the order in which a decoder checks (protocol §1). */
export const REFUSALS = [
	// decoding
	'too-large',
	'not-canonical',
	'unknown-version',
	'unknown-type',
	'wrong-shape',
	'wrong-hash',
	// authentication
	'wrong-signature',
	'wrong-authenticator',
	'wrong-tag',
	'commit-mismatch',
	'two-texts',
	// admission
	'not-a-member',
	'unknown-writer',
	'removed',
	'not-the-creator',
	'list-mismatch',
	'older-than-known',
	'conflict',
	'replayed',
	'foreign-thread',
	'missing-parent',
	'too-many-missing',
	'sealed-too-late',
	'no-wrap-for-me',
	'future-clock',
	'blocked',
	// delivery
	'unknown-slot',
	'slot-full',
	'not-enrolled',
	'over-quota',
	'disk-full',
	'rate-limited',
	'expired',
	'not-found',
	'not-allowed',
	'not-proved'
] as const;

export type Refusal = (typeof REFUSALS)[number];

export type Result<T> =
	{ readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: Refusal };

export function accept<T>(value: T): Result<T> {
	return { ok: true, value };
}

export function refuse(reason: Refusal): { readonly ok: false; readonly reason: Refusal } {
	return { ok: false, reason };
}

export function isRefusal(text: string): text is Refusal {
	return (REFUSALS as readonly string[]).includes(text);
}
