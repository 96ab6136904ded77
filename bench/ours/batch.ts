/**
 * Many messages of one thread in one strict transaction, each with its entry and its row in the
 * archive: made by the same functions as one message in `post/copies.ts`.
 */
import { threadPorts } from '../../src/lib/post/account.ts';
import type { Change } from '../../src/lib/post/ports.ts';
import type { MessageRecord } from '../../src/lib/post/records.ts';
import {
	exclusiveThread,
	keepReplica,
	loadReplica,
	putEntries,
	type Replica
} from '../../src/lib/post/replicas.ts';
import { putOpenable } from '../../src/lib/post/snapshots.ts';
import { summarise } from '../../src/lib/post/summary.ts';
import { appendMessage } from '../../src/lib/threads/make.ts';
import type { Made } from '../../src/lib/threads/thread.ts';
import { entryIdOf } from '../../src/lib/wire/entry.ts';
import type { ThreadId } from '../../src/lib/wire/ids.ts';
import type { Mail } from '../../src/lib/wire/mail.ts';
import type { Person } from './person.ts';

/** Resolves when it is durable. */
export function writeBatch(
	person: Person,
	thread: ThreadId,
	texts: readonly string[]
): Promise<void> {
	return exclusiveThread(person.desk, thread, async () => {
		const { desk, account } = person;
		const before = await loadReplica(desk, account, thread);
		if (before === null) throw new Error('no such thread');
		const changes: Change[] = [];
		const messages: MessageRecord[] = [];
		let latest: Made | null = null;
		for (const text of texts) {
			const mail = toMail(person, text);
			const made = await appendMessage(
				threadPorts(desk),
				account.me,
				latest?.state ?? before.state,
				{ mail },
				[]
			);
			if (!made.ok) throw new Error(made.kind);
			latest = made;
			const message = toRow(person, made, mail);
			messages.push(message);
			changes.push(...putEntries(thread, made.bundles), {
				table: 'message',
				key: [thread, message.id],
				put: message
			});
		}
		if (latest !== null) await commit(person, before, latest, { messages, changes });
	});
}

async function commit(
	{ desk, account }: Person,
	before: Replica,
	made: Made,
	{ messages, changes }: { readonly messages: MessageRecord[]; readonly changes: Change[] }
): Promise<void> {
	const row = summarise(desk, account, before.record, made, messages);
	const { record, changes: thread } = putOpenable(desk, row, made.state);
	await desk.store.update('thread', [record.id], () => [...changes, ...thread]);
	keepReplica(desk.store, { record, state: made.state });
}

function toMail({ account, desk }: Person, text: string): Mail {
	const me = { root: account.root, name: account.record.name };
	const { now } = desk;
	return {
		...{ from: me, to: [], cc: [], attachments: [], answers: [] },
		...{ subject: 'Harbour', date: now(), text }
	};
}

function toRow({ account, desk }: Person, made: Made, mail: Mail): MessageRecord {
	const entry = made.bundles.at(-1);
	if (made.message === null || entry === undefined) throw new Error('no message was made');
	return {
		...{ thread: made.state.id, id: made.message, entry: entryIdOf(entry.header) },
		...{ from: account.record.address, isMine: true, mail, bcc: [] },
		...{ order: desk.now(), receivedAt: desk.now(), isUnread: false, isOnRecord: false },
		...{ isVouched: true, deliveries: [], holders: [] }
	};
}
