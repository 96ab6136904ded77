/**
 * Hybrid logical clock (Kulkarni et al., 2014): 48-bit Unix ms ‖ 16-bit count, big-endian, so that
 * clocks compare as bytes (protocol §4, §8.9).
 */

import { compare } from '../wire/bytes.ts';
import { CLOCK_BYTES } from '../wire/body.ts';
import { LIMITS } from '../wire/limits.ts';

const MS_BYTES = 6;
const MAX_COUNT = 0xffff;
const MAX_MS = 2 ** 48 - 1;

export const NO_CLOCK = new Uint8Array(CLOCK_BYTES);

export function clockMs(clock: Uint8Array): number {
	let ms = 0;
	for (let i = 0; i < MS_BYTES; i++) ms = ms * 256 + (clock[i] ?? 0);
	return ms;
}

/** The next reading: later than `last`, and not before the wall clock. */
export function tick(last: Uint8Array, nowMs: number): Uint8Array<ArrayBuffer> {
	const lastMs = clockMs(last);
	if (nowMs > lastMs) return toClock(nowMs, 0);
	const count = 256 * (last[MS_BYTES] ?? 0) + (last[MS_BYTES + 1] ?? 0);
	return count === MAX_COUNT ? toClock(lastMs + 1, 0) : toClock(lastMs, count + 1);
}

/** The later of both, unless the received one is more than 5 minutes ahead of the wall clock. */
export function merge(own: Uint8Array, received: Uint8Array, nowMs: number): Uint8Array {
	if (clockMs(received) > nowMs + LIMITS.clockAheadMs) return own;
	return compare(own, received) < 0 ? received : own;
}

function toClock(ms: number, count: number): Uint8Array<ArrayBuffer> {
	const clock = new Uint8Array(CLOCK_BYTES);
	clock[MS_BYTES] = count >>> 8;
	clock[MS_BYTES + 1] = count;
	let rest = Math.min(ms, MAX_MS);
	for (let i = MS_BYTES - 1; i >= 0; i--) {
		clock[i] = rest % 256;
		rest = Math.floor(rest / 256);
	}
	return clock;
}

/** The writer's clock, where it is not far ahead of ours. */
export function shownMs(clock: Uint8Array, seenMs: number): number {
	return Math.min(clockMs(clock), seenMs + LIMITS.clockAheadMs);
}
