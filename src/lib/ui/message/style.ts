/** What received mail may declare of its looks: an allow list, because a ban list is never complete. */
import { forBothPapers, isColour } from './paper.ts';

const PROPERTIES =
	/^(?:color|background-color|(?:font|text|margin|padding|border(?!-image)|list-style-type)(?:-[a-z]+)*|(?:min-|max-)?(?:width|height)|line-height|letter-spacing|white-space|vertical-align|direction|display|float|clear|table-layout|box-sizing|overflow-[xy]|word-(?:break|wrap|spacing)|overflow-wrap|opacity)$/;

/** Values that stay in their place; `fixed` and friends are properties that are not on the list. */
const DISPLAYS = /^(?:block|inline|inline-block|none|table(?:-[a-z]+)*|list-item)$/;

/** What hides; what scrolls inside the mail would take the finger from the page. */
const OVERFLOWS = /^(?:hidden|clip|visible|anywhere|break-word|normal)$/;

/** None of them belongs into a value; each could end one where it is written into a document. */
const BREAKING = /[<>{};@]/;

/** Functions that fetch nothing and read nothing. */
const FUNCTIONS = /\b(?:rgba?|hsla?|oklch|oklab|lab|lch|calc)\(/gi;

/** Negative or huge lengths could lay one part of a mail over another. */
const WILD = /(?:^|[\s(,])-[\d.]|(?<![.\d])\d{5,}/;

export interface CleanStyle {
	readonly style: string;
	readonly hasColours: boolean;
}

/**
 * @returns the declarations that may stay, parsed and printed by the browser's own CSS parser, their
 * colours as a pair for light and dark paper; empty when none may
 */
export function cleanStyle(style: string): CleanStyle {
	if (style === '') return NO_STYLE;
	const parsed = new CSSStyleSheet();
	const rule = parsed.cssRules[parsed.insertRule('x {}')];
	if (!(rule instanceof CSSStyleRule)) return NO_STYLE;
	rule.style.cssText = style;
	return harmlessOf(rule.style);
}

/** The same of a rule in a style sheet, `!important` included: it is meant against what stands inline. */
export function cleanRule(declared: CSSStyleDeclaration): CleanStyle {
	return harmlessOf(declared, (property) =>
		declared.getPropertyPriority(property) === 'important' ? ' !important' : ''
	);
}

function harmlessOf(
	declared: CSSStyleDeclaration,
	priorityOf: (property: string) => string = () => ''
): CleanStyle {
	let hasColours = false;
	const kept = [...declared]
		.map((property) => ({ property, value: declared.getPropertyValue(property) }))
		.filter(({ property, value }) => isHarmless(property, value))
		.map(({ property, value }) => {
			const priority = priorityOf(property);
			if (!isColour(property, value)) return `${property}: ${value}${priority}`;
			hasColours = true;
			return `${property}: ${forBothPapers(property, value)}${priority}`;
		});
	return { style: kept.join('; '), hasColours };
}

const NO_STYLE: CleanStyle = { style: '', hasColours: false };

/** Old mail says its colours in attributes, which know no dark paper: they become declarations. */
export function attributeStyle(element: Element): string {
	return [
		['color', 'color'],
		['bgcolor', 'background-color']
	]
		.map(([attribute = '', property = '']) => {
			const value = toColour(element.getAttribute(attribute) ?? '');
			element.removeAttribute(attribute);
			return value === null ? '' : `${property}: ${value};`;
		})
		.join('');
}

/** HTML takes a colour without its `#`, too. */
function toColour(value: string): string | null {
	const text = value.trim();
	if (CSS.supports('color', text)) return text;
	return /^[\da-f]{6}$/i.test(text) ? `#${text}` : null;
}

function isHarmless(property: string, value: string): boolean {
	// Empty: a shorthand of which nothing can be said before it is computed, as of a variable.
	if (!PROPERTIES.test(property) || value === '' || BREAKING.test(value)) return false;
	if (value.replace(FUNCTIONS, '').includes('(') || value.includes('\\')) return false;
	if (property === 'display') return DISPLAYS.test(value);
	if (property.startsWith('overflow-')) return OVERFLOWS.test(value);
	return !WILD.test(value);
}
