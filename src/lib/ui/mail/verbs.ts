/** What can be done to rows and threads, with the sentence and the way back. */
import type { Mail, Undo } from '../../app/view.ts';
import type { Filing } from '../../app/view-organise.ts';
import { attempt, isNoRoom, toasts } from '../shared/toasts.svelte.ts';
import { countOf } from '../shared/when.ts';

const SENTENCES = {
	inbox: 'moved to the inbox',
	archive: 'archived',
	trash: 'moved to the trash'
} as const;

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
	toasts.undoable(`${whatOf(ids)} ${SENTENCES[to]}`, undo);
	return true;
}

/** `said`: what has become of them, as "starred". True: done. */
export async function fileThreads(
	mail: Mail,
	ids: readonly string[],
	filing: Filing,
	said: string
): Promise<boolean> {
	return undoably(ids, said, () => mail.file(ids, filing));
}

export async function markRead(
	mail: Mail,
	ids: readonly string[],
	isRead: boolean
): Promise<boolean> {
	return undoably(ids, `marked as ${isRead ? 'read' : 'unread'}`, () => mail.setRead(ids, isRead));
}

async function undoably(
	ids: readonly string[],
	said: string,
	verb: () => Promise<Undo>
): Promise<boolean> {
	const undo = await attempt(verb);
	if (undo !== null) toasts.undoable(`${whatOf(ids)} ${said}`, undo);
	return undo !== null;
}

function whatOf(ids: readonly string[]): string {
	return ids.length === 1 ? 'Conversation' : countOf(ids.length, 'conversation');
}

/** Even the trash takes a little room; deleting for good makes some. */
function offerDeletion(mail: Mail, ids: readonly string[]): void {
	toasts.say(
		'No room is left even for the trash. It can be deleted for good instead.',
		{ word: 'Delete for good', run: () => void attempt(() => mail.deleteForever(ids)) },
		'bad'
	);
}
