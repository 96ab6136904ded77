/**
 * Facts → words, in one place. Calm, honest, no jargon. Every function is pure; `now` is passed.
 */
import type {
	AttachmentOutcome,
	Body,
	CircleProblem,
	Coming,
	Connection,
	Course,
	Delivery,
	Doubt,
	DraftAttachment,
	Message,
	Person,
	RestoreOutcome,
	RowLine,
	SendProblem,
	Storage,
	WithdrawOutcome
} from '../../app/view.ts';
import { plural } from '../../words/plural.ts';
import { deliverySummary, isThere } from './delivery.ts';
import {
	fewNames,
	firstName,
	firstWord,
	fullName,
	inRow,
	joinNames,
	shortNames
} from './people.ts';
import { dayOf, formatSize, statusTime } from './when.ts';

/** The sentence at the foot of the navigation. */
export function connectionSentence(connection: Connection): string {
	const { state, direct, relayed } = connection;
	if (state === 'offline') return 'Offline. What you write goes out later';
	if (connection.obstacle !== null) return 'The relay has no room';
	if (state === 'waiting') return 'Waiting for the relay';
	if (direct && relayed) return `Connected: ${String(direct)} direct, ${String(relayed)} by relay`;
	if (direct) return `Connected: ${String(direct)} direct`;
	if (relayed) return `Connected: ${String(relayed)} by relay`;
	return 'Connected to the relay';
}

/** The same in one or two words, for the head of a phone's list. */
export function connectionWord(connection: Connection): string {
	const { state, direct, relayed } = connection;
	if (state === 'offline') return 'Offline';
	if (connection.obstacle !== null) return 'No room';
	if (state === 'waiting') return 'Waiting';
	if (direct) return `${String(direct)} direct`;
	return relayed ? `${String(relayed)} by relay` : 'By relay';
}

/** `120 of 500 MB kept for you`, or what this device holds as long as no office has answered. */
export function storageSentence(storage: Storage): string {
	if (!storage.office) return `${formatSize(storage.usedBytes)} on this device`;
	const { usedBytes, quotaBytes } = storage.office;
	const [used, quota] = [formatSize(usedBytes), formatSize(quotaBytes)];
	const [, unit = ''] = /^[\d.,]+(\D+)$/u.exec(quota) ?? [];
	const isSame = unit !== '' && used.endsWith(unit);
	return `${isSame ? used.slice(0, -unit.length) : used} of ${quota} kept for you`;
}

/** A row's third line, unless it is the preview. */
export function rowLineSentence(
	line: Exclude<RowLine, { kind: 'preview' | 'hit' }>,
	now: number
): string {
	if (line.kind === 'fetching') return fetchingSentence(line.progress, line.holders);
	if (line.kind === 'ended') return `Ended on ${dayOf(line.at, now)}`;
	if (line.kind === 'doubt') return doubtSentence(line.doubt, now);
	return deliverySummary(line.recipients, now);
}

/** `Fetching 38 % from 2 holders`. */
export function fetchingSentence(progress: number, holders: number): string {
	const percent = `${String(Math.floor(progress * 100))} %`;
	if (holders > 0) return `Fetching ${percent} from ${plural(holders, ['# holder', '# holders'])}`;
	if (progress === 0) return 'Waiting for someone who has it';
	return `${percent} is here. Waiting for someone who has the rest`;
}

/** What taking a message back would do, before it is done. */
export function withdrawalSentence(recipients: readonly Delivery[]): string {
	const namesOf = (some: readonly Delivery[]) =>
		joinNames(some.map(({ person }) => firstName(person)));
	const there = recipients.filter(isThere);
	const waiting = recipients.filter((one) => !isThere(one) && one.state !== 'refused');
	const will = `${namesOf(waiting)} will not get it.`;
	if (there.length === 0) return `Nobody has it yet. ${will}`;
	const keeps =
		there.length === 1
			? `${namesOf(there)} has it already, keeps it, and sees that you took it back.`
			: `${namesOf(there)} have it already, keep it, and see that you took it back.`;
	return `${keeps} ${will}`;
}

export function withdrawalProblemSentence(
	problem: Exclude<WithdrawOutcome, { ok: true }>['problem']
): string {
	switch (problem) {
		case 'too-late':
			return 'Everybody has it already, so it cannot be taken back.';
		case 'unknown-address':
			return 'The keys of somebody in this conversation are to be renewed first, and no relay answers now. Try again when you are online.';
		case 'not-allowed':
			return 'You are no longer in this conversation, so nothing of it can be changed from here.';
		case 'storage-full':
			return 'This browser has no room left. Make some, then try again.';
	}
}

