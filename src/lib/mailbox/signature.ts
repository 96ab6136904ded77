/** What stands below what one writes: `-- `, and the lines after it (RFC 3676 §4.3). */

import * as v from 'valibot';
import { utf8 } from '../wire/bytes.ts';
import { createOwnList } from './own-list.ts';

export interface Signature {
	readonly text: string;
	/** Also below answers; else below new messages and what is forwarded. */
	readonly isInAnswers: boolean;
}

/** Of its text: more is no signature. */
export const SIGNATURE_BYTES = 2_000;

/** Its one row; absent or empty: none. */
export const SIGNATURE = createOwnList(
	'signature',
	v.object({ text: v.string(), isInAnswers: v.boolean() }),
	1
);

export function fitSignature(text: string): string {
	let fitting = text.replace(/\r\n?/g, '\n').slice(0, SIGNATURE_BYTES);
	while (utf8(fitting).length > SIGNATURE_BYTES) fitting = fitting.slice(0, -1);
	return fitting.replace(/[\uD800-\uDBFF]$/, '').trimEnd();
}

/** The lines that it puts below a message of this kind; none where there is no signature. */
export function signatureLines(
	signature: Signature | undefined,
	kind: 'new' | 'reply' | 'replyAll' | 'forward'
): readonly string[] {
	const isAnswer = kind === 'reply' || kind === 'replyAll';
	if (signature === undefined || signature.text.trim() === '') return [];
	if (isAnswer && !signature.isInAnswers) return [];
	return ['', '-- ', ...signature.text.split('\n')];
}
