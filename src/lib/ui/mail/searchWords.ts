/** What the search says about itself. */

import { formatCount } from '../../words/plural.ts';
import type { Completion, Found, Operator } from '../../app/view-search.ts';

/** One line of the sheet: what to type, and what it finds. */
export interface Hint {
	readonly typed: string;
	readonly finds: string;
}

/* What is typed is the same in every language. */
export function hints(): readonly { readonly title: string; readonly hints: readonly Hint[] }[] {
	return [
		{
			title: 'Words',
			hints: [
				{ typed: 'harb tea', finds: 'both words, or what begins with them' },
				{ typed: '"green tea"', finds: 'exactly these words, in a row' },
				{ typed: 'tea OR coffee', finds: 'one of them' },
				{ typed: 'tea -cake', finds: 'the first without the second' }
			]
		},
		{
			title: 'People and places of a message',
			hints: [
				{ typed: 'from:mira', finds: 'who wrote it; from:me is you' },
				{ typed: 'to:tom', finds: 'whoever it went to; cc: for copies' },
				{ typed: 'subject:harbour', finds: 'in the subject alone' },
				{ typed: 'filename:pdf', finds: 'in the names of attachments' },
				{ typed: 'has:attachment', finds: 'also image, video, audio, pdf, link' }
			]
		},
		{
			title: 'Where it is',
			hints: [
				{ typed: 'is:unread', finds: 'also read, starred, pinned, muted, snoozed, sent, record' },
				{ typed: 'in:archive', finds: 'also inbox, sent, trash, snoozed; in:anywhere is all' },
				{ typed: 'label:travel', finds: 'with this label, or one below it' }
			]
		},
		{
			title: 'When and how large',
			hints: [
				{ typed: 'after:2026-03-01', finds: 'since that day; before: until it' },
				{
					typed: 'older_than:6m',
					finds: /* @wc-include */ 'also d, w, y; newer_than: the other way'
				},
				{ typed: 'larger:5M', finds: 'with its files; smaller: the other way' }
			]
		}
	];
}

/** To begin with, for fingers. */
export function starts(): readonly { readonly typed: string; readonly name: string }[] {
	return [
		{ typed: 'is:unread ', name: 'Unread' },
		{ typed: 'has:attachment ', name: 'With files' },
		{ typed: 'in:sent ', name: 'Sent by me' },
		{ typed: 'newer_than:1w ', name: 'This week' },
		{ typed: 'from:', name: 'From …' }
	];
}

function meanings(): Readonly<Record<Operator, string>> {
	return {
		from: 'who wrote it',
		to: 'whoever it went to',
		cc: 'who got a copy',
		subject: 'words of the subject',
		filename: 'names of attachments',
		has: 'attachment, link …',
		is: 'unread, starred …',
		in: 'inbox, archive …',
		label: 'with a label',
		before: 'until a day',
		after: 'since a day',
		older_than: '1w, 6m, 1y',
		newer_than: '1d, 1w, 1m',
		larger: '5M, 500K',
		smaller: '5M, 500K'
	};
}

/** Beside a suggestion. */
export function meaningOf(completion: Completion): string {
	if (completion.kind === 'operator') return meanings()[completion.operator];
	return completion.kind === 'person' ? completion.name : '';
}

function wanted(): Readonly<Record<Operator, string>> {
	return {
		...{ from: 'a name', to: 'a name', cc: 'a name', subject: 'a word', filename: 'a word' },
		has: 'attachment, image, video, audio, pdf or link',
		is: 'unread, read, starred, pinned, muted, snoozed, sent or record',
		in: 'inbox, archive, trash, sent, snoozed or anywhere',
		label: 'the name of a label',
		...{ before: 'a day, like 2026-03-01', after: 'a day, like 2026-03-01' },
		...{ older_than: 'a span, like 2w or 6m', newer_than: 'a span, like 2w or 6m' },
		...{ larger: 'a size, like 5M or 500K', smaller: 'a size, like 5M or 500K' }
	};
}

/** `before: wants a day, like 2026-03-01.` */
export function problemSentence({ operator }: Found['problems'][number]): string {
	return `${operator}: wants ${wanted()[operator]}.`;
}

/** `12,345 of 100,000 messages indexed` */
export function progressSentence(indexed: number, total: number): string {
	return `${formatCount(indexed)} of ${formatCount(total)} messages indexed`;
}
