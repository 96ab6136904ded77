import type { ForwardHead } from '../../app/view.ts';
import { locale } from '../../words/language.ts';
import { inRow } from '../shared/people.ts';

const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' });

/** Whoever reads a mail knows these lines by their words (`message/quotes.ts`), in each of our languages. */
export function forwardHead(): ForwardHead {
	return {
		title: forwardTitle(),
		from: (name) => `From: ${name}`,
		date: (at) => `Date: ${dates.format(at)}`,
		to: (names) => `To: ${inRow(names)}`,
		subject: (subject) => `Subject: ${subject}`
	};
}

export function forwardTitle(): string {
	return 'Forwarded message';
}
