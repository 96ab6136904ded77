/** What the contract of `sanitiseMail` excludes, read from the parsed result. */

const LINK = /^(?:https?|mailto|tel):/i;

const BANNED =
	'script, style, link, meta, base, form, input, button, select, textarea, iframe, frame, object, embed, svg, math, video, audio, source, track, template, noscript, map, area, dialog';

const BANNED_ATTRIBUTE = /^on|^(?:srcset|poster|background|action|formaction|ping|id|name)$/;

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
