/** Sending as the screens know it: each draft once, whatever tab sends it, and its problems in full. */

import type { Account } from '../post/account.ts';
import { exclusiveDraft, problemOf, sendHeld } from '../post/held.ts';
import { writeLetter, type LetterOutcome } from '../post/letters.ts';
import type { Desk } from '../post/ports.ts';
import type { DraftRecord } from '../post/records.ts';
import { send, type Written } from '../post/send.ts';
import { toSendProblem } from './send-problem.ts';
import type { LetterWish } from './view-letters.ts';
import type { SendOutcome, SendProblem } from './view.ts';

export interface PostingPorts {
	readonly desk: Promise<Desk>;
	readonly account: Promise<Account>;
	inviteUrl(): Promise<string>;
	isOffline(): boolean;
	/** It is stored for sending; called in the same task. */
	onWritten(written: readonly Written[]): void;
}

/** `letter`: for whoever opens its link, not for those whom the draft names. */
export async function postDraft(
	ports: PostingPorts,
	record: DraftRecord,
	letter?: LetterWish
): Promise<SendOutcome> {
	const [desk, account] = await Promise.all([ports.desk, ports.account]);
	return exclusiveDraft(desk, record.id, async () => {
		// Another tab has sent or discarded it: the composer is about to say so.
		if ((await desk.store.get('draft', [record.id])) === null) return GONE;
		const outcome =
			letter === undefined
				? await send(desk, account, record)
				: await writeLetter(desk, account, record, letter);
		if (outcome.ok) {
			ports.onWritten(outcome.written);
			return outcome;
		}
		return { ok: false, problem: await explain(ports, outcome.problem) };
	});
}

/** Once, though every tab does it. `null`: it is not held, or not due, or was sent by another. */
export async function postHeld(
	ports: PostingPorts,
	id: string,
	options: { readonly isAtOnce: boolean }
): Promise<SendOutcome | null> {
	const [desk, account] = await Promise.all([ports.desk, ports.account]);
	const outcome = await sendHeld(desk, account, id, options);
	if (outcome === null || outcome.ok) {
		if (outcome !== null) ports.onWritten(outcome.written);
		return outcome;
	}
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
