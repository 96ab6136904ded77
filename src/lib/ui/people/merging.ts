/** Sentences about several addresses of one person. */
import type { MergeOutcome, PersonPart } from '../../app/view-people.ts';
import { plural } from '../../words/plural.ts';
import { joinNames, shortAddress } from '../shared/people.ts';

export function mergeProblemSentence(
	problem: Extract<MergeOutcome, { ok: false }>['problem']
): string {
	switch (problem) {
		case 'gone':
			return 'One of them has changed meanwhile. Choose again.';
		case 'too-many-addresses':
			return 'Together they would have too many addresses.';
		case 'notes-too-long':
			return 'Together their notes are too long. Shorten them first.';
	}
}

export function countOfAddresses(count: number): string {
	return plural(count, ['# address', '# addresses']);
}

/** Who it would be: by name, or, where all have one name, by address. */
export function partsSentence(parts: readonly PersonPart[]): string {
	const names = parts.map(({ name }) => name);
	const areTold = names.every((name) => name !== '') && new Set(names).size === names.length;
	const shown = parts.map(({ addresses }) => shortAddress(addresses[0] ?? ''));
	return joinNames(areTold ? names : shown);
}
