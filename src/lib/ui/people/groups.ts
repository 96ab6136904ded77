/** Sentences about groups. */
import { RECIPIENTS_MAX } from '../../app/bounds.ts';
import { plural } from '../../words/plural.ts';

export function nameProblem(): string {
	return 'This name is taken, or nothing of it can be seen, or there are too many groups. Choose another.';
}

export function countOfPeople(count: number): string {
	if (count === 0) return 'Nobody yet';
	return plural(count, ['# person', '# people']);
}

/** Why not all of them can be written to at once; null: they can. */
export function tooManySentence(count: number): string | null {
	if (count <= RECIPIENTS_MAX) return null;
	return `One letter goes to ${String(RECIPIENTS_MAX)} people at most. Make two groups of this one to write to all.`;
}
