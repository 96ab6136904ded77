/**
 * Without the signature that the app put into this plain text (RFC 3676 §4.3), whose spaces an editor may
 * have changed. What stands below it stays, and so does what its writer has changed in it.
 */
export function withoutSignature(text: string, signature: string): string {
	if (signature.trim() === '') return text;
	const lines = text.split('\n');
	const put = signature.split('\n').map(toWords);
	const isHere = (from: number) =>
		put.every((line, at) => toWords(lines[from + at] ?? '') === line);
	const at = lines.findLastIndex((line, from) => toWords(line) === put[0] && isHere(from));
	return at < 0 ? text : [...lines.slice(0, at), ...lines.slice(at + put.length)].join('\n');
}

function toWords(line: string): string {
	return line.trim().replace(/\s+/gu, ' ');
}
