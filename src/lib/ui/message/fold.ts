/**
 * Folds what an HTML mail quotes at its end, and its signature, into a `details` element, which
 * needs no script. The sanitiser marks what mail programs name by class or id before it takes those
 * away (`quoteMark`); here only harmless elements are moved.
 */
import { ATTRIBUTION_LENGTH, isAttribution, isForwardHead, isSignature } from './quotes.ts';

/** `quote`: a quoted message; `rest`: it begins here, and goes to the end; `signature`. */
export type QuoteMark = 'quote' | 'rest' | 'signature';

export const QUOTE_MARK = 'data-quote';

/** By class: Gmail, Yahoo, Proton, Zoho, Thunderbird, Apple. */
const QUOTE =
	/(?:^|\s)(?:gmail_quote|gmail_quote_container|yahoo_quoted|protonmail_quote|tutanota_quote|zmail_extra|moz-cite-prefix)(?:\s|$)/;
const SIGNATURE =
	/(?:^|\s)(?:gmail_signature|moz-signature|protonmail_signature_block|ms-outlook-mobile-signature)(?:\s|$)/;
/** Outlook on the web, on Windows and on phones. */
const REST = /^(?:x_)*(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container)$/;

export function quoteMark(element: Element): QuoteMark | null {
	const names = element.getAttribute('class') ?? '';
	const id = element.getAttribute('id') ?? '';
	if (QUOTE.test(names)) return 'quote';
	if (REST.test(id)) return 'rest';
	return SIGNATURE.test(names) || /^(?:x_)*Signature$/.test(id) ? 'signature' : null;
}

/** @param body the sanitised mail; changed in place. Folds nothing if nothing else would be left. */
export function foldQuotes(body: HTMLElement): void {
	const from = findSignature(body, findQuote(body));
	for (const element of body.querySelectorAll(`[${QUOTE_MARK}]`))
		element.removeAttribute(QUOTE_MARK);
	if (from === null || !hasWords(body, null, from)) return;
	const end = body.ownerDocument.createRange();
	end.setStartBefore(from);
	end.setEndAfter(body.lastChild ?? from);
	const details = body.ownerDocument.createElement('details');
	const summary = body.ownerDocument.createElement('summary');
	summary.textContent = '…';
	summary.title = 'Show what is quoted';
	summary.setAttribute('aria-label', 'Show what is quoted');
	details.append(summary, end.extractContents());
	body.append(details);
}

/** The first node of what is quoted at the end. */
function findQuote(body: HTMLElement): Node | null {
	const rest = body.querySelector(`[${QUOTE_MARK}=rest]`);
	if (rest !== null) return rest;
	for (const box of outermostQuotes(body)) {
		if (isAnsweredInside(box)) box.removeAttribute(QUOTE_MARK);
	}
	const quotes = outermostQuotes(body);
	let first: Node | null = null;
	while (quotes.length > 0) {
		const quote = quotes.pop();
		if (quote === undefined || hasWords(body, quote, first)) break;
		first = quote;
	}
	if (first === null) return null;
	const above = linesAbove(first);
	if (isForwardHead(above.map(({ text }) => text))) return null;
	const [nearest] = above;
	return nearest && isAttribution(nearest.text) ? nearest.node : first;
}

function outermostQuotes(body: HTMLElement): Element[] {
	const any = `blockquote, [${QUOTE_MARK}=quote]`;
	return [...body.querySelectorAll(any)].filter(
		(quote) => quote.parentElement?.closest(any) === null
	);
}

/**
 * Gmail puts what was answered between two quotes into the box around them: below an attribution and a
 * first quote stand words that are not quoted.
 */
function isAnsweredInside(box: Element): boolean {
	const first = box.querySelector('blockquote');
	if (box.localName === 'blockquote' || first === null) return false;
	const head = box.ownerDocument.createRange();
	head.setStartBefore(box);
	head.setEndBefore(first);
	if (head.toString().trim().length > ATTRIBUTION_LENGTH) return false;
	const walker = box.ownerDocument.createTreeWalker(box, NodeFilter.SHOW_TEXT);
	for (let text = walker.nextNode(); text !== null; text = walker.nextNode()) {
		if (!/\S/.test(text.nodeValue ?? '') || !isBefore(first, text)) continue;
		const quote = text.parentElement?.closest('blockquote') ?? null;
		if (quote === null || !box.contains(quote)) return true;
	}
	return false;
}

/** A signature that is followed by nothing but the quote. */
function findSignature(body: HTMLElement, quote: Node | null): Node | null {
	const marked = [...body.querySelectorAll(`[${QUOTE_MARK}=signature]`)];
	const signature = marked.find((element) => quote === null || isBefore(element, quote));
	if (signature && !hasWords(body, signature, quote)) return signature;
	const dashes = [...body.children].findLast(
		(child) => child.textContent.trimEnd() === '--' && (quote === null || isBefore(child, quote))
	);
	return dashes && isShort(body, dashes, quote) ? dashes : quote;
}

function isShort(body: HTMLElement, dashes: Element, quote: Node | null): boolean {
	const below = body.ownerDocument.createRange();
	below.selectNodeContents(body);
	below.setStartAfter(dashes);
	if (quote) below.setEndBefore(quote);
	return isSignature([...below.cloneContents().childNodes].map((line) => line.textContent ?? ''));
}

function isBefore(a: Node, b: Node): boolean {
	return (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}

/** Are there words or pictures of the writer's between the end of one node and the start of another? */
function hasWords(body: HTMLElement, after: Node | null, before: Node | null): boolean {
	const range = body.ownerDocument.createRange();
	range.selectNodeContents(body);
	if (after) range.setStartAfter(after);
	if (before) range.setEndBefore(before);
	if (range.collapsed) return false;
	return /\S/.test(range.toString()) || range.cloneContents().querySelector('img') !== null;
}

/** How many lines above a quote may be the head of a forwarded message. */
const HEAD_LINES = 8;

/** Siblings above, the nearest first; where the quote stands in a box of its own, those of the box. */
function linesAbove(node: Node): { readonly node: Node; readonly text: string }[] {
	const lines: { node: Node; text: string }[] = [];
	let at = node;
	while (lines.length < HEAD_LINES) {
		const sibling = at.previousSibling;
		if (sibling === null) {
			if (lines.length > 0 || at.parentElement === null || at.parentElement.localName === 'body')
				break;
			at = at.parentElement;
			continue;
		}
		at = sibling;
		const text = (sibling.textContent ?? '').trim();
		if (text.length > ATTRIBUTION_LENGTH) break;
		if (text !== '') lines.push({ node: sibling, text });
	}
	return lines;
}
