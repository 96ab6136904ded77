/** Epoch secrets on this device: destroyed when their time is over (protocol §4). */

import { printOfThread } from '../threads/entries.ts';
import { forgetSecrets, hasOutlived, type Forgotten } from '../threads/forgetting.ts';
import { decodeSecrets, encodeSecrets } from '../threads/secrets.ts';
import { entryIdOf } from '../wire/entry.ts';
import type { EntryId, ThreadId } from '../wire/ids.ts';
import { threadPorts, type Account } from './account.ts';
import { destroyDoomed, doom } from './doomed.ts';
import { listEntries } from './entry-rows.ts';
import type { Change, Desk, Signalled } from './ports.ts';
import type { EntryRecord, ThreadRecord } from './records.ts';
import { exclusiveThread, keepReplica, loadReplica } from './replicas.ts';
import { putThread } from './summary.ts';
import { withheldAfter } from './withheld.ts';

/**
 * In every thread. `untilMs`: until when the own slots and holders are empty, and not later than now:
 * what is still on its way to this device finds the secret that opens it. Throws `StorageFull`; the
 * rest is for the next time.
 */
export async function forgetEpochs(
	desk: Desk,
	account: Account,
	untilMs: number,
	{ signal }: Signalled = {}
): Promise<void> {
	await destroyDoomed(desk); // what an earlier round left
	for (const { id, secrets } of await desk.store.list('thread')) {
		signal?.throwIfAborted();
		if (!hasOutlived(decodeSecrets(secrets), untilMs)) continue;
		await exclusiveThread(desk, id, () => forgetIn(desk, account, id, untilMs));
	}
	await destroyDoomed(desk);
}

async function forgetIn(
	desk: Desk,
	account: Account,
	thread: ThreadId,
	untilMs: number
): Promise<void> {
	const replica = await loadReplica(desk, account, thread);
	if (replica === null) return;
	const rows = await listEntries(desk, thread);
	const sealed = new Map(rows.map((row) => [entryIdOf(row.header), row]));
	const forgotten = await forgetSecrets(threadPorts(desk), replica.state, sealed, untilMs);
	const written: ThreadRecord[] = [];
	await desk.store.update('thread', [thread], (row) => {
		if (row === null) return [];
		const record = withSecrets(row, forgotten);
		written.push(record);
		return [...putClear(thread, forgotten, sealed), ...doom(forgotten.doomed), putThread(record)];
	});
	const record = written.at(-1);
	if (record !== undefined) keepReplica(desk.store, { record, state: forgotten.state });
}

function withSecrets(row: ThreadRecord, { state, secrets }: Forgotten): ThreadRecord {
	const { withheld, ...rest } = row;
	return {
		...rest,
		secrets: encodeSecrets(secrets),
		entriesPrint: printOfThread(state),
		...withheldAfter(state, withheld),
		version: row.version + 1
	};
}

function putClear(
	thread: ThreadId,
	{ clear }: Forgotten,
	sealed: ReadonlyMap<EntryId, EntryRecord>
): Change[] {
	return [...clear].map(([entry, body]) => {
		const under = sealed.get(entry)?.under;
		const put = { entry, body, ...(under && { under }) };
		return { table: 'clear', key: [thread, entry], put } as const;
	});
}