/** At the mark of a message that was taken back. */
export function withdrawnSentence({ from }: Message): string {
	return from.isMe
		? 'You took this back. Who had not fetched it will not get it.'
		: `${firstName(from)} took this back after it had come.`;
}

/** Above every screen, as long as the relay takes nothing more. */
export function obstacleSentence(obstacle: NonNullable<Connection['obstacle']>): {
	readonly what: string;
	readonly then: string;
} {
	switch (obstacle) {
		case 'relay-full':
			return {
				what: 'The relay has no room for new mail.',
				then: 'Nothing is lost: what you write stays safe on this device, and goes out by itself once the people who run the relay have made room.'
			};
		case 'quota-full':
			return {
				what: 'The relay has no room left for you.',
				then: 'Nothing is lost: what does not fit stays safe on this device, and goes out by itself once there is room. Smaller messages may still go; ask the people who run the relay for more room.'
			};
	}
}

/** Red, above the text: `Written with a key that Elias revoked on Tue 10:42`. */
export function doubtSentence(doubt: Doubt, now: number): string {
	const name = firstWord(doubt.name);
	if (doubt.kind === 'wrong-signature') {
		return `Signed as if it were on the record, but not with the key of ${name}: it proves nothing`;
	}
	return `Written with a key that ${name} revoked, ${statusTime(doubt.since, now)}`;
}

/** Above an answer whose recipients are others than the thread's members. */
export function courseSentence(course: Course): string {
	if (course.kind === 'adds') {
		return course.added.length === 1
			? `${fewNames(course.added)} joins this conversation.`
			: `${fewNames(course.added)} join this conversation.`;
	}
	if (course.without.length === 0) return 'Continues in a new conversation.';
	return `Continues without ${fewNames(course.without)} in a new conversation.`;
}

/** Between messages: `Bob added Dave`, `You left`, `Alice removed Carol and you`. */
export function comingSentence({ by, added, gone, isByLetter, saidBy }: Coming): string {
	if (saidBy) return `${firstName(saidBy)} says that ${firstName(by)} removed you`;
	if (isByLetter) return `${by.isMe ? 'You' : firstName(by)} came in by the letter link`;
	const names = (people: Coming['gone']) => joinNames(shortNames(people));
	const removed = gone.filter(({ address }) => address !== by.address);
	const who = firstName(by);
	return joinNames([
		...(added.length > 0
			? [by.isMe ? `You added ${names(added)}` : `${who} added ${names(added)}`]
			: []),
		...(removed.length > 0
			? [by.isMe ? `You removed ${names(removed)}` : `${who} removed ${names(removed)}`]
			: []),
		...(removed.length < gone.length ? [by.isMe ? 'You left' : `${who} left`] : [])
	]);
}

/** Of a long conversation whose newest messages are here already. */
export function stillComingSentence(count: number): string {
	return plural(count, [
		'# earlier message is still coming',
		'# earlier messages are still coming'
	]);
}

/** Of a member who has put so much into a conversation that nothing more of theirs is taken there. */
export function overfullSentence(person: Person): string {
	const name = firstName(person);
	return `${name} has put more into this conversation than this app takes from one person, so nothing new from ${name} arrives here. To go on, begin a new conversation.`;
}

/** What is known of a message that a member passed on. */
export function keptSentence(keeper: Person): string {
	const name = firstName(keeper);
	return keeper.isMe
		? 'You passed this on; it is as you kept it.'
		: `${name} passed this on; it is as ${name} kept it.`;
}

/** Why nobody left or was removed, and what to do. */
export function circleProblemSentence(problem: CircleProblem): string {
	switch (problem.kind) {
		case 'not-allowed':
			return 'Only whoever began this conversation can remove people, and only members can leave it. Nothing was changed.';
		case 'unknown-address': {
			const name = fullName(problem.person);
			return problem.isOffline
				? `The keys of ${name}, who stays, are not here and cannot be looked up offline. Nothing was changed; try again when you are connected.`
				: `The keys of ${name}, who stays, could not be found now. Nothing was changed; try again later.`;
		}
		case 'storage-full':
			return 'This device has no room left, so nothing was changed. Make some room on the device, or delete mail with large files, then try again.';
	}
}

