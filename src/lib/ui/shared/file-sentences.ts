/** What is said of files: facts → words, as in `sentences.ts`. */
import type { Gift } from '../../app/view.ts';
import { firstName, inRow } from './people.ts';
import { formatSize } from './when.ts';

/** `70 MB from Mira, 64 MB from a post office`; empty where nobody gave anything. */
export function giftsSentence(given: readonly Gift[]): string {
	return inRow(
		given.map(({ person, bytes }) => {
			const from = person === null ? 'a post office' : firstName(person);
			return `${formatSize(bytes)} from ${from}`;
		})
	);
}

/** `12 MB saved: this conversation has it already`: it is not stored here again. */
export function reusedSentence(size: string): string {
	return `${size} saved: this conversation has it already`;
}

/** Of one that was sent: `12 MB · stored and sent once: it came before in this conversation`. */
export function repeatedSentence(size: string): string {
	return `${size} · stored and sent once: it came before in this conversation`;
}

/** `Saving 38 % of 64 MB`. */
export function savingSentence(part: number, size: string): string {
	return `Saving ${String(Math.floor(part * 100))} % of ${size}`;
}
