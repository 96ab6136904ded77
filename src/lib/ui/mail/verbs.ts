/** What can be done to rows and threads, with the sentence and the way back. */
import type { Mail } from '../../app/view.ts';
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
	const what = ids.length === 1 ? 'Conversation' : countOf(ids.length, 'conversation');
	const undo = await attempt(() =>
		mail.move(ids, to).catch((error: unknown) => {
			if (to !== 'trash' || !isNoRoom(error)) throw error;
			return 'no-room' as const;
		})
	);
	if (undo === 'no-room') offerDeletion(mail, ids);
	if (undo === null || undo === 'no-room') return false;
	toasts.undoable(`${what} ${SENTENCES[to]}`, undo);
	return true;
}

/** Even the trash takes a little room; deleting for good makes some. */
function offerDeletion(mail: Mail, ids: readonly string[]): void {
	toasts.say(
		'No room is left even for the trash. It can be deleted for good instead.',
		{ word: 'Delete for good', run: () => void attempt(() => mail.deleteForever(ids)) },
		'bad'
	);
}
