/** Whoever presents `done` ends the knocking that it answers (protocol §6.4, §6.5). */

import { equal, toHex } from '../../src/lib/wire/bytes.ts';
import { doneDecoder } from '../../src/lib/wire/office.ts';
import { accept, refuse, type Result } from '../../src/lib/wire/refusal.ts';
import { commit } from './commit.ts';
import type { Office } from './office.ts';
import { changeSend, rowToSent } from './sends.ts';
import type { SendRow } from './tables.ts';

/**
 * The receipt, if there is one, is on disk when it resolves, until the sender's device takes it.
 * `not-found` where no send has this knock; `older-than-known` where its notice was replaced by a
 * newer one, which this does not answer.
 */
export async function presentDone(office: Office, body: Uint8Array): Promise<Result<null>> {
	const decoded = doneDecoder.decode(body);
	if (!decoded.ok) return decoded;
	const { done, hash, receipt } = decoded.value;
	const knock = toHex(await office.verifier.sha256(done));
	const senders = office.store.list('sendOf', [knock]).map(({ key }) => key[1] ?? '');
	let ended = 0;
	for (const root of senders) {
		const row = office.store.get('send', [root, knock]);
		if (row === null || !equal(row.hash, hash)) continue;
		const stored = end(office, root, knock, row, receipt);
		if (!stored.ok) return stored;
		ended++;
	}
	if (ended > 0) return accept(null);
	return refuse(senders.length > 0 ? 'older-than-known' : 'not-found');
}

function end(
	office: Office,
	root: string,
	knock: string,
	row: SendRow,
	receipt: Uint8Array | undefined
): Result<null> {
	// The recipient did not hear our answer and presents it again.
	if (row.state === 'done' && receipt === undefined) return accept(null);
	const after: SendRow = {
		...row,
		state: 'done',
		time: office.now(),
		dueAt: null,
		reason: undefined,
		receipt: receipt ?? row.receipt
	};
	const stored = commit(office.store, changeSend(root, knock, row, after));
	if (stored.ok) office.listeners.tell(root, rowToSent(knock, after));
	return stored;
}
