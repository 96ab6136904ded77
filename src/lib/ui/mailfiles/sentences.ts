/** Words for mail that comes from other programs and goes to them. */

import { locale } from '../../words/language.ts';
import { formatCount, plural } from '../../words/plural.ts';
import { inRow } from '../shared/people.ts';
import type { BringCounts, Bringing, TakeOutcome } from '../../app/view-mail-files.ts';

const list = new Intl.ListFormat(locale);

/** "12,340 messages, 310 duplicates left out, 2 could not be read: kept as files" */
export function countsSentence(counts: BringCounts): string {
	const { brought, duplicates, unread, others, damaged } = counts;
	const parts = [
		plural(brought, ['# message', '# messages']),
		duplicates > 0 && plural(duplicates, ['# duplicate left out', '# duplicates left out']),
		unread > 0 && `${formatCount(unread)} could not be read: kept as files`,
		others > 0 && plural(others, ['# file without mail', '# files without mail']),
		damaged > 0 &&
			plural(damaged, [
				'# damaged file of which only a part could be read',
				'# damaged files of which only parts could be read'
			])
	];
	return inRow(parts.filter((part) => part !== false));
}

/** Which files are damaged, as far as they are named; null: none is. */
export function damagedSentence({ damaged, damagedNames = [] }: BringCounts): string | null {
	if (damagedNames.length === 0) return null;
	const more = damaged - damagedNames.length;
	const names = [...damagedNames, ...(more > 0 ? [plural(more, ['# more', '# more'])] : [])];
	return `Not read to the end: ${list.format(names)}`;
}

export function endSentence({ end }: Bringing): string | null {
	switch (end) {
		case null:
			return null;
		case 'done':
			return 'All of it is here.';
		case 'stopped':
			return 'Stopped. What came is here; choose the same files again to go on.';
		case 'storage-full':
			return 'This device is full. What came is here; make room and choose the same files again to go on.';
		case 'vanished':
			return 'A file was moved or changed while it was read. What came is here; choose it again to go on.';
	}
}

export function takenSentence({ messages, missingFiles, ending, isStopped }: TakeOutcome): string {
	if (isStopped) return 'Stopped. The file that was begun is not whole.';
	const parts = [
		plural(messages, ['# message written', '# messages written']),
		missingFiles > 0 &&
			plural(missingFiles, [
				'# file missing, for nobody has it now',
				'# files missing, for nobody has them now'
			]),
		ending > 0 &&
			plural(ending, ['# message left out that is to end', '# messages left out that are to end'])
	];
	return inRow(parts.filter((part) => part !== false));
}
