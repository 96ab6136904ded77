/**
 * Building blocks of the object schemas: fixed bytes, bounded lists, CIDs, times. The message of each
 * says its shape: a test holds the tables of PROTOCOL.md against it.
 */

import { CID } from 'multiformats/cid';
import * as v from 'valibot';
import { utf8 } from './bytes.ts';

export const cid = v.custom<CID>((value) => {
	const parsed = CID.asCID(value);
	return parsed !== null && parsed.version === 1 && parsed.multihash.code === 0x12;
}, 'CIDv1 with SHA-256');

/** Exactly `size` bytes. */
export function bytes(size: number) {
	return v.custom<Uint8Array>(
		(value) => value instanceof Uint8Array && value.length === size,
		`${String(size)} bytes`
	);
}

/** At most `max` bytes. */
export function bytesUpTo(max: number) {
	return v.custom<Uint8Array>(
		(value) => value instanceof Uint8Array && value.length <= max,
		`at most ${String(max)} bytes`
	);
}

/** Text of at most `max` bytes in UTF-8, without lone surrogates. */
export function text(max: number) {
	return v.pipe(
		v.string(),
		v.check(
			(value) => fitsSurely(value, max) || (value.length <= max && utf8(value).length <= max),
			`text, at most ${String(max)} bytes`
		)
	);
}

/** No letter takes more than three bytes for each of its UTF-16 units. */
function fitsSurely({ length }: string, max: number): boolean {
	return 3 * length <= max;
}

/** A whole number from 0 to 2⁵³ − 1: times in Unix milliseconds, sizes in bytes. */
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/**
 * The sequence of a root record or card: 6 bytes, as an invite carries it. Near 2⁵³ there would be no
 * `previous + 1`, and nobody could publish a newer one.
 */
export const sequence = v.pipe(count, v.maxValue(2 ** 48 - 1));

export function listOf<S extends v.GenericSchema>(item: S, max: number) {
	return v.pipe(v.array(item), v.maxLength(max), v.readonly());
}
