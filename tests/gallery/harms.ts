/** What the contract of `sanitiseMail` excludes, read from the parsed result. */

const LINK = /^(?:https?|mailto|tel):/i;

const BANNED =
	'script, style, link, meta, base, form, input, button, select, textarea, iframe, frame, object, embed, svg, math, video, audio, source, track, template, noscript, map, area, dialog';

const BANNED_ATTRIBUTE = /^on|^(?:srcset|poster|background|action|formaction|ping|name)$/;

/** Renamed, so that no rule of the app's and no name of a document's speaks of them. */
const NAMES = /^mail-[\w-]+(?: mail-[\w-]+)*$/;

const BANNED_STYLE = /url|image|position|var\(|expression|\\/i;

/** @returns what is wrong with it; empty: it is harmless */
export function harmsOf(html: string): string[] {
	const page = new DOMParser().parseFromString(html, 'text/html');
	const harms: string[] = [];
	const bad = page.body.querySelector(BANNED);
	if (bad) harms.push(`element ${bad.localName}`);
	if (page.head.children.length > 0) harms.push('something in the head');
	for (const element of page.body.querySelectorAll('*')) harms.push(...harmsIn(element));
	return harms;
}

function harmsIn(element: Element): string[] {
	const harms = [...element.attributes].filter(({ name, value }) => {
		if (BANNED_ATTRIBUTE.test(name)) return true;
		if (name === 'id' || name === 'class') return !NAMES.test(value);
		if (name === 'src') return !/^data:image\/(?!svg)/.test(value);
		if (name === 'href') return !LINK.test(value);
		return name === 'style' && BANNED_STYLE.test(value);
	});
	const isOpen =
		element.localName === 'a' && !(element.getAttribute('rel') ?? '').includes('noopener');
	return [
		...harms.map(({ name, value }) => `${name}="${value}"`),
		...(isOpen ? ['a link without noopener'] : [])
	];
}

/**
 * The same of its style sheets, as the browser reads them.
 * @param css as it is written into the document
 */
export function harmsOfSheet(css: string): string[] {
	if (/[<\\]|@import|url|image|[{; ]position:|expression|var\(/i.test(css))
		return [`sheet: ${css}`];
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(css);
	const [layer, ...more] = sheet.cssRules;
	if (layer === undefined) return [];
	const isBound = layer instanceof CSSLayerBlockRule && layer.name === 'mail';
	if (!isBound || more.length > 0) return ['a rule outside its layer'];
	const [root, ...beside] = layer.cssRules;
	if (!(root instanceof CSSStyleRule) || root.selectorText !== '[data-mail]' || beside.length > 0) {
		return ['a rule outside the mail'];
	}
	return harmsInRules(root.cssRules);
}

function harmsInRules(rules: CSSRuleList): string[] {
	return [...rules].flatMap((rule) => {
		if (rule instanceof CSSMediaRule) return harmsInRules(rule.cssRules);
		if (!(rule instanceof CSSStyleRule)) return [`rule ${rule.cssText}`];
		const selectors = rule.selectorText.split(/,\s*/);
		return selectors.every((one) => /^&(?=$|:| (?!\+))/.test(one)) ? [] : [rule.selectorText];
	});
}
