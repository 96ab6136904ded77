/**
 * Sending: a draft becomes sealed entries, an archive record and an outbox record in one transaction;
 * from then on a crash cannot lose it (protocol §6.1). `receive.ts` is its mirror image.
 *
 * address → compose → choose the thread → seal → commit. A line per step; what the writer must settle
 * first comes back as a problem, and the draft stays as it is.
 */

import { addressDraft, type AddressProblem } from './addressing.ts';
import type { Account } from './account.ts';
import { composeMail, type ComposeProblem } from './compose.ts';
import type { LookUp } from './look-up.ts';
import { Overtaken, StorageFull, type Desk, type Signalled } from './ports.ts';
import type { DraftRecord, OutboxRecord } from './records.ts';
import { sealCopies } from './copies.ts';
import type { EntryBundle } from '../wire/entry.ts';
import type { MessageId, ThreadId } from '../wire/ids.ts';

export type SendProblem =
	| AddressProblem
	| ComposeProblem
	| { readonly kind: 'not-a-member' }
	| { readonly kind: 'storage-full' };

export type SendOutcome =
	| {
			readonly ok: true;
			readonly threadId: ThreadId;
			readonly messageId: MessageId;
			/** For each copy: so that whoever is connected gets it without a look into storage. */
			readonly written: readonly Written[];
	  }
	| { readonly ok: false; readonly problem: SendProblem };

export interface Written {
	readonly record: OutboxRecord;
	/** Of its entries the newest; those before them are in storage. */
	readonly bundles: readonly EntryBundle[];
}

export interface SendOptions extends Signalled {
	/** Called when it is durable, in that very task, before the screens hear of it. */
	readonly onWritten?: (written: readonly Written[]) => void;
}

/** Resolves when it is durably written; nobody was asked but, for an unknown card, an office. */
export async function send(
	desk: Desk,
	account: Account,
	draft: DraftRecord,
	options: SendOptions = {}
): Promise<SendOutcome> {
	const sent = await sendRemembered(desk, account, draft, { recalled: [] }, options);
	return sent ?? sendLookingUp(desk, account, draft, options);
}

/**
 * Upon rows as they are remembered. `null`: nothing was written, for another tab has written what was
 * relied upon, or what is remembered forbids it, which may be old.
 *
 * @param locks the store takes them for the write, and that of the thread which is answered
 */
export async function sendRemembered(
	desk: Desk,
	account: Account,
	draft: DraftRecord,
	look: Required<LookUp>,
	options: SendOptions & { readonly locks?: readonly string[] }
): Promise<SendOutcome | null> {
	try {
		const outcome = await trySend(desk, account, draft, { ...options, ...look });
		// Of an unknown address an office was asked: it is not asked twice.
		const isSettled = outcome.ok || outcome.problem.kind === 'unknown-address';
		return isSettled ? outcome : null;
	} catch (problem) {
		if (problem instanceof Overtaken) return null;
		throw problem;
	}
}

async function sendLookingUp(
	desk: Desk,
	account: Account,
	draft: DraftRecord,
	options: SendOptions
): Promise<SendOutcome> {
	for (;;) {
		try {
			return await trySend(desk, account, draft, options);
		} catch (problem) {
			if (!(problem instanceof Overtaken)) throw problem;
		}
	}
}

async function trySend(
	desk: Desk,
	account: Account,
	draft: DraftRecord,
	options: SendOptions & LookUp & { readonly locks?: readonly string[] }
): Promise<SendOutcome> {
	const addressed = await addressDraft(desk, account, draft, options);
	if (!addressed.ok) return addressed;
	const composed = composeMail(desk, account, draft, addressed);
	if (!composed.ok) return composed;
	try {
		return await sealCopies(desk, account, draft, addressed, composed.mail, options);
	} catch (problem) {
		if (problem instanceof StorageFull) return { ok: false, problem: { kind: 'storage-full' } };
		throw problem;
	}
}
