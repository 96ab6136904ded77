/**
 * What a mail may cost to be read, by a look at its lines alone. The parser pays for each line of a text
 * and for each part; mails that are made of nothing else are kept as files.
 */

/** Lines shorter than any that base64 is written in: a text of as many is a book, or a trap. */
const SHORT_LINES = 50_000;
const SHORT_BYTES = 40;
/** Lines that may be boundaries. */
const BOUNDARIES = 5_000;
const LF = 0x0a;
const DASH = 0x2d;

export function isReadable(mail: Uint8Array): boolean {
	let short = 0;
	let boundaries = 0;
	let start = 0;
	for (let feed = mail.indexOf(LF); feed >= 0; feed = mail.indexOf(LF, start)) {
		if (feed - start < SHORT_BYTES && ++short > SHORT_LINES) return false;
		start = feed + 1;
		const isBoundary = mail[start] === DASH && mail[start + 1] === DASH;
		if (isBoundary && ++boundaries > BOUNDARIES) return false;
	}
	return true;
}
