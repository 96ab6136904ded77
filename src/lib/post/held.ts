/**
 * Undo send: a draft that is to go out stands in storage with the time at which it does, and until then
 * nothing of it has been sealed or has left this browser (docs/decisions/0014-undo-send.md). Whoever finds
 * it due sends it: any tab, or the service worker. The lock of the draft, and a look at its row under that
 * lock, make it one.
 */

import type { Account } from './account.ts';
import { addressDraft } from './addressing.ts';
import { composeMail } from './compose.ts';
import { findCorrespondent, knownCorrespondent } from './contacts.ts';
import type { Change, Desk, Signalled } from './ports.ts';
import type { DraftRecord } from './records.ts';
import { send, type SendOptions, type SendOutcome, type SendProblem } from './send.ts';

/** The longest time that a person may choose, ms. */
export const LONGEST_HOLD_MS = 30_000;

/** `null`: it is no held draft. A time further away than can be chosen is a clock that was set back. */
export function dueAt({ heldUntil }: DraftRecord, now: number): number | null {
	if (heldUntil === undefined) return null;
	return heldUntil > now + LONGEST_HOLD_MS ? now : heldUntil;
}

/** All that concerns one draft's going out happens one after the other, in whatever tab. */
export function exclusiveDraft<T>(
	desk: Pick<Desk, 'exclusive'>,
	id: string,
	work: () => Promise<T>
): Promise<T> {
	return desk.exclusive(draftLock(id), work);
}

export function draftLock(id: string): string {
	return `draft/${id}`;
}

/**
 * What the writer must settle before it can go out; `null`: nothing. Asks an office for a card only where
 * none is here: later nobody may be there to be told that there is none.
 */
export async function problemOf(
	desk: Desk,
	account: Account,
	draft: DraftRecord,
	options: Signalled = {}
): Promise<SendProblem | null> {
	const addressed = await addressDraft(desk, account, draft, options, async (address, offices) => {
		const known = await knownCorrespondent(desk, address);
		return known ?? findCorrespondent(desk, address, offices, options);
	});
	if (!addressed.ok) return addressed.problem;
	const composed = composeMail(desk, account, draft, addressed);
	return composed.ok ? null : composed.problem;
}

/** The way back, as long as it has not gone out: the draft as it was; `null`: it has, or is no more. */
export async function takeBack(desk: Desk, id: string): Promise<DraftRecord | null> {
	return exclusiveDraft(desk, id, () =>
		changeDraft(desk, id, (row) =>
			row.heldUntil === undefined ? row : { ...withoutHold(row), savedAt: savingTime(desk, row) }
		)
	);
}

/**
 * Sends it if it is still held, and due or, with `isAtOnce`, not yet. `null`: it is not, or was sent by
 * somebody else. What cannot go out is a draft again, which says why.
 */
export async function sendHeld(
	desk: Desk,
	account: Account,
	id: string,
	{ isAtOnce = false, ...options }: SendOptions & { readonly isAtOnce?: boolean } = {}
): Promise<SendOutcome | null> {
	return exclusiveDraft(desk, id, async () => {
		const row = await desk.store.get('draft', [id]);
		const due = row === null ? null : dueAt(row, desk.now());
		if (row === null || due === null) return null;
		if (!isAtOnce && due > desk.now()) return null;
		const outcome = await send(desk, account, withoutHold(row), options);
		if (!outcome.ok) await holdBack(desk, id, outcome.problem);
		return outcome;
	});
}

/**
 * All that is due, or, with `isAtOnce`, all that is held; one that fails does not keep the others, and
 * what it failed with is thrown when they were tried. How many went out.
 */
export async function sendAllHeld(
	desk: Desk,
	account: Account,
	options: Signalled & { readonly isAtOnce?: boolean } = {}
): Promise<number> {
	let sent = 0;
	const failures: unknown[] = [];
	for (const { id, heldUntil } of await desk.store.list('draft')) {
		if (heldUntil === undefined) continue;
		try {
			const outcome = await sendHeld(desk, account, id, options);
			if (outcome?.ok === true) sent++;
		} catch (failure) {
			failures.push(failure);
		}
	}
	if (failures.length > 0) throw failures[0];
	return sent;
}

/** In how many ms the last of all that is held goes out; `null`: nothing is held. */
export async function longestHold({
	store,
	now
}: Pick<Desk, 'store' | 'now'>): Promise<number | null> {
	const dues = (await store.list('draft')).flatMap((draft) => dueAt(draft, now()) ?? []);
	return dues.length === 0 ? null : Math.max(0, Math.max(...dues) - now());
}

/** Its writer knows that it could not go out. `null`: it is no more. */
export async function acknowledge(desk: Desk, id: string): Promise<DraftRecord | null> {
	return exclusiveDraft(desk, id, () =>
		changeDraft(desk, id, (row) => {
			const { heldBack, ...rest } = row;
			return heldBack === undefined ? row : { ...rest, savedAt: savingTime(desk, row) };
		})
	);
}

/** Without room for the word, it stays held, and is tried again. */
async function holdBack(desk: Desk, id: string, heldBack: SendProblem): Promise<void> {
	await changeDraft(desk, id, (row) => ({
		...withoutHold(row),
		heldBack,
		savedAt: savingTime(desk, row)
	}));
}

/** Later than what was stored before, so that every tab takes it, though the clock was set back. */
export function savingTime(
	{ now }: Pick<Desk, 'now'>,
	before: Pick<DraftRecord, 'savedAt'>
): number {
	return Math.max(now(), before.savedAt + 1);
}

function withoutHold({ heldUntil: _, ...row }: DraftRecord): DraftRecord {
	return row;
}

async function changeDraft(
	desk: Desk,
	id: string,
	change: (row: DraftRecord) => DraftRecord
): Promise<DraftRecord | null> {
	let changed: DraftRecord | null = null;
	await desk.store.update('draft', [id], (row): readonly Change[] => {
		changed = row === null ? null : change(row);
		return changed === null || changed === row ? [] : [{ table: 'draft', key: [id], put: changed }];
	});
	return changed;
}
