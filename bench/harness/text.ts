/** What every party writes: the same words to all of them. */

const WORDS =
	'meeting moved to thursday please bring the drawings of the harbour and your questions';

/** A mail of a few sentences: `length` characters, different for each number. */
export function textOf(number: number, length = 300): string {
	const start = `${number}: `;
	return (start + `${WORDS}. `.repeat(Math.ceil(length / WORDS.length))).slice(0, length);
}
