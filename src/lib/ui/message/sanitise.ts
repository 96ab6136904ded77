/**
 * What a stranger wrote, made harmless: no script, no form, no frame, and nothing that is fetched from
 * anywhere; style sheets apart, written anew (`sheet.ts`). The result still goes only into the sandboxed frame of
 * `MessageFrame.svelte` or the editor, never into the page.
 *
 * Contract: the output holds no URL but `http(s):`, `mailto:` and `tel:` in links and `data:` of
 * the raster formats in pictures. Pictures from elsewhere and of the message itself have no source:
 * where they are is said in attributes that no browser acts upon (`pictures.ts`).
 */
import createPurifier, { type Config } from 'dompurify';
import { foldQuotes, QUOTE_MARK, quoteMark, type QuoteMark } from './fold.ts';
import { splitLinks } from './links.ts';
import { markPicture } from './pictures.ts';
import { isTooMuch, NO_SHEET, readSheet, renamed, type Sheet } from './sheet.ts';
import { attributeStyle, cleanStyle } from './style.ts';

export interface Sanitised {
	readonly html: string;
	/** Its style sheets, for `sheetInLayer`; empty: none. */
	readonly css: string;
	/** Pictures from elsewhere. */
	readonly blockedCount: number;
	/** It brings colours of its own, painted for white paper. */
	readonly hasColours: boolean;
}

/** Above this (UTF-16 units) mail is shown as plain text whatever its reader says. */
export const MAX_HTML_LENGTH = 2_000_000;

/**
 * Mail is shown as plain text if its HTML takes longer; some do on purpose, with a hundred thousand
 * elements in a megabyte. A long newsletter takes a tenth of this on a slow phone.
 */
const PATIENCE_MS = 1_000;

/** Thrown out of the library where the reader's time is over. */
class OutOfTime extends Error {
	override readonly name = 'OutOfTime';
}

