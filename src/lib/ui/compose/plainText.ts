/** The editor's content as plain text: for readers without HTML, previews and search. */

const BLOCKS = new Set(['DIV', 'P', 'LI', 'BLOCKQUOTE', 'UL', 'OL', 'PRE']);

interface Options {
	/** The address of a link stands behind its words, if they do not say it. */
	readonly keepsLinks?: boolean;
}

/** Lines; list items begin with `- `, each level of quotation puts `> ` before a line. */
export function plainText(root: Node, options: Options = {}): string {
	return linesOf(root, options).join('\n').replace(/\s+$/u, '');
}

function linesOf(node: Node, options: Options): string[] {
	const lines: string[] = [];
	let current = '';
	const flush = () => {
		if (current) lines.push(current);
		current = '';
	};
	for (const child of node.childNodes) {
		if (child.nodeName === 'BR') {
			lines.push(current);
			current = '';
		} else if (BLOCKS.has(child.nodeName)) {
			flush();
			lines.push(...blockLines(child, options));
		} else {
			current += inlineText(child, options);
		}
	}
	flush();
	return lines;
}

function blockLines(block: Node, options: Options): string[] {
	const lines = linesOf(block, options);
	if (block.nodeName === 'LI') return lines.map((line, at) => (at === 0 ? '- ' : '  ') + line);
	if (block.nodeName === 'BLOCKQUOTE') return lines.map((line) => `> ${line}`);
	// An empty block is an empty line, as it looks.
	return lines.length ? lines : [''];
}

function inlineText(node: Node, options: Options): string {
	if (node.nodeType === Node.TEXT_NODE) return cleanText(node);
	const text = linesOf(node, options).join('\n');
	const href = node instanceof Element && node.localName === 'a' ? node.getAttribute('href') : null;
	if (options.keepsLinks !== true || !href) return text;
	if (text.trim() === '') return href;
	return toPlace(text.trim()) === toPlace(href) ? text : `${text} <${href}>`;
}

/** Without what people leave out of an address. */
function toPlace(address: string): string {
	return address.replace(/^(?:https?:\/\/|mailto:|tel:)/i, '').replace(/\/$/, '');
}

/** Squire's zero-width spaces hold the cursor; they are not text. */
function cleanText(node: Node): string {
	return (node.textContent ?? '').replaceAll('\u200b', '').replaceAll('\u00a0', ' ');
}
