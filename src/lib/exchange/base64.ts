/** base64 (RFC 4648 §4) of text and of streams, in lines as mail has them (RFC 2045 §6.8). */

import { concat, utf8 } from '../wire/bytes.ts';

const ALPHABET = utf8('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const PAD = 0x3d;

/** Four characters for each three bytes, the last padded. */
export function encodeBase64(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
	const coded = new Uint8Array(4 * Math.ceil(bytes.length / 3));
	let to = 0;
	for (let at = 0; at < bytes.length; at += 3) {
		const left = bytes.length - at;
		const three = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
		coded[to++] = ALPHABET[three >> 18] ?? PAD;
		coded[to++] = ALPHABET[(three >> 12) & 63] ?? PAD;
		coded[to++] = left > 1 ? (ALPHABET[(three >> 6) & 63] ?? PAD) : PAD;
		coded[to++] = left > 2 ? (ALPHABET[three & 63] ?? PAD) : PAD;
	}
	return coded;
}

export function toBase64(bytes: Uint8Array): string {
	return new TextDecoder('ascii').decode(encodeBase64(bytes));
}

export interface Base64Lines {
	/** Characters of a full line: a multiple of four. */
	readonly width: number;
	readonly end: '\r\n' | '\n';
}

/** RFC 2045 §6.8: no more than 76 characters. */
export const MIME_LINES: Base64Lines = { width: 76, end: '\r\n' };

/** Lines, each ended but the last, which is never empty; memory stays at one piece of the source. */
export async function* base64Lines(
	source: AsyncIterable<Uint8Array>,
	{ width, end }: Base64Lines
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	const lineBytes = (width / 4) * 3;
	const ending = utf8(end);
	let held: Uint8Array = new Uint8Array(0);
	let isFirst = true;
	for await (const piece of source) {
		held = held.length === 0 ? piece : concat(held, piece);
		// The last line of all is written without an end: hold back what may be it.
		const whole = Math.floor(Math.max(0, held.length - 1) / lineBytes) * lineBytes;
		if (whole === 0) continue;
		yield joinLines(held.subarray(0, whole), lineBytes, ending, isFirst);
		isFirst = false;
		held = held.slice(whole);
	}
	if (held.length > 0) yield joinLines(held, lineBytes, ending, isFirst);
}

function joinLines(bytes: Uint8Array, lineBytes: number, ending: Uint8Array, isFirst: boolean) {
	const coded = encodeBase64(bytes);
	const width = (lineBytes / 3) * 4;
	const count = Math.ceil(coded.length / width);
	const joined = new Uint8Array(coded.length + (count - (isFirst ? 1 : 0)) * ending.length);
	let to = 0;
	for (let line = 0; line < count; line++) {
		if (line > 0 || !isFirst) {
			joined.set(ending, to);
			to += ending.length;
		}
		const part = coded.subarray(line * width, (line + 1) * width);
		joined.set(part, to);
		to += part.length;
	}
	return joined;
}
