/** Inline styles of received mail: an allow list, because a ban list is never complete. */

const PROPERTIES =
	/^(?:color|background-color|(?:font|text|margin|padding|border(?!-image)|list-style-type)(?:-[a-z]+)*|(?:min-|max-)?(?:width|height)|line-height|letter-spacing|white-space|vertical-align|direction|display|float|clear|table-layout|word-(?:break|wrap|spacing)|overflow-wrap|opacity)$/;

/** Values that stay in their place; `fixed` and friends are properties that are not on the list. */
const DISPLAYS = /^(?:block|inline|inline-block|none|table(?:-[a-z]+)*|list-item)$/;

/** Functions that fetch nothing and read nothing. */
const FUNCTIONS = /\b(?:rgba?|hsla?|oklch|oklab|lab|lch|calc)\(/gi;

/** Negative or huge lengths could lay one part of a mail over another. */
const WILD = /(?:^|[\s(,])-[\d.]|(?<![.\d])\d{5,}/;

/**
 * @returns the declarations that may stay, parsed and printed by the browser's own CSS parser;
 * empty when none may
 */
export function cleanStyle(style: string | null): string {
	if (!style) return '';
	const parsed = new CSSStyleSheet();
	const rule = parsed.cssRules[parsed.insertRule('x {}')];
	if (!(rule instanceof CSSStyleRule)) return '';
	rule.style.cssText = style;
	return [...rule.style]
		.map((property) => ({ property, value: rule.style.getPropertyValue(property) }))
		.filter(({ property, value }) => isHarmless(property, value))
		.map(({ property, value }) => `${property}: ${value}`)
		.join('; ');
}

function isHarmless(property: string, value: string): boolean {
	if (!PROPERTIES.test(property)) return false;
	if (value.replace(FUNCTIONS, '').includes('(') || value.includes('\\')) return false;
	if (property === 'display') return DISPLAYS.test(value);
	return !WILD.test(value);
}
