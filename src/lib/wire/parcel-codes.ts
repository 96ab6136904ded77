/**
 * A small parcel as a run of QR codes, read in any order (protocol §8.1).
 *
 * Text of a code: `DEFMS1/` and, in base45 (RFC 9285), which QR packs as tightly as bytes and every
 * reader gives back unharmed:
 *
 * | bytes | |
 * |---|---|
 * | 8 | the first of SHA-256(parcel): which run it is of, and the check of the whole |
 * | 1 | how many codes there are, 1 to 16 |
 * | 1 | which of them this is, from 0 |
 * | ≤ 900 | its part of the parcel |
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { concat, toHex } from './bytes.ts';
import { LIMITS } from './limits.ts';

const PREFIX = 'DEFMS1/';
const RUN_BYTES = 8;
const HEAD_BYTES = RUN_BYTES + 2;

export interface Code {
	/** In hex. */
	readonly run: string;
	readonly count: number;
	/** From 0. */
	readonly index: number;
	readonly part: Uint8Array;
}

/** `null` where the parcel is too large for codes. */
export function cutIntoCodes(parcel: Uint8Array): readonly string[] | null {
	const count = Math.max(1, Math.ceil(parcel.length / LIMITS.parcelCodeBytes));
	if (count > LIMITS.parcelCodes) return null;
	const run = runOf(parcel);
	return Array.from({ length: count }, (_, index) => {
		const start = index * LIMITS.parcelCodeBytes;
		const part = parcel.subarray(start, start + LIMITS.parcelCodeBytes);
		return PREFIX + toBase45(concat(run, Uint8Array.of(count, index), part));
	});
}

/** `null` where the text is no code of a parcel. */
export function readCode(text: string): Code | null {
	const bytes = text.startsWith(PREFIX) ? fromBase45(text.slice(PREFIX.length)) : null;
	if (bytes === null || bytes.length <= HEAD_BYTES) return null;
	if (bytes.length > HEAD_BYTES + LIMITS.parcelCodeBytes) return null;
	const [count = 0, index = 0] = bytes.subarray(RUN_BYTES, HEAD_BYTES);
	if (count > LIMITS.parcelCodes || index >= count) return null;
	const run = toHex(bytes.subarray(0, RUN_BYTES));
	return { run, count, index, part: bytes.slice(HEAD_BYTES) };
}

/** The parcel; `null` while a code is missing, and where the whole is not what each of them names. */
export function joinCodes(codes: readonly Code[]): Uint8Array | null {
	const [first] = codes;
	if (first === undefined) return null;
	const parts = Array.from({ length: first.count }, (_, index) => {
		return codes.find((code) => code.run === first.run && code.index === index)?.part;
	});
	const here = parts.filter((part) => part !== undefined);
	if (here.length < first.count) return null;
	const parcel = concat(...here);
	return toHex(runOf(parcel)) === first.run ? parcel : null;
}

/** Is it another code of the run that these are of, and not here yet? */
export function isNewCode(codes: readonly Code[], { run, count, index }: Code): boolean {
	const [first] = codes;
	if (first !== undefined && (first.run !== run || first.count !== count)) return false;
	return !codes.some((code) => code.index === index);
}

function runOf(parcel: Uint8Array): Uint8Array {
	return sha256(parcel).subarray(0, RUN_BYTES);
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/** RFC 9285 §4.1. */
function toBase45(bytes: Uint8Array): string {
	let text = '';
	for (let at = 0; at < bytes.length; at += 2) {
		const isPair = at + 1 < bytes.length;
		let value = isPair ? (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0) : (bytes[at] ?? 0);
		for (let digits = isPair ? 3 : 2; digits > 0; digits--) {
			text += DIGITS[value % 45] ?? '';
			value = Math.floor(value / 45);
		}
	}
	return text;
}

/** `null` where it is none. */
function fromBase45(text: string): Uint8Array | null {
	const bytes: number[] = [];
	for (let at = 0; at < text.length; at += 3) {
		const values = Array.from(text.slice(at, at + 3), (digit) => DIGITS.indexOf(digit));
		if (values.length < 2 || values.includes(-1)) return null;
		const value = values.reduceRight((sum, digit) => sum * 45 + digit, 0);
		if (value > (values.length === 3 ? 0xffff : 0xff)) return null;
		if (values.length === 3) bytes.push(value >> 8);
		bytes.push(value & 0xff);
	}
	return Uint8Array.from(bytes);
}
