/** What can be done to rows and threads, with the sentence and the way back. */
import type { Mail, Undo } from '../../app/view.ts';
import type { Filing } from '../../app/view-organise.ts';
import { plural } from '../../words/plural.ts';
import { attempt, isNoRoom, toasts } from '../shared/toasts.svelte.ts';

/** What has become of that many conversations. */
export type Said = (count: number) => string;

const MOVED: Readonly<Record<'inbox' | 'archive' | 'trash', Said>> = {
	inbox: (count) =>
		plural(count, ['Conversation moved to the inbox', '# conversations moved to the inbox']),
	archive: (count) => plural(count, ['Conversation archived', '# conversations archived']),
	trash: (count) =>
		plural(count, ['Conversation moved to the trash', '# conversations moved to the trash'])
};

const READ: Said = (count) =>
	plural(count, ['Conversation marked as read', '# conversations marked as read']);
const UNREAD: Said = (count) =>
	plural(count, ['Conversation marked as unread', '# conversations marked as unread']);

/** True: done. */
export async function moveThreads(
	mail: Mail,
	ids: readonly string[],
	to: 'inbox' | 'archive' | 'trash'
): Promise<boolean> {
	const undo = await attempt(() =>
		mail.move(ids, to).catch((error: unknown) => {
			if (to !== 'trash' || !isNoRoom(error)) throw error;
			return 'no-room' as const;
		})
	);
	if (undo === 'no-room') offerDeletion(mail, ids);
	if (undo === null || undo === 'no-room') return false;
	toasts.undoable(MOVED[to](ids.length), undo);
	return true;
}

/** True: done. */
export async function fileThreads(
	mail: Mail,
	ids: readonly string[],
	filing: Filing,
	said: Said
): Promise<boolean> {
	return undoably(ids, said, () => mail.file(ids, filing));
}

export async function markRead(
	mail: Mail,
	ids: readonly string[],
	isRead: boolean
): Promise<boolean> {
	return undoably(ids, isRead ? READ : UNREAD, () => mail.setRead(ids, isRead));
}

async function undoably(
	ids: readonly string[],
	said: Said,
	verb: () => Promise<Undo>
): Promise<boolean> {
	const undo = await attempt(verb);
	if (undo !== null) toasts.undoable(said(ids.length), undo);
	return undo !== null;
}

/** Even the trash takes a little room; deleting for good makes some. */
function offerDeletion(mail: Mail, ids: readonly string[]): void {
	toasts.say(
		'No room is left even for the trash. It can be deleted for good instead.',
		{ word: 'Delete for good', run: () => void attempt(() => mail.deleteForever(ids)) },
		'bad'
	);
}
