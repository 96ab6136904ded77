/** Byte strings as the primitives want them. */

import type { Bytes } from './suite.ts';

/** The same bytes over an ordinary ArrayBuffer; copied only where they lie in shared memory. */
export function toBytes(bytes: Uint8Array): Bytes {
	return isOrdinary(bytes) ? bytes : Uint8Array.from(bytes);
}

function isOrdinary(bytes: Uint8Array): bytes is Bytes {
	return bytes.buffer instanceof ArrayBuffer;
}

/** Throws RangeError: no stranger chooses this length, so the caller has a bug. */
export function requireSize(what: string, size: number, wanted: number): void {
	if (size !== wanted) {
		throw new RangeError(`${what} has ${String(size)} bytes instead of ${String(wanted)}`);
	}
}
