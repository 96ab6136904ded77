/**
 * Letters of Western Europe that stand in a header as bare bytes, as old programs wrote them. RFC 6532
 * says that such bytes are UTF-8; a line that is none is read as windows-1252, the superset of what they
 * meant. Only what is parsed is mended: the original stays as it is.
 */

import { concat, utf8 } from '../wire/bytes.ts';

const strict = new TextDecoder('utf-8', { fatal: true });
const western = new TextDecoder('windows-1252');

/** The same bytes where nothing is to be mended. */
export function mendHeader(mail: Uint8Array): Uint8Array {
	const end = headerEnd(mail);
	const header = mail.subarray(0, end);
	if (isUtf8(header)) return mail;
	const lines: Uint8Array[] = [];
	for (let start = 0; start < end;) {
		const feed = header.indexOf(0x0a, start);
		const next = feed < 0 ? end : feed + 1;
		const line = header.subarray(start, next);
		lines.push(isUtf8(line) ? line : utf8(toText(line)));
		start = next;
	}
	return concat(...lines, mail.subarray(end));
}

/** Where the first empty line begins: all before it is header. */
export function headerEnd(mail: Uint8Array): number {
	for (let feed = mail.indexOf(0x0a); feed >= 0; feed = mail.indexOf(0x0a, feed + 1)) {
		if (mail[feed + 1] === 0x0a || (mail[feed + 1] === 0x0d && mail[feed + 2] === 0x0a)) {
			return feed + 1;
		}
	}
	return mail.length;
}

function isUtf8(bytes: Uint8Array): boolean {
	try {
		strict.decode(bytes);
		return true;
	} catch {
		return false; // the answer, not an error
	}
}

/** Inside an encoded word (RFC 2047 §4.2) a byte is of that word's charset, and is written so. */
function toText(line: Uint8Array): string {
	const text = western.decode(line);
	if (!text.includes('=?')) return text;
	return [...line]
		.map((byte) =>
			byte < 0x80 ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase()}`
		)
		.join('');
}
