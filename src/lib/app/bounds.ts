/** What fits where, counted as it is stored: in bytes of UTF-8. For fields that tell while one types. */

import { utf8 } from '../wire/bytes.ts';
import { LIMITS } from '../wire/limits.ts';

/** One list for the page that offers a player and the worker that serves it. */
export { playerFor } from '../workers/file-answer.ts';

/** Recipients of one letter, besides oneself. */
export const RECIPIENTS_MAX = LIMITS.members - 1;

/** What the user calls somebody and notes of them; a group's name, and how many are in it. */
export {
	ALIAS_CHARACTERS,
	GROUP_CHARACTERS,
	GROUP_MEMBERS_MAX,
	NOTES_CHARACTERS
} from '../mailbox/people-limits.ts';

export {
	TEMPLATE_BYTES,
	TEMPLATE_NAME_CHARACTERS,
	TEMPLATES_MAX
} from '../mailbox/template-limits.ts';

/** How far ahead a conversation can be put off. */
export { SNOOZE_MAX_MS } from '../post/packs.ts';

/** The name on a card. */
export function isNameTooLong(name: string): boolean {
	return utf8(name.trim()).length > LIMITS.nameBytes;
}

/** A subject is one line: space inside it counts once. */
export function isSubjectTooLong(subject: string): boolean {
	return utf8(subject.replace(/\s+/g, ' ').trim()).length > LIMITS.subjectBytes;
}

/**
 * Characters that a field of one line takes in at most: more than any bound above, so that it can be
 * said that a text is too long, and little enough that ten megabytes from a clipboard freeze nothing.
 */
export const FIELD_CHARACTERS = 2_000;

const utf8Length = (text: string) => utf8(text).length;

/** As long as a file system takes it; the ending stays, by which programs know the kind of file. */
export function fitFileName(name: string): string {
	if (name.length <= LIMITS.fileNameBytes && utf8Length(name) <= LIMITS.fileNameBytes) return name;
	const ending = /\.[\p{L}\p{N}]{1,12}$/u.exec(name.slice(-16))?.[0] ?? '';
	const room = LIMITS.fileNameBytes - utf8Length(`…${ending}`);
	let start = '';
	let bytes = 0;
	for (const character of name.slice(0, LIMITS.fileNameBytes)) {
		bytes += utf8Length(character);
		if (bytes > room) break;
		start += character;
	}
	return `${start}…${ending}`;
}
