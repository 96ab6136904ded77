import { expect } from 'vitest';

const LINK = /^(?:https?|mailto|tel):/i;

/** What the contract of `sanitiseMail` promises, read from the parsed result. */
export function expectHarmless(html: string): void {
	const page = new DOMParser().parseFromString(html, 'text/html');
	const banned =
		'script, style, link, meta, base, form, input, button, select, textarea, iframe, frame, object, embed, svg, math, video, audio, source, track, template, noscript, map, area, dialog';
	expect(page.body.querySelector(banned)).toBeNull();
	expect(page.head.children.length).toBe(0);
	for (const element of page.body.querySelectorAll('*')) {
		for (const { name, value } of element.attributes) {
			expect(name).not.toMatch(/^on|^(?:srcset|poster|background|action|formaction|ping|id|name)$/);
			if (name === 'src') expect(value).toMatch(/^data:image\/(?!svg)/);
			if (name === 'href') expect(value).toMatch(LINK);
			if (name === 'style') expect(value).not.toMatch(/url|image|position|var\(|expression|\\/i);
		}
		if (element.localName === 'a') expect(element.getAttribute('rel')).toContain('noopener');
	}
}
