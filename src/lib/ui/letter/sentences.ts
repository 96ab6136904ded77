/** What the screens of letter links say. */
import type { LetterFile, LetterOpening, LetterStanding } from '../../app/view-letters.ts';
import { joinNames, shortNames } from '../shared/people.ts';
import { dayOf, formatSize } from '../shared/when.ts';

/** How long a link opens its letter. */
export function letterDays(): readonly (readonly [days: number, words: string])[] {
	return [
		[1, 'For a day'],
		[7, 'For a week'],
		[30, 'For 30 days']
	];
}

/** A link ends at midnight: its last day is the one before. */
export function lastDay(until: number, now: number): string {
	return dayOf(until - 1, now);
}

interface Trouble {
	readonly title: string;
	readonly why: string;
}

/** Why there is no letter to be seen, and what can be done. */
export function shutLetter(opening: Exclude<LetterOpening, { at: 'open' | 'known' }>): Trouble {
	switch (opening.at) {
		case 'unreadable':
			return {
				title: 'This link is not whole',
				why: 'A part of it is missing or was changed on the way. Open the whole link, or ask for it again.'
			};
		case 'expired':
			return {
				title: 'The time of this letter is over',
				why: 'The link opened it for some days, and they have passed. Ask whoever wrote to you for a new one.'
			};
		case 'unreachable':
			return {
				title: 'The letter cannot be fetched now',
				why: 'There is no network, or the post office that keeps the letter does not answer. Nothing is lost: try again later.'
			};
		case 'absent':
			return {
				title: 'The letter is not there',
				why: 'It may not have reached its post office yet: then it opens in a few minutes. Or it was kept too long and is gone.'
			};
		case 'closed':
			return {
				title: 'This letter is closed',
				why: 'A letter link opens for one person. Somebody has answered by this one already, or its writer has closed it. If that was not you, tell the writer.'
			};
		case 'withdrawn':
			return {
				title: 'This letter was taken back',
				why: 'Its writer has taken it back, or it was to end by now. Its text is gone.'
			};
		case 'damaged':
			return {
				title: 'This is no letter that can be trusted',
				why: 'What came is not what the link promised. It was not shown. Ask whoever sent you the link for a new one.'
			};
	}
}

export function letterFileSentence(problem: Exclude<LetterFile, { ok: true }>['problem']): string {
	switch (problem) {
		case 'no-holder':
			return 'The post office does not have this file now. Try again later.';
		case 'damaged':
			return 'This file is damaged, and was not saved.';
		case 'too-large':
			return 'This file is too large to be opened before you answer. Answer first, then save it.';
	}
}

export function answerProblemSentence(problem: 'unreachable' | 'storage-full'): string {
	return problem === 'unreachable'
		? 'The post office of the letter does not answer now, so you are not in the conversation yet. Try again in a moment.'
		: 'This browser has no room to keep the conversation. Make room, and try again.';
}

/** Above the conversation that a letter began. */
export function standingSentence(
	standing: Exclude<LetterStanding, { kind: 'entered' }>,
	now: number
): string {
	const { name } = standing;
	switch (standing.kind) {
		case 'open':
			return `Letter link for ${name}: nobody has answered yet. It opens the letter until ${lastDay(standing.until, now)}, or until somebody answers.`;
		case 'answered':
			return standing.by.length > 1
				? `${joinNames(shortNames(standing.by))} came in by the same letter link for ${name}. It was meant for one: whoever does not belong here can be removed under People.`
				: '';
		case 'closed':
			return standing.isExpired
				? `The time of the letter link for ${name} was over before somebody answered. The letter was taken back.`
				: `You closed the letter link for ${name}. The letter was taken back.`;
	}
}

export function fileLine(sizeBytes: number, isFetching: boolean): string {
	return isFetching ? `${formatSize(sizeBytes)} · fetching` : formatSize(sizeBytes);
}
