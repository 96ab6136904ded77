/**
 * The style sheets of a mail, made harmless: read by the browser's own CSS parser, where nothing is applied
 * and nothing loads, and written anew from an allow list of selectors, media and declarations (`style.ts`).
 *
 * Contract: what comes out holds style rules and `@media` alone; no URL, no at-rule that fetches or names
 * anything, nothing positioned. Each selector stands under `[data-mail]` (the element that holds the mail),
 * in a cascade layer of its own, and has its classes and ids renamed to `mail-…`: no rule reaches what is not
 * the mail's. Rules for `prefers-color-scheme` are left out: the colours are turned here (`paper.ts`).
 */
import { attributeStyle, cleanRule, cleanStyle } from './style.ts';

export interface Sheet {
	/** Empty: it has none, or none of it may stay. */
	readonly css: string;
	readonly hasColours: boolean;
	/** Classes (`.x`) and ids (`#x`) that its selectors name, as the mail writes them. */
	readonly names: ReadonlySet<string>;
	/** What its selectors name, all together. */
	readonly parts: number;
}

export const NO_SHEET: Sheet = { css: '', hasColours: false, names: new Set(), parts: 0 };

/** The mark of the element in which the mail stands. */
export const MAIL_ROOT = 'data-mail';

/** UTF-16 units of all sheets of a mail: newsletters have up to 60,000. What is longer has none. */
const MAX_LENGTH = 200_000;
/** Brackets that are open at once: parsers go down into each. A sheet needs three or four. */
const MAX_BRACKETS = 60;
/** `@media` in `@media`. */
const MAX_MEDIA = 3;
/** Rules looked at, and selectors kept: a newsletter has some hundreds. */
const MAX_RULES = 4_000;
/** Elements that one selector names: each is searched for among all that stand above. */
const MAX_COMPOUNDS = 8;
/** Elements of the mail times parts of selectors, which the browser may have to compare again and again. */
const MAX_WORK = 2_000_000;

/**
 * One element in a selector, as the browser prints it. No `~`, no `:has`, no `*=`: a hundred thousand
 * siblings would be compared with each other.
 */
