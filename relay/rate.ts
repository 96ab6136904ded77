/** How often each caller may do a thing: a token bucket a key, in memory. */

export interface RateLimit {
	/** `false`: too often, do not do it. */
	take(key: string, nowMs: number): boolean;
	readonly size: number;
}

interface Bucket {
	tokens: number;
	at: number;
}

/** Callers remembered at once; above this the longest unseen are forgotten (and may begin anew). */
const MAX_KEYS = 50_000;

/** At most `count` at once, refilled evenly over `perMs`. */
export function createRateLimit(count: number, perMs: number, maxKeys = MAX_KEYS): RateLimit {
	// A map keeps insertion order: a key that is used moves to the end, the first is the oldest.
	const buckets = new Map<string, Bucket>();
	return {
		take(key, nowMs) {
			const bucket = buckets.get(key) ?? { tokens: count, at: nowMs };
			const refilled = bucket.tokens + (Math.max(0, nowMs - bucket.at) / perMs) * count;
			const tokens = Math.min(count, refilled);
			const isFree = tokens >= 1;
			buckets.delete(key);
			buckets.set(key, { tokens: isFree ? tokens - 1 : tokens, at: nowMs });
			if (buckets.size > maxKeys) forgetOldest(buckets);
			return isFree;
		},
		get size() {
			return buckets.size;
		}
	};
}

function forgetOldest(buckets: Map<string, Bucket>): void {
	for (const key of buckets.keys()) {
		buckets.delete(key);
		return;
	}
}
