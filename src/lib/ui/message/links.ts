/** Web addresses inside plain text, without a regular expression that a long text can choke. */

export type Piece =
	| { readonly kind: 'text'; readonly text: string }
	| { readonly kind: 'link'; readonly text: string; readonly href: string };

const LINK = /\bhttps?:\/\/[^\s<>"'`]{1,2000}/gi;
const TRAILING = '.,;:!?)]}';

export function splitLinks(text: string): Piece[] {
	const pieces: Piece[] = [];
	let at = 0;
	for (const match of text.matchAll(LINK)) {
		const found = withoutTrailing(match[0]);
		if (!URL.canParse(found)) continue;
		if (match.index > at) pieces.push({ kind: 'text', text: text.slice(at, match.index) });
		pieces.push({ kind: 'link', text: found, href: found });
		at = match.index + found.length;
	}
	if (at < text.length) pieces.push({ kind: 'text', text: text.slice(at) });
	return pieces;
}

/** Not by a pattern that looks for the end from each of a thousand dots. */
function withoutTrailing(address: string): string {
	let end = address.length;
	while (end > 0 && TRAILING.includes(address.charAt(end - 1))) end--;
	return address.slice(0, end);
}

/** A paragraph costs the page more than its letters do; what stands below the last is one. */
const MAX_PARAGRAPHS = 2_000;

/** Paragraphs: parts between empty lines. */
export function splitParagraphs(text: string): string[] {
	const paragraphs = text
		.replaceAll('\r\n', '\n')
		.split(/\n(?:[ \t]*\n)+/)
		.map((part) => part.trimEnd())
		.filter((part) => part.trim());
	const rest = paragraphs.splice(MAX_PARAGRAPHS).join('\n\n');
	return rest === '' ? paragraphs : [...paragraphs, rest];
}