const TAGS = [
	...['a', 'abbr', 'address', 'article', 'aside', 'b', 'bdi', 'bdo', 'big', 'blockquote', 'br'],
	...[
		'caption',
		'center',
		'cite',
		'code',
		'col',
		'colgroup',
		'dd',
		'del',
		'dfn',
		'div',
		'dl',
		'dt'
	],
	...['em', 'figcaption', 'figure', 'font', 'footer', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header'],
	...['hr', 'i', 'img', 'ins', 'kbd', 'li', 'main', 'mark', 'ol', 'p', 'pre', 'q', 'rp', 'rt'],
	...['ruby', 's', 'samp', 'section', 'small', 'span', 'strike', 'strong', 'sub', 'sup', 'table'],
	...['tbody', 'td', 'tfoot', 'th', 'thead', 'time', 'tr', 'tt', 'u', 'ul', 'var', 'wbr']
];

const ATTRIBUTES = [
	...['align', 'alt', 'bgcolor', 'border', 'cellpadding', 'cellspacing', 'color', 'colspan'],
	...['cite', 'datetime', 'dir', 'face', 'headers', 'height', 'href', 'lang', 'nowrap', 'reversed'],
	...['rowspan', 'scope', 'size', 'span', 'src', 'start', 'style', 'title', 'type', 'valign'],
	...['value', 'width']
];

const MAIL: Config = {
	ALLOWED_TAGS: TAGS,
	ALLOWED_ATTR: ATTRIBUTES,
	ALLOW_DATA_ATTR: false,
	ALLOW_ARIA_ATTR: false
};

/** What the editor keeps of pasted or quoted HTML. */
const EDITOR: Config = {
	ALLOWED_TAGS: [
		...[
			'a',
			'b',
			'blockquote',
			'br',
			'code',
			'div',
			'em',
			'i',
			'li',
			'ol',
			'p',
			'pre',
			's',
			'strong'
		],
		...['sub', 'sup', 'u', 'ul']
	],
	ALLOWED_ATTR: ['href', 'dir'],
	ALLOW_DATA_ATTR: false,
	ALLOW_ARIA_ATTR: false
};

const SAFE_LINK = /^(?:https?|mailto|tel):/i;
const SAFE_PICTURE = /^data:image\/(?:png|jpe?g|gif|webp|avif|bmp);base64,[a-z0-9+/=\s]*$/i;

const purifier = createPurifier(window);
/** What one run has found so far. */
let found = { blockedCount: 0, hasColours: false };
/** When this run gives up, as `performance.now()` tells it. */
let deadline = Infinity;
let sheet: Sheet = NO_SHEET;
/** What a mail program's class or id says of an element, which is taken from it. */
let marks = new WeakMap<Element, QuoteMark>();
/** Of its classes and its id, those that the mail's sheet names. */
let names = new WeakMap<Element, readonly string[]>();

purifier.addHook('beforeSanitizeAttributes', (node) => {
	requireTime();
	// Texts come by here, too.
	if (node.nodeType !== Node.ELEMENT_NODE) return;
	const mark = quoteMark(node);
	if (mark) marks.set(node, mark);
	if (sheet.names.size > 0) names.set(node, namesOf(node));
});

purifier.addHook('afterSanitizeAttributes', (node) => {
	const { style, hasColours } = cleanStyle(
		attributeStyle(node) + (node.getAttribute('style') ?? '')
	);
	found.hasColours ||= hasColours;
	keepOrDrop(node, 'style', style);
	const mark = marks.get(node);
	if (mark) node.setAttribute(QUOTE_MARK, mark);
	nameAnew(node, names.get(node) ?? []);
	for (const name of ['src', 'href', 'cite']) restrictUrl(node, name);
	if (node.localName !== 'a') return;
	openOutside(node);
	// Where it really leads: the text of a link may say something else.
	if (node.hasAttribute('href')) node.setAttribute('title', node.getAttribute('href') ?? '');
});

/**
 * @param patienceMs how long it may take
 * @throws never; what is too long, or takes too long, gives null (show the plain text instead)
 */
export function sanitiseMail(html: string, patienceMs = PATIENCE_MS): Sanitised | null {
	if (html.length > MAX_HTML_LENGTH) return null;
	found = { blockedCount: 0, hasColours: false };
	marks = new WeakMap();
	names = new WeakMap();
	deadline = performance.now() + patienceMs;
	try {
		sheet = readSheet(html, requireTime);
		const body = clean(html);
		if (isTooMuch(sheet, body.getElementsByTagName('*').length)) sheet = NO_SHEET;
		found.hasColours ||= sheet.hasColours;
		return { html: body.innerHTML, css: sheet.css, ...found };
	} catch (error) {
		if (error instanceof OutOfTime) return null;
		throw error;
	} finally {
		deadline = Infinity;
		sheet = NO_SHEET;
	}
}

function clean(html: string): HTMLElement {
	// A document of its own, in which nothing loads.
	const { body } = document.implementation.createHTMLDocument();
	body.append(purify(html, MAIL) ?? '');
	for (const step of [flatten, linkAddresses, foldQuotes]) {
		requireTime();
		step(body);
	}
	return body;
}

function namesOf(element: Element): readonly string[] {
	const classes = (element.getAttribute('class') ?? '').split(/\s+/).map((name) => `.${name}`);
	return [...classes, `#${element.getAttribute('id') ?? ''}`].filter((name) =>
		sheet.names.has(name)
	);
}

function nameAnew(node: Element, kept: readonly string[]): void {
	const classes = kept.filter((name) => name.startsWith('.'));
	keepOrDrop(node, 'class', classes.map((name) => renamed(name.slice(1))).join(' '));
	const id = kept.find((name) => name.startsWith('#'));
	keepOrDrop(node, 'id', id === undefined ? '' : renamed(id.slice(1)));
}

function requireTime(): void {
	if (performance.now() > deadline) throw new OutOfTime();
}

export function sanitiseForEditor(html: string): DocumentFragment {
	const bounded = html.length > MAX_HTML_LENGTH ? '' : html;
	const fragment = purify(bounded, EDITOR) ?? document.createDocumentFragment();
	for (const element of fragment.querySelectorAll(`[${QUOTE_MARK}]`)) {
		element.removeAttribute(QUOTE_MARK);
	}
	return fragment;
}

/** `null`, whatever the library's types say, where nothing at all is left. */
function purify(html: string, config: Config): DocumentFragment | null {
	return purifier.sanitize(html, { ...config, RETURN_DOM_FRAGMENT: true });
}

/** Web addresses that were only typed become links, as they are in plain text. */
function linkAddresses(body: HTMLElement): void {
	const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
	const texts: Node[] = [];
	while (walker.nextNode()) texts.push(walker.currentNode);
	for (const text of texts) {
		requireTime();
		const pieces = splitLinks(text.nodeValue ?? '');
		if (text.parentElement?.closest('a') || !pieces.some(({ kind }) => kind === 'link')) continue;
		const parts = document.createDocumentFragment();
		// One by one: a hundred thousand are more than a call takes.
		for (const piece of pieces) parts.append(piece.kind === 'text' ? piece.text : linkTo(piece));
		text.parentNode?.replaceChild(parts, text);
	}
}

function linkTo({ text, href }: { readonly text: string; readonly href: string }): HTMLElement {
	const link = document.createElement('a');
	link.href = href;
	link.textContent = text;
	return openOutside(link);
}

/**
 * Elements in elements. Real mail has some dozens; four hundred boxes, each as wide as what is in it,
 * crash the tab in Chromium whenever they are laid out.
 */
const MAX_DEPTH = 150;

/** What is in deeper elements comes out of them, with a space where they ended. */
function flatten(body: HTMLElement): void {
	const walker = document.createTreeWalker(body, NodeFilter.SHOW_ELEMENT);
	const depths = new Map<Node | null, number>([[body, 0]]);
	const deep: Element[] = [];
	for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
		const depth = (depths.get(node.parentNode) ?? 0) + 1;
		depths.set(node, depth);
		if (depth > MAX_DEPTH && node instanceof Element && node.hasChildNodes()) deep.push(node);
	}
	for (const element of deep) {
		const content = document.createDocumentFragment();
		while (element.firstChild) content.append(element.firstChild);
		content.append(' ');
		element.replaceWith(content);
	}
}

function openOutside<T extends Element>(link: T): T {
	link.setAttribute('target', '_blank');
	link.setAttribute('rel', 'noopener noreferrer');
	return link;
}

function restrictUrl(node: Element, name: string): void {
	const value = node.getAttribute(name);
	if (value === null) return;
	const isPicture = node.localName === 'img' && name === 'src';
	if (isPicture && SAFE_PICTURE.test(value)) return;
	if (node.localName === 'a' && name === 'href' && SAFE_LINK.test(value.trim())) return;
	node.removeAttribute(name);
	if (isPicture && markPicture(node, value) === 'elsewhere') found.blockedCount += 1;
}

function keepOrDrop(node: Element, name: string, value: string): void {
	if (value) node.setAttribute(name, value);
	else node.removeAttribute(name);
}
