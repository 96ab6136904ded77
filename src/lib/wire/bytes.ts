/** Byte strings: joining, comparing, and the three text forms in which we write them. */

import { base64url } from 'multiformats/bases/base64';

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
	const joined = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
	let offset = 0;
	for (const part of parts) {
		joined.set(part, offset);
		offset += part.length;
	}
	return joined;
}

/** Equality of public bytes. Secrets and tags are compared by `crypto/`, in constant time. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
	return a === b || (a.length === b.length && compare(a, b) === 0);
}

/** Lexicographic order, the shorter first where one is a prefix of the other. */
export function compare(a: Uint8Array, b: Uint8Array): number {
	const shared = Math.min(a.length, b.length);
	for (let i = 0; i < shared; i++) {
		const difference = (a[i] ?? 0) - (b[i] ?? 0);
		if (difference !== 0) return difference;
	}
	return a.length - b.length;
}

export function utf8(text: string): Uint8Array<ArrayBuffer> {
	return encoder.encode(text);
}

/** Throws TypeError where the bytes are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
	return strictDecoder.decode(bytes);
}

/** Looked up, because keys are compared as hex with every entry. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Ten times faster, but younger than the browsers that we run in. */
const HAS_TO_HEX = 'toHex' in Uint8Array.prototype;

export function toHex(bytes: Uint8Array): string {
	if (HAS_TO_HEX) return bytes.toHex();
	let text = '';
	for (const byte of bytes) text += HEX[byte] ?? '';
	return text;
}

/** `null` where the text is not an even number of hex digits. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> | null {
	if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) return null;
	const bytes = new Uint8Array(text.length / 2);
	for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
	return bytes;
}

/** base64url without padding (RFC 4648 §5). */
export function toBase64url(bytes: Uint8Array): string {
	return base64url.encode(bytes).slice(1);
}

/** `null` where the text is not base64url without padding, or has stray bits at its end. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
	try {
		const bytes = Uint8Array.from(base64url.decode(`u${text}`));
		return toBase64url(bytes) === text ? bytes : null;
	} catch {
		return null; // multiformats throws on a foreign character; the caller is told "not base64url"
	}
}
