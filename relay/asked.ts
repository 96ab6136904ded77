/** A request and its answer as the office sees them: no sockets, so that the simulator can ask too. */

import type { Refusal, Result } from '../src/lib/wire/refusal.ts';

export interface Asked {
	readonly method: string;
	/** From `/v1/` on, with its query: what a device signs. */
	readonly path: string;
	readonly authorization: string | undefined;
	/** The network that it came from: what rate limits count. */
	readonly from: string;
	/** Aborts when the asker leaves. */
	readonly signal: AbortSignal;
	/** The whole body, or `too-large`. Throws where the asker leaves in the middle. */
	body(maxBytes: number): Promise<Result<Uint8Array>>;
}

export interface Answer {
	/** Names the route in metrics. */
	readonly route: string;
	readonly status: number;
	/** Of a refusal. */
	readonly reason?: Refusal;
	/** Pieces are written one by one, each when the asker has taken the one before. */
	readonly body: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

const STATUS: Readonly<Partial<Record<Refusal, number>>> = {
	'not-enrolled': 401,
	'wrong-signature': 401,
	expired: 401,
	'future-clock': 401,
	replayed: 401,
	'not-allowed': 403,
	'not-found': 404,
	'unknown-slot': 404,
	conflict: 409,
	'older-than-known': 409,
	'too-large': 413,
	'rate-limited': 429,
	'slot-full': 507,
	'over-quota': 507,
	'disk-full': 507
};

/** Only the class of an answer; the reason in its body is the machine's word (wire/office.ts). */
export function refusalStatus(reason: Refusal): number {
	return STATUS[reason] ?? 400;
}
