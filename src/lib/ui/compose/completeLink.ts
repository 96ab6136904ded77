/** `example.org/a` → `https://example.org/a`; null for what is no web or mail address. */
export function completeLink(typed: string): string | null {
	const text = typed.trim();
	const url = /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`;
	if (!URL.canParse(url)) return null;
	const { protocol, hostname, href } = new URL(url);
	if (protocol === 'mailto:') return href;
	return (protocol === 'https:' || protocol === 'http:') && hostname.includes('.') ? href : null;
}
