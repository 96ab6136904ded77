import { expect, test } from 'vitest';
import { completeLink } from './completeLink.ts';

test('links are completed or refused', () => {
	expect(completeLink(' example.org/a ')).toBe('https://example.org/a');
	expect(completeLink('http://example.org')).toBe('http://example.org/');
	expect(completeLink('mailto:mira@example.org')).toBe('mailto:mira@example.org');
	for (const bad of ['', 'x', 'javascript:alert(1)', 'data:text/html,x', 'https://', 'a b.c']) {
		expect(completeLink(bad), bad).toBeNull();
	}
});
