/** What its writer may have forgotten: asked once, when Send is pressed. */

import type { Draft } from '../../app/view.ts';
import { isForwardHead } from '../message/quotes.ts';
import { saysAttached } from './attachedWords.ts';
import { withoutSignature } from './signature.ts';

export type Concern = 'no-file' | 'no-subject' | 'no-text';

type Written = Pick<
	Draft,
	'subject' | 'text' | 'signature' | 'attachments' | 'origin' | 'to' | 'cc' | 'bcc'
>;

/** Without a recipient nothing is asked: that comes first, and is no question. */
export function concernsOf(draft: Written): readonly Concern[] {
	const { subject, attachments, origin } = draft;
	if (draft.to.length + draft.cc.length + draft.bcc.length === 0) return [];
	const text = ownText(draft);
	const hasFiles = attachments.length > 0;
	const isBare = text.trim() === '' && !hasFiles && origin !== 'forward';
	const concerns: readonly (readonly [Concern, boolean])[] = [
		['no-file', !hasFiles && (saysAttached(text) || (isBegun(origin) && saysAttached(subject)))],
		// Whoever writes a line to somebody need not give it a title.
		['no-subject', isBare && isBegun(origin) && subject.trim() === ''],
		['no-text', isBare]
	];
	return concerns.flatMap(([concern, isSo]) => (isSo ? [concern] : []));
}

/** The subject is the writer's own; an answer has that of its conversation, with or without words. */
function isBegun(origin: Draft['origin']): boolean {
	return origin === 'new';
}

/** What was typed: no quotation, no signature, and nothing of what is forwarded. */
function ownText({ text, signature, origin }: Written): string {
	const lines = text.split('\n');
	const head = origin === 'forward' ? lines.findIndex(isForwardTitle) : -1;
	const begun = head < 0 ? lines : lines.slice(0, head);
	return withoutSignature(begun.join('\n'), signature)
		.split('\n')
		.filter((line) => !line.startsWith('>'))
		.join('\n');
}

/** It may have been begun in another language, or by a program that spoke English alone. */
function isForwardTitle(line: string): boolean {
	return isForwardHead([line]);
}

/** One question for all that is odd. */
export function concernSentence(concerns: readonly Concern[]): string {
	const first = concerns[0];
	if (first === 'no-file')
		return 'You write of something attached, and nothing is. Send it as it is?';
	return first === 'no-subject'
		? 'Send it without a subject and without a text?'
		: 'Send it without a text?';
}
