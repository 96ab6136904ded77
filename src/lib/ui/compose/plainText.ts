/** The editor's content as plain text: for readers without HTML, previews and search. */

const BLOCKS = new Set(['DIV', 'P', 'LI', 'BLOCKQUOTE', 'UL', 'OL', 'PRE']);

/** Lines; list items begin with `- `, each level of quotation puts `> ` before a line. */
export function plainText(root: Node): string {
	return linesOf(root).join('\n').replace(/\s+$/u, '');
}

function linesOf(node: Node): string[] {
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
			lines.push(...blockLines(child));
		} else {
			current += child.nodeType === Node.TEXT_NODE ? cleanText(child) : linesOf(child).join('\n');
		}
	}
	flush();
	return lines;
}

function blockLines(block: Node): string[] {
	const lines = linesOf(block);
	if (block.nodeName === 'LI') return lines.map((line, at) => (at === 0 ? '- ' : '  ') + line);
	if (block.nodeName === 'BLOCKQUOTE') return lines.map((line) => `> ${line}`);
	// An empty block is an empty line, as it looks.
	return lines.length ? lines : [''];
}

/** Squire's zero-width spaces hold the cursor; they are not text. */
function cleanText(node: Node): string {
	return (node.textContent ?? '').replaceAll('\u200b', '').replaceAll('\u00a0', ' ');
}
