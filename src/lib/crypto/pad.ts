/**
 * Padmé padding (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication
 * with PURBs", PETS 2019, §4): a length shows O(log log n) bits of itself, for at most 12 % more.
 *
 * Padded = content ‖ 0x80 ‖ zeros. One content has one padded form; every other is refused.
 */

import type { Bytes } from './suite.ts';

const END = 0x80;

export function pad(content: Uint8Array): Bytes {
	const padded = new Uint8Array(paddedLength(content.length));
	padded.set(content);
	padded[content.length] = END;
	return padded;
}

/** `null` where no content pads to these bytes. */
export function unpad(padded: Uint8Array): Bytes | null {
	let end = padded.length - 1;
	while (end >= 0 && padded[end] === 0) end--;
	if (end < 0 || padded[end] !== END || paddedLength(end) !== padded.length) return null;
	return padded.slice(0, end);
}

/** Bytes after padding, the end mark included; for contents below 2³¹ bytes. */
export function paddedLength(contentLength: number): number {
	return padme(contentLength + 1);
}

/** Keeps of the length only as many leading bits as its logarithm has, rounding up. */
function padme(length: number): number {
	if (length < 2) return length;
	const exponent = floorLog2(length);
	const keptBits = floorLog2(exponent) + 1;
	const step = 2 ** Math.max(0, exponent - keptBits);
	return Math.ceil(length / step) * step;
}

/** By bits: `Math.log2` may differ between engines, and this decides what is refused. −1 for 0. */
function floorLog2(value: number): number {
	return 31 - Math.clz32(value);
}
