/**
 * The text of a mail that has HTML alone, for lists, search and the plain view. Each step reads the whole
 * once, whatever stands in it; nothing that comes out is ever taken for HTML again.
 */

const NAMED: Readonly<Record<string, string>> = {
	amp: '&',
	lt: '<',
	gt: '>',
	quot: '"',
	apos: "'",
	nbsp: ' ',
	ndash: '–',
	mdash: '—',
	hellip: '…',
	copy: '©',
	euro: '€'
};

export function htmlToText(html: string): string {
	let text = '';
	let at = 0;
	while (at < html.length) {
		const tag = html.indexOf('<', at);
		if (tag < 0) break;
		text += html.slice(at, tag).replace(/\s+/g, ' ');
		const { end, shown } = skipTag(html, tag);
		text += shown;
		at = end;
	}
	text += html.slice(at).replace(/\s+/g, ' ');
	return decodeEntities(text)
		.split('\n')
		.map((line) => line.replace(/[ \t\u00a0]+/g, ' ').trim())
		.filter((line, i, lines) => line !== '' || lines[i - 1] !== '')
		.join('\n')
		.trim();
}

/** Past a tag, a comment, or an element whose content is not shown: unclosed, it has all the rest. */
function skipTag(html: string, start: number): { end: number; shown: string } {
	if (html.startsWith('<!--', start)) return { end: after(html, '-->', start), shown: '' };
	const name = /^<\/?([a-z][a-z0-9]*)/i.exec(html.slice(start, start + 32))?.[1]?.toLowerCase();
	if (name === undefined) return { end: start + 1, shown: '<' };
	const end = after(html, '>', start);
	if (/^(?:style|script|title)$/.test(name) && html[start + 1] !== '/') {
		return { end: after(html, '>', closing(html, name, end)), shown: '' };
	}
	if (/^(?:br|p|div|tr|table|li|ul|ol|h[1-6]|blockquote|pre|hr)$/.test(name)) {
		return { end, shown: '\n' };
	}
	return { end, shown: /^t[dh]$/.test(name) ? ' ' : '' };
}

function after(html: string, mark: string, from: number): number {
	const at = html.indexOf(mark, from);
	return at < 0 ? html.length : at + mark.length;
}

function closing(html: string, name: string, from: number): number {
	const pattern = new RegExp(`</${name}`, 'gi');
	pattern.lastIndex = from;
	return pattern.exec(html)?.index ?? html.length;
}

function decodeEntities(text: string): string {
	return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (whole, ...found) => {
		const [decimal, hex, name] = found.map((part: unknown) =>
			typeof part === 'string' ? part : ''
		);
		if (name) return NAMED[name.toLowerCase()] ?? whole;
		const code = decimal ? Number(decimal) : parseInt(hex ?? '', 16);
		return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
	});
}
