/** Plain text as the editor's HTML: what each line looks like, quoted lines in quotations. */

/** More cannot be sent (`LIMITS.contentBytes`), and is not worth the work at each keystroke. */
const LONGEST = 200_000;

/** Deeper ones are those of a joker. */
const DEEPEST = 20;

/** The counterpart of `plainText`. Empty where the text is, and for what is far too long to be sent. */
export function textToHtml(text: string): string {
	return text.length > LONGEST ? '' : allToHtml(text);
}

/** The same of a text however long: where its HTML takes the place of the text. */
export function allToHtml(text: string): string {
	if (text === '') return '';
	let html = '';
	let depth = 0;
	for (const line of text.split('\n')) {
		const { level, rest } = readQuoted(line);
		html += '<blockquote>'.repeat(Math.max(0, level - depth));
		html += '</blockquote>'.repeat(Math.max(0, depth - level));
		html += `<div>${rest === '' ? '<br>' : escapeHtml(rest)}</div>`;
		depth = level;
	}
	return html + '</blockquote>'.repeat(depth);
}

/** `> > b`, `>> b` and `>>b`: two levels, as mail has it (RFC 3676 §4.5). */
function readQuoted(line: string): { readonly level: number; readonly rest: string } {
	const marks = /^(?:> ?)+/.exec(line)?.[0] ?? '';
	const level = Math.min(DEEPEST, marks.replaceAll(' ', '').length);
	return { level, rest: line.slice(marks.length) };
}

/** An editor folds spaces in a row: those of a table or a poem stand. */
function escapeHtml(text: string): string {
	return text
		.replace(/&/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;')
		.replace(/^ | (?= )/g, '\u00a0');
}
