import type { Message } from '../../app/view.ts';
import { absentBodySentence, fetchingSentence } from '../shared/sentences.ts';
import { splitOwnWords } from './quotes.ts';

const LENGTH = 200;

/** What a folded message says of itself: how it begins, or why it is not here. */
export function foldedLine({ body }: Message, writer: string): string {
	if (body.at === 'here') return splitOwnWords(body.text).own.slice(0, LENGTH);
	if (body.at === 'fetching') return fetchingSentence(body.progress, body.holders);
	return absentBodySentence(body.reason, writer);
}