/** In place of a text that is not here. */
export function absentBodySentence(
	reason: Extract<Body, { at: 'absent' }>['reason'],
	name: string
): string {
	switch (reason) {
		case 'withdrawn':
			return `${name} withdrew this message before it arrived.`;
		case 'no-holder':
			return 'The text has not arrived. Nobody who has it is reachable now; it comes by itself.';
		case 'sealed-too-late':
			return 'This message was sealed with a key that this device has already destroyed. Its writer has been told and can send it again.';
		case 'damaged':
			return 'This message arrived damaged, so it is not shown. A whole copy is fetched when there is one.';
	}
}

export function attachmentProblemSentence(
	problem: Extract<AttachmentOutcome, { ok: false }>['problem']
): string {
	switch (problem) {
		case 'cancelled':
			return 'Stopped; what has arrived is kept';
		case 'no-holder':
			return 'Nobody who has it is reachable now';
		case 'damaged':
			return 'It is damaged: not what its writer said it would be';
		case 'storage-full':
			return 'No room left on this device';
		case 'too-large':
			return 'Too large to save from this tab. Reload the page, and it will do';
	}
}

export function draftFileSentence(
	problem: Extract<DraftAttachment['state'], { at: 'failed' }>['problem']
): string {
	switch (problem) {
		case 'vanished':
			return 'Moved, changed or deleted while it was read. Add it again';
		case 'storage-full':
			return 'No room left on this device. Make some, then add it again';
		case 'too-large':
			return 'Too large to send';
	}
}

/** Why a message was not sent, and what to do. It always stays in drafts. */
export function sendProblemSentence(problem: SendProblem): string {
	switch (problem.kind) {
		case 'no-recipient':
			return 'Say who it is for.';
		case 'unreadable-recipient':
			return `“${problem.text}” is no address and no contact of yours.`;
		case 'ordinary-address':
			return `${problem.address} has no address here yet. Send them this invite; they can answer in a minute.`;
		case 'unknown-address':
			return problem.isOffline
				? `The keys of ${problem.address} are not here and cannot be looked up offline. The draft is kept; send it when you are connected.`
				: `Nobody was found at ${problem.address}. Check the address, or ask them for an invite link.`;
		case 'blocked-recipient':
			return `You have blocked ${problem.name}. Unblock them under People to write to them.`;
		case 'not-a-member':
			return 'You are no longer a member of this conversation. Start a new one instead.';
		case 'attachment-not-ready':
			return `${problem.name} is still being added. Send again in a moment.`;
		case 'attachment-failed':
			return `${problem.name} could not be added. Remove it here, or add it again; the rest of the draft is kept.`;
		case 'no-office':
			return 'A letter link needs a relay that keeps the letter, and none was found when you began.';
		case 'letter-unopened':
			return 'Nobody has opened this letter by its link yet. You can write on once it is answered.';
		case 'too-many-recipients':
			return `A conversation has at most ${String(problem.limit)} members.`;
		case 'too-large':
			return `The text is longer than ${formatSize(problem.limitBytes)}. Send part of it as a file.`;
		case 'subject-too-long':
			return 'The subject is too long. Shorten it; the text has room for the rest.';
		case 'impossible-end':
			return 'The date until which it is to be kept is over. Choose a later one.';
		case 'storage-full':
			return 'This device has no room left, so nothing was sent. The draft is still here: make some room on the device, or delete mail with large files, then send again.';
	}
}

/** Beside the switch of the composer: what it means that it stands so. */
export function recordSentence(isOnRecord: boolean): string {
	return isOnRecord
		? 'On the record: signed with your key. Whoever gets it can prove to anyone that you wrote it, and you cannot take that back.'
		: 'Off the record: your readers know that it is from you, and cannot prove it to anyone else.';
}

export function restoreProblemSentence(outcome: Extract<RestoreOutcome, { ok: false }>): string {
	switch (outcome.problem) {
		case 'word-count':
			return plural(outcome.count, [
				'That is # word; there should be 24.',
				'That is # words; there should be 24.'
			]);
		case 'unknown-word':
			return `“${outcome.word}” is not one of the words. Look at its spelling.`;
		case 'checksum':
			return 'These words do not belong together. One may be wrong, or two have changed places.';
	}
}

/** `to you, Tom`; the full names where there is room stand in the tooltip. */
export function toLine(names: readonly string[]): string {
	return names.length ? `to ${inRow(names)}` : 'to nobody';
}

/** In place of a text: the message is its one attachment. */
export function legacyProblemSentence(problem: 'unreadable' | 'too-large'): string {
	return problem === 'unreadable'
		? 'This message could not be read. It is kept as the file that it was.'
		: 'This message is too large to be shown. It is kept as the file that it was.';
}