const COMPOUND =
	/(?:\*|[a-z][a-z\d]*)?(?:[.#][a-z_][\w-]*|\[(?:class|id)~?="[a-z_][\w-]*"\]|:(?:link|visited|hover|active|focus|(?:first|last|only)-(?:child|of-type))|:nth-child\([\dn +-]{1,12}\)|:nth-child\((?:even|odd)\))*/iy;
const COMBINATOR = / > | \+ | /y;
/** What may stand above or at the mail's body. */
const ROOT = /^(?:(?:html|:root)(?: > | )(?=body\b))?(?:html|body|:root)(?= |$)/i;

const MEDIA =
	/^(?:(?:only |not )?(?:all|screen|print)(?: and )?)?(?:\((?:min-|max-)?(?:device-)?(?:width|height): ?\d{1,5}(?:\.\d+)?(?:px|em|rem)\)(?: and (?=\())?|\(orientation: ?(?:portrait|landscape)\)(?: and (?=\())?)*$/i;

/** Where all of a mail is one box, its size and place are ours. */
const ROOT_PROPERTY =
	/^(?:color|background-color|font|text|line-height|letter-spacing|word|white-space|direction|overflow-wrap)/;

/**
 * @param requireTime is called between steps, and may throw
 * @returns the mail's sheets and what its `<body>` says of itself, as one; `NO_SHEET` where they exceed a limit
 */
export function readSheet(html: string, requireTime: () => void): Sheet {
	if (!/<(?:style|body)\b/i.test(html)) return NO_SHEET;
	// A document without a window: nothing in it runs, loads or is applied.
	const page = new DOMParser().parseFromString(html, 'text/html');
	const blocks = [...page.querySelectorAll('style')].filter(
		// One in a drawing is another element by the same name.
		(block) => block instanceof HTMLStyleElement
	);
	const texts = blocks.map(({ textContent }) => textContent);
	const length = texts.reduce((sum, text) => sum + text.length, 0);
	if (length > MAX_LENGTH || texts.some((text) => opensTooMany(text))) return NO_SHEET;
	const writer = new SheetWriter(requireTime);
	writer.takeBody(page.body);
	for (const [at, text] of texts.entries()) {
		requireTime();
		writer.takeSheet(text, blocks[at]?.media ?? '');
	}
	return writer.finish();
}

/** Too much for so many elements? Then the mail is shown without it. */
export function isTooMuch({ parts }: Sheet, elements: number): boolean {
	return parts * elements > MAX_WORK;
}

/** What the frame and the sheet of paper write into their `<style>`, below their own rules. */
export function sheetInLayer(css: string): string {
	return css === '' ? '' : `@layer mail { [${MAIL_ROOT}] { ${css} } }`;
}

/** As the names are written in the document that is shown. */
export function renamed(name: string): string {
	return `mail-${name}`;
}

class SheetWriter {
	readonly #requireTime: () => void;
	readonly #written: string[] = [];
	readonly #names = new Set<string>();
	#hasColours = false;
	#count = 0;
	#parts = 0;
	#looked = 0;

	constructor(requireTime: () => void) {
		this.#requireTime = requireTime;
	}

	takeBody(body: HTMLElement): void {
		const said = cleanStyle(attributeStyle(body) + (body.getAttribute('style') ?? ''));
		this.#writeRule(['&'], said);
	}

	takeSheet(text: string, media: string): void {
		const sheet = new CSSStyleSheet();
		// `@import` is not followed here, but said aloud in the console: it goes first.
		sheet.replaceSync(text.replace(/@import\b/gi, '@x-import'));
		const queries = media.trim() === '' ? '' : harmlessMedia(toMediaText(media));
		if (queries === null) return;
		this.#within(queries, () => {
			this.#takeRules(sheet.cssRules, 0);
		});
	}

	finish(): Sheet {
		if (this.#looked > MAX_RULES || this.#count > MAX_RULES) return NO_SHEET;
		const { length } = this.#written;
		if (length === 0) return NO_SHEET;
		return {
			css: this.#written.join('\n'),
			hasColours: this.#hasColours,
			names: this.#names,
			parts: this.#parts
		};
	}

	#takeRules(rules: CSSRuleList, depth: number): void {
		for (const rule of rules) {
			if (++this.#looked > MAX_RULES || this.#count > MAX_RULES) return;
			if (rule instanceof CSSStyleRule) this.#takeRule(rule);
			else if (rule instanceof CSSMediaRule && depth < MAX_MEDIA) {
				const queries = harmlessMedia(rule.media.mediaText);
				if (queries === null) continue;
				this.#within(queries, () => {
					this.#takeRules(rule.cssRules, depth + 1);
				});
			}
		}
	}

	/** Nothing is written for media in which nothing stays. */
	#within(queries: string, write: () => void): void {
		const before = this.#written.length;
		write();
		if (queries === '' || this.#written.length === before) return;
		const inside = this.#written.splice(before);
		this.#written.push(`@media ${queries} { ${inside.join('\n')} }`);
	}

	#takeRule({ selectorText, style }: CSSStyleRule): void {
		this.#requireTime();
		const selectors = selectorText.split(/,\s*/).flatMap((text) => this.#readSelector(text) ?? []);
		if (selectors.length > 0) this.#writeRule(selectors, cleanRule(style));
	}

	/** The mail's body is not a box like others. */
	#writeRule(selectors: readonly string[], { style, hasColours }: CleanStyle): void {
		const ofRoot = style
			.split('; ')
			.filter((declaration) => ROOT_PROPERTY.test(declaration))
			.join('; ');
		const others = selectors.filter((selector) => selector !== '&');
		if (others.length < selectors.length) this.#write('&', ofRoot, hasColours);
		if (others.length > 0) this.#write(others.join(', '), style, hasColours);
		this.#count += selectors.length;
	}

	#write(selectors: string, style: string, hasColours: boolean): void {
		if (style === '') return;
		this.#written.push(`${selectors} { ${style} }`);
		this.#hasColours ||= hasColours;
	}

	/** @returns it as it is written below the mail's element; null: it says something that may not stay */
	#readSelector(text: string): string | null {
		const root = ROOT.exec(text)?.[0] ?? '';
		let rest = text.slice(root.length);
		if (root !== '' && rest === '') return '&';
		let written = root === '' ? '& ' : '&';
		if (root !== '') {
			const combinator = matchAt(COMBINATOR, rest);
			// What stands beside the mail is not the mail's.
			if (combinator === ' + ') return null;
			written += combinator;
			rest = rest.slice(combinator.length);
		}
		const names: string[] = [];
		for (let at = 0; at < MAX_COMPOUNDS; at++) {
			const compound = matchAt(COMPOUND, rest);
			if (compound === '') return null;
			written += rename(compound, names);
			this.#parts += 1;
			rest = rest.slice(compound.length);
			if (rest === '') {
				for (const name of names) this.#names.add(name);
				return written;
			}
			const combinator = matchAt(COMBINATOR, rest);
			if (combinator === '') return null;
			written += combinator;
			rest = rest.slice(combinator.length);
		}
		return null;
	}
}

type CleanStyle = ReturnType<typeof cleanStyle>;

function matchAt(pattern: RegExp, text: string): string {
	pattern.lastIndex = 0;
	return pattern.exec(text)?.[0] ?? '';
}

/** `[class="x"]`, as old sheets say it for programs that do not know media, is the class. */
function rename(compound: string, names: string[]): string {
	return compound
		.replace(/\[(class|id)~?="([^"]+)"\]/gi, (_, kind: string, name: string) =>
			kind.toLowerCase() === 'id' ? `#${name}` : `.${name}`
		)
		.replace(/([.#])([a-z_][\w-]*)/gi, (_, mark: string, name: string) => {
			names.push(mark + name);
			return mark + renamed(name);
		});
}

/** @returns the queries that may stay; null: none */
function harmlessMedia(text: string): string | null {
	const kept = text.split(/,\s*/).filter((query) => query !== '' && MEDIA.test(query));
	return kept.length === 0 ? null : kept.join(', ');
}

/** As the browser prints it, whatever an attribute holds. */
function toMediaText(media: string): string {
	return new CSSStyleSheet({ media }).media.mediaText;
}

function opensTooMany(text: string): boolean {
	let open = 0;
	for (const [bracket] of text.matchAll(/[[\](){}]/g)) {
		if ('[({'.includes(bracket)) open += 1;
		else open = Math.max(0, open - 1);
		if (open > MAX_BRACKETS) return true;
	}
	return false;
}
