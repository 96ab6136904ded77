/**
 * Messages that stand here already, and of which another entry makes something else: a removal that
 * their writer did not know hides them, and an answer of somebody who stayed shows them again
 * (protocol §4). So every replica shows the same, whatever came first.
 */

import { changedRefusals } from '../threads/entries.ts';
import { shownMessages } from '../threads/shown.ts';
import type { ThreadState } from '../threads/thread.ts';
import type { Desk } from './ports.ts';
import type { MessageRecord, ThreadRecord } from './records.ts';
import type { Replica } from './replicas.ts';

export interface Turned {
	/** Was refused, and is news. */
	readonly revived: readonly MessageRecord[];
	/** Was shown, and perhaps is unread. */
	readonly hidden: readonly MessageRecord[];
}

/** Of the others' messages; what becomes of one's own is said by those who refuse it. */
export async function turned(
	{ store }: Pick<Desk, 'store'>,
	before: Replica | null,
	state: ThreadState
): Promise<Turned> {
	const revived: MessageRecord[] = [];
	const hidden: MessageRecord[] = [];
	if (before === null) return { revived, hidden };
	const changed = changedRefusals(before.state, state);
	for (const { entry, id, status } of shownMessages(state, changed)) {
		const row = await store.get('message', [state.id, id]);
		if (row === null || row.isMine || row.entry !== entry) continue;
		const { refused, ...rest } = row;
		if (status.kind === 'shown' && refused !== undefined) revived.push({ ...rest, isUnread: true });
		if (status.kind === 'refused' && refused === undefined) {
			hidden.push({ ...rest, refused: status.reason });
		}
	}
	return { revived, hidden };
}

/** What nobody is shown, nobody has to read. */
export function asRead(message: MessageRecord): MessageRecord {
	return { ...message, isUnread: false };
}

/** The thread's row, which counts these messages no more. */
export function without(row: ThreadRecord, hidden: readonly MessageRecord[]): ThreadRecord {
	if (hidden.length === 0) return row;
	const unread = hidden.filter(({ isUnread }) => isUnread).length;
	const { digest: _, ...rest } = row;
	return {
		...rest,
		count: Math.max(0, row.count - hidden.length),
		unread: Math.max(0, row.unread - unread)
	};
}
