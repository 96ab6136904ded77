/** Sending as the screens know it: each draft once, whatever tab sends it, and its problems in full. */

import type { Account } from '../post/account.ts';
import { draftLock, exclusiveDraft, problemOf, sendHeld } from '../post/held.ts';
import { writeLetter, type LetterOutcome } from '../post/letters.ts';
import { readRow } from '../post/look-up.ts';
import type { Desk } from '../post/ports.ts';
import type { DraftRecord } from '../post/records.ts';
import {
	send,
	sendRemembered,
	type SendOutcome as PostOutcome,
	type Written
} from '../post/send.ts';
import { toSendProblem } from './send-problem.ts';
import type { LetterWish } from './view-letters.ts';
import type { SendOutcome, SendProblem } from './view.ts';

export interface PostingPorts {
	readonly desk: Promise<Desk>;
	readonly account: Promise<Account>;
	inviteUrl(): Promise<string>;
	isOffline(): boolean;
	/** It is stored for sending; called in the task of the commit. */
	readonly onWritten: (written: readonly Written[]) => void;
}

/**
 * Where the store takes locks it is sealed in the task of the press, and written at once.
 *
 * @param letter for whoever opens its link, not for those whom the draft names
 */
export async function postDraft(
	ports: PostingPorts,
	record: DraftRecord,
	letter?: LetterWish
): Promise<SendOutcome> {
	const [desk, account] = await Promise.all([ports.desk, ports.account]);
	const sent = letter === undefined ? await sendAtOnce(ports, desk, account, record) : null;
	if (sent?.ok === true) return sent;
	return exclusiveDraft(desk, record.id, async () => {
		// Another tab has sent or discarded it: the composer is about to say so.
		if ((await desk.store.get('draft', [record.id])) === null) return GONE;
		const outcome = sent ?? (await post(ports, desk, account, record, letter));
		return outcome.ok ? outcome : { ok: false, problem: await explain(ports, outcome.problem) };
	});
}

/** `null`: not upon what is remembered of the draft, the thread and the recipients. */
async function sendAtOnce(
	{ onWritten }: PostingPorts,
	desk: Desk,
	account: Account,
	record: DraftRecord
): Promise<PostOutcome | null> {
	if (!desk.store.takesLocks()) return null;
	try {
		const look = { recalled: [] };
		const stored = await readRow(desk.store, 'draft', [record.id], look);
		if (stored === null) return null;
		const locks = [draftLock(record.id)];
		return await sendRemembered(desk, account, record, look, { locks, onWritten });
	} catch {
		return null; // nothing was written; what it fails with under the page's own locks is told
	}
}

async function post(
	{ onWritten }: PostingPorts,
	desk: Desk,
	account: Account,
	record: DraftRecord,
	letter: LetterWish | undefined
): Promise<LetterOutcome | PostOutcome> {
	if (letter === undefined) return send(desk, account, record, { onWritten });
	const outcome = await writeLetter(desk, account, record, letter);
	if (outcome.ok) onWritten(outcome.written);
	return outcome;
}

/** Once, though every tab does it. `null`: it is not held, or not due, or was sent by another. */
export async function postHeld(
	ports: PostingPorts,
	id: string,
	options: { readonly isAtOnce: boolean }
): Promise<SendOutcome | null> {
	const [desk, account] = await Promise.all([ports.desk, ports.account]);
	const { onWritten } = ports;
	const outcome = await sendHeld(desk, account, id, { ...options, onWritten });
	if (outcome === null || outcome.ok) return outcome;
	return { ok: false, problem: await explain(ports, outcome.problem) };
}

/** What stops this draft now, before it is held; null: nothing. */
export async function checkDraft(
	ports: PostingPorts,
	record: DraftRecord
): Promise<SendProblem | null> {
	const [desk, account] = await Promise.all([ports.desk, ports.account]);
	const problem = await problemOf(desk, account, record);
	return problem === null ? null : explain(ports, problem);
}

const GONE: SendOutcome = { ok: false, problem: { kind: 'no-recipient' } };

type PostProblem = Extract<LetterOutcome, { ok: false }>['problem'];

async function explain(ports: PostingPorts, problem: PostProblem): Promise<SendProblem> {
	if (problem.kind !== 'ordinary-address') return toSendProblem(problem, ports.isOffline());
	return { ...problem, inviteUrl: await ports.inviteUrl() };
}
