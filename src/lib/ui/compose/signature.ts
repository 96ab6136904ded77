/**
 * Without the signature that the app put into this plain text (RFC 3676 §4.3), whose spaces an editor may
 * have changed. What stands below it stays, and so does what its writer has changed in it.
 */
export function withoutSignature(text: string, signature: string): string {
	if (signature.trim() === '') return text;
	const lines = text.split('\n');
	const { at, count } = findIn(lines, signature);
	return at < 0 ? text : [...lines.slice(0, at), ...lines.slice(at + count)].join('\n');
}

/** The same of an editor's content, in which each of its lines is a block; with what is empty at the end. */
export function withoutSignatureIn(content: HTMLElement, signature: string): void {
	if (signature.trim() === '') return;
	const blocks = [...content.children];
	const { at, count } = findIn(
		blocks.map((block) => block.textContent),
		signature
	);
	if (at >= 0) for (const block of blocks.slice(at, at + count)) block.remove();
	while (content.lastElementChild?.textContent.trim() === '') content.lastElementChild.remove();
}

/** `at` is below 0 where it is not, or its writer has changed it. */
function findIn(lines: readonly string[], signature: string) {
	const put = signature.split('\n').map(toWords);
	const isHere = (from: number) =>
		put.every((line, at) => toWords(lines[from + at] ?? '') === line);
	const at = lines.findLastIndex((line, from) => toWords(line) === put[0] && isHere(from));
	return { at, count: put.length };
}

function toWords(line: string): string {
	return line.trim().replace(/\s+/gu, ' ');
}
