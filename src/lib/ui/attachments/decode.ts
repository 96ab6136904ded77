/** Text files: which characters their bytes mean. */

/** More would keep the page busy; the rest is said to be missing. */
export const MAX_TEXT_BYTES = 1024 * 1024;

export interface DecodedText {
	readonly text: string;
	/** As WHATWG names it. */
	readonly encoding: string;
	/** There is more in the file. */
	readonly isCut: boolean;
}

/** Byte order mark, else UTF-8 if it is that throughout, else UTF-16 by its zeros, else Windows-1252. */
export function decodeText(bytes: Uint8Array, isCut = false): DecodedText {
	const encoding = encodingOf(bytes, isCut);
	return { text: new TextDecoder(encoding).decode(bytes), encoding, isCut };
}

function encodingOf(bytes: Uint8Array, isCut: boolean): string {
	const [first, second, third] = bytes;
	if (first === 0xff && second === 0xfe) return 'utf-16le';
	if (first === 0xfe && second === 0xff) return 'utf-16be';
	if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
	const zeros = zerosOf(bytes);
	if (zeros !== null) return zeros;
	return isUtf8(bytes, isCut) ? 'utf-8' : 'windows-1252';
}

/** In UTF-16 without a mark every other byte of Latin text is zero; other texts have no zeros. */
function zerosOf(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
	const sample = bytes.subarray(0, 1_000);
	const even = sample.filter((byte, at) => byte === 0 && at % 2 === 0).length;
	const odd = sample.filter((byte, at) => byte === 0 && at % 2 === 1).length;
	if (odd > sample.length * 0.2 && even === 0) return 'utf-16le';
	return even > sample.length * 0.2 && odd === 0 ? 'utf-16be' : null;
}

/** A file that was cut may end inside a character. */
function isUtf8(bytes: Uint8Array, isCut: boolean): boolean {
	try {
		new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
		return true;
	} catch {
		return false;
	}
}
