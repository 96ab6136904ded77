/** Without the last signature of a plain text (RFC 3676 §4.3): from the line `-- ` on. */
export function withoutSignature(text: string): string {
	const lines = text.split('\n');
	const at = lines.findLastIndex((line) => line === '-- ' || line === '--');
	return at < 0 ? text : lines.slice(0, at).join('\n');
}
