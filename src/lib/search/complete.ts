/** What may be meant by the word under the caret: operators, and their values. */

import { fold } from './fold.ts';
import { OPERATORS, VALUES, type Operator } from './query.ts';
import { findRuns, toTokens } from './tokens.ts';

/** `text` takes the place of the word; where it ends in a colon, its value follows. */
export type Completion =
	| { readonly kind: 'operator'; readonly text: string; readonly operator: Operator }
	| {
			readonly kind: 'value';
			readonly text: string;
			readonly operator: Operator;
			readonly value: string;
	  }
	| {
			readonly kind: 'person';
			readonly text: string;
			readonly name: string;
			readonly address: string;
	  };

export interface Completions {
	/** Of the text, the word that is completed. */
	readonly start: number;
	readonly end: number;
	readonly options: readonly Completion[];
}

export interface Known {
	readonly people: readonly { readonly name: string; readonly address: string }[];
	readonly labels: readonly string[];
}

/** As many as fit on a phone above its keyboard. */
const SHOWN = 6;
const EXAMPLES: Readonly<Partial<Record<Operator, readonly string[]>>> = {
	before: ['today', 'yesterday'],
	after: ['yesterday', 'today'],
	older_than: ['1w', '1m', '1y'],
	newer_than: ['1d', '1w', '1m'],
	larger: ['1M', '10M', '100M'],
	smaller: ['100K', '1M'],
	filename: ['pdf', 'jpg', 'ics']
};

export function complete(text: string, caret: number, known: Known): Completions {
	const start = startOfWord(text.slice(0, caret));
	const word = text.slice(start, caret);
	const rest = /^[^\s()"]*/.exec(text.slice(caret))?.[0] ?? '';
	const [, minus = '', name, value = ''] = /^(-?)([a-z_]+):"?([^"]*)$/i.exec(word) ?? [];
	const operator = OPERATORS.find((each) => each === name?.toLowerCase());
	const options =
		operator === undefined
			? [...operatorsFor(word), ...peopleFor(word, known)]
			: valuesFor(operator, value, known);
	return {
		start,
		end: caret + rest.length,
		options: options
			.map((option) => (minus === '' ? option : { ...option, text: minus + option.text }))
			.filter((option) => option.text !== word)
			.slice(0, SHOWN)
	};
}

/** A space inside quotes ends nothing. */
function startOfWord(before: string): number {
	const isInQuotes = (before.match(/"/g)?.length ?? 0) % 2 === 1;
	const inside = isInQuotes ? before.slice(0, before.lastIndexOf('"')) : before;
	return /[^\s()]*$/.exec(inside)?.index ?? before.length;
}

function operatorsFor(word: string): Completion[] {
	const [, minus = '', typed = ''] = /^(-?)([a-z_]*)$/i.exec(word) ?? [word, '', '\n'];
	if (typed === '' && minus === '') return [];
	return OPERATORS.filter((operator) => operator.startsWith(typed.toLowerCase())).map(
		(operator) => ({ kind: 'operator', operator, text: `${minus}${operator}:` })
	);
}

function peopleFor(word: string, { people }: Known): Completion[] {
	const tokens = toTokens(fold(word));
	if (tokens.length === 0) return [];
	return named(people, tokens).map(({ name, address }) => ({
		...{ kind: 'person', name, address },
		text: `from:${quoted(name)}`
	}));
}

function valuesFor(operator: Operator, value: string, { people, labels }: Known): Completion[] {
	const begins = (each: string) => each.toLowerCase().startsWith(value.toLowerCase());
	const toValue = (each: string): Completion => ({
		...{ kind: 'value', operator, value: each },
		text: `${operator}:${quoted(each)}`
	});
	switch (operator) {
		case 'from':
		case 'to':
		case 'cc':
			return [
				...named(people, toTokens(fold(value))).map(({ name, address }): Completion => ({
					...{ kind: 'person', name, address },
					text: `${operator}:${quoted(name)}`
				})),
				...['me'].filter(begins).map(toValue)
			];
		case 'is':
		case 'has':
		case 'in':
			return VALUES[operator].filter(begins).map(toValue);
		case 'label':
			return labels.filter((name) => fold(name).startsWith(fold(value))).map(toValue);
		case 'subject':
		case 'filename':
		case 'before':
		case 'after':
		case 'older_than':
		case 'newer_than':
		case 'larger':
		case 'smaller':
			return (EXAMPLES[operator] ?? []).filter(begins).map(toValue);
	}
}

function named(people: Known['people'], tokens: readonly string[]): Known['people'] {
	if (tokens.length === 0) return people;
	return people.filter(({ name }) => findRuns(toTokens(fold(name)), tokens, false).length > 0);
}

function quoted(value: string): string {
	return /[\s()]/.test(value) ? `"${value.replaceAll('"', '')}"` : value.replaceAll('"', '');
}
