import { locale } from './language.ts';

const numbers = new Intl.NumberFormat(locale);

/** As people write it: `1,200`. */
export function formatCount(count: number): string {
	return numbers.format(count);
}

/**
 * The form for that many, with `#` for the number: `plural(3, ['# file', '# files'])` → `3 files`. The
 * build puts the forms and the rule of another language in their place (see wuchale.config.js).
 */
export function plural(
	count: number,
	forms: readonly string[],
	rule: (count: number) => number = english
): string {
	const form = forms[rule(count)] ?? forms.at(-1) ?? '';
	return form.replace('#', formatCount(count));
}

function english(count: number): number {
	return count === 1 ? 0 : 1;
}
