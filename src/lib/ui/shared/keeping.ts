/** Words about end dates. */

import type { Draft, End, Message } from '../../app/view.ts';
import { plural } from '../../words/plural.ts';
import { firstName } from './people.ts';
import { dayOf } from './when.ts';

/** In place of a message that has ended. */
export function endedSentence({ from, endedAt }: Message, now: number): string {
	const day = dayOf(endedAt ?? now, now);
	return from.isMe
		? `A message of yours ended on ${day}`
		: `A message from ${firstName(from)} ended on ${day}`;
}

/** At the mark of a message that has an end date. */
export function endsSentence({ from }: Message, end: string): string {
	const chose = from.isMe
		? `You chose that it is kept until ${end}.`
		: `${firstName(from)} chose that it is kept until ${end}.`;
	return `${chose} ${afterwards()}`;
}

function afterwards(): string {
	return 'Then it goes from this device, and from those of all who are honest.';
}

const DAY_MS = 86_400_000;
/** How long a message can be kept: span in milliseconds, and its words. */
export function keepSpans(): readonly (readonly [number, string])[] {
	return [
		[DAY_MS, '1 day'],
		[7 * DAY_MS, '1 week'],
		[30 * DAY_MS, '1 month']
	];
}

/** `1 week`, `12 days`, `until 3 May`. */
export function keepWord(end: End, now: number): string {
	if ('at' in end) return `until ${dayOf(end.at, now)}`;
	const span = keepSpans().find(([ms]) => ms === end.after);
	return span?.[1] ?? plural(Math.max(1, Math.round(end.after / DAY_MS)), ['# day', '# days']);
}

/** Beside the choice in the composer: what it means that it stands so. */
export function keepSentence(
	{ ends, isEndForAll, threadEnds }: Pick<Draft, 'ends' | 'isEndForAll' | 'threadEnds'>,
	erases: boolean | null,
	now: number
): string {
	const end = ends ?? threadEnds;
	if (end === null) return 'Everybody keeps it until they delete it.';
	const when = 'at' in end ? `on ${dayOf(end.at, now)}` : `after ${keepWord(end, now)}`;
	const goes =
		isEndForAll || ends === null
			? `All that is written here goes from everybody’s devices ${when}, yours too. Whoever copies it before then keeps the copy.`
			: `It goes from everybody’s devices ${when}, yours too. Whoever copies it before then keeps the copy.`;
	return erases === false ? `${goes} ${notErased()}` : goes;
}

function notErased(): string {
	return 'This browser deletes it, but cannot erase it from its files at once.';
}
