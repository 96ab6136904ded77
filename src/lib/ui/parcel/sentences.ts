/** What a parcel holds, and what came of one → words. */
import type {
	ParcelProblem,
	ParcelSurvey,
	TakenParcel,
	TakeProblem
} from '../../app/view-parcels.ts';
import { plural } from '../../words/plural.ts';
import { joinNames } from '../shared/people.ts';
import { formatSize } from '../shared/when.ts';

type Contents = Extract<ParcelSurvey, { ok: true }>;
type Taken = Extract<TakenParcel, { ok: true }>;

/** Is there anything to hand over? */
export function isEmpty({ messages, changes, confirmations }: Contents): boolean {
	return messages === 0 && changes === 0 && confirmations === 0;
}

/** What a parcel for this person would hold. */
export function contentsSentence(contents: Contents, name: string): string {
	const { messages, files, changes, confirmations, sizeBytes } = contents;
	if (isEmpty(contents)) {
		return `${name} has everything that you wrote, as far as this device knows.`;
	}
	const what = plural(messages, ['# message', '# messages']);
	const withFiles = files > 0 ? `${what} with ${plural(files, ['# file', '# files'])}` : what;
	const parts = [
		...(messages > 0 ? [`${withFiles} that ${name} has not got yet`] : []),
		...(changes > 0
			? [plural(changes, ['what changed in # conversation', 'what changed in # conversations'])]
			: []),
		...(confirmations > 0
			? [
					plural(confirmations, [
						'the word that you have # message of theirs',
						'the word that you have # messages of theirs'
					])
				]
			: [])
	];
	return `${capital(joinNames(parts))}. About ${formatSize(sizeBytes)}.`;
}

function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Why no parcel can be made for this person, and what to do. */
export function parcelProblemSentence(problem: ParcelProblem, name: string): string {
	switch (problem) {
		case 'unknown-key':
			return `The key of ${name} is not on this device, or may be too old, and nobody can be asked for it now. Connect once, or take in a parcel from ${name}: it brings the key along.`;
		case 'blocked':
			return `You have blocked ${name}. Unblock them to hand something over.`;
	}
}

/** What came of a parcel; the first sentence says the most. */
export function takenSentences(taken: Taken, name: string): readonly string[] {
	const { messages, confirmed, requests, hasLeftFiles, incomplete, refused, isWhole } = taken;
	const news = [
		...(messages > 0
			? [`${plural(messages, ['# new message', '# new messages'])} from ${name}.`]
			: []),
		...(requests > 0
			? [`${name} is not one of your people yet. What they wrote waits in Requests.`]
			: []),
		...(hasLeftFiles
			? ['Once you have accepted them, take this parcel in again for its files.']
			: []),
		...(confirmed === 1 ? [`${name} has your message.`] : []),
		...(confirmed > 1
			? [`${name} has ${plural(confirmed, ['# message', '# messages'])} of yours.`]
			: [])
	];
	const isNothing = news.length === 0 && isWhole && incomplete === 0 && refused === 0;
	return [
		...news,
		...(isNothing ? ['Nothing new: you had all of it.'] : []),
		...(refused > 0
			? [
					plural(refused, [
						'# conversation of it cannot be shown: its writer was no member any more, or its key is gone.',
						'# conversations of it cannot be shown: their writers were no members any more, or their keys are gone.'
					])
				]
			: []),
		...(isWhole
			? []
			: [
					'The parcel was cut off or damaged on its way. What came before that is kept; take it in once more for the rest.'
				]),
		...(isWhole && incomplete > 0
			? [
					plural(incomplete, [
						'Part of # conversation did not come along. It comes by itself when you are connected, or with the next parcel.',
						'Parts of # conversations did not come along. They come by themselves when you are connected, or with the next parcel.'
					])
				]
			: [])
	];
}

/** Above those sentences. */
export function takenHeadline(taken: TakenParcel, name: string): string {
	if (!taken.ok) return 'This parcel was not taken in';
	return taken.isWhole ? `A parcel from ${name}` : `Part of a parcel from ${name}`;
}

/** Why nothing was taken in, and what to do. */
export function takeProblemSentence(problem: TakeProblem): string {
	switch (problem) {
		case 'no-parcel':
			return 'This file is no parcel. Names of parcels end in .defms.';
		case 'newer':
			return 'It was made by a newer version of DEFMS. Update this app, then take it in again.';
		case 'damaged':
			return 'It was damaged on its way. Ask for it once more.';
		case 'for-another':
			return 'This parcel is for somebody else, or was made so long ago that its key is gone. It does not say whose it is.';
		case 'forged':
			return 'It is not from whom it says. Nothing of it was taken.';
		case 'older-key':
			return 'It was made with keys that its writer has replaced since. Ask for a new one.';
		case 'blocked':
			return 'It is from somebody whom you have blocked. Unblock them under People, then take it in again.';
		case 'storage-full':
			return 'This device has no room left. What was taken in until then is kept: make some room, then take it in again.';
		case 'unreadable':
			return 'The file could not be read to its end. Choose it again.';
		case 'cancelled':
			return 'Stopped. What was taken in until then is kept.';
	}
}

/** `Code 3 of 8 read`: progress of scanning, for eyes and ears. */
export function codesSentence(seen: number, count: number): string {
	return count === 0 ? 'No code seen yet' : `${String(seen)} of ${String(count)} codes read`;
}
