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
import { Overtaken, StorageFull, type Desk, type LookUp, type Signalled } from './ports.ts';
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

/** Resolves when it is durably written; nobody was asked but, for an unknown card, an office. */
export async function send(
	desk: Desk,
	account: Account,
	draft: DraftRecord,
	options: Signalled = {}
): Promise<SendOutcome> {
	let look: LookUp = { recalled: [] };
	for (;;) {
		try {
			return await trySend(desk, account, draft, { ...options, ...look });
		} catch (problem) {
			if (!(problem instanceof Overtaken)) throw problem;
			look = {}; // another tab wrote what we remembered otherwise
		}
	}
}

async function trySend(
	desk: Desk,
	account: Account,
	draft: DraftRecord,
	options: Signalled & LookUp
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
