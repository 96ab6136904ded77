/**
 * What becomes of the letter links that this user gave out: somebody came in by one, its time is over,
 * or the user closes it. Each time the seat is removed, so that nobody comes in any more, and the own
 * office lets go of what the link opens. Every step may be repeated.
 */

import { toHex } from '../wire/bytes.ts';
import type { Address, ThreadId } from '../wire/ids.ts';
import type { Account } from './account.ts';
import { dropping } from './confirmed.ts';
import { putContact, setTier } from './contacts.ts';
import { putLetter } from './letters.ts';
import { removeFromThread } from './membership.ts';
import { lastHearing } from './notice.ts';
import type { Desk, Signalled } from './ports.ts';
import { hasEnded, moveKnock } from './progress.ts';
import type { ThreadRecord, WrittenLetter } from './records.ts';
import { withdraw } from './withdraw.ts';

/** False: something of it has to wait, for the network or for room; ask again. */
export async function tendLetters(
	desk: Desk,
	account: Account,
	options: Signalled = {}
): Promise<boolean> {
	let isDone = true;
	for (const { thread } of await openLetters(desk)) {
		options.signal?.throwIfAborted();
		const isTended = await exclusiveLetter(desk, thread, (letter) =>
			tend(desk, account, letter, options)
		);
		isDone &&= isTended;
	}
	return isDone;
}

/** By its writer's will. False: somebody came in by it before, or it has to be tried again. */
export function revokeLetter(
	desk: Desk,
	account: Account,
	thread: ThreadId,
	options: Signalled = {}
): Promise<boolean> {
	return exclusiveLetter(desk, thread, async (letter) => {
		const by = guestsOf(letter, await desk.store.get('thread', [thread]));
		if (!(await close(desk, account, letter, by, 'revoked', options))) return false;
		const closed = await desk.store.get('letter', [thread]);
		return closed?.kind === 'written' && closed.state !== 'answered';
	});
}

/** When the next of them ends, Unix ms; `null`: none is open. */
export async function nextLetterEnd(desk: Desk): Promise<number | null> {
	const ends = (await openLetters(desk)).map(({ until }) => until);
	return ends.length === 0 ? null : Math.min(...ends);
}

async function openLetters({ store }: Pick<Desk, 'store'>): Promise<WrittenLetter[]> {
	const letters = await store.list('letter');
	return letters.filter((letter) => letter.kind === 'written').filter(isOpen);
}

function isOpen({ state }: WrittenLetter): boolean {
	return state === 'open';
}

function exclusiveLetter(
	desk: Desk,
	thread: ThreadId,
	work: (letter: WrittenLetter) => Promise<boolean>
): Promise<boolean> {
	return desk.exclusive(`letter/${thread}`, async () => {
		const letter = await desk.store.get('letter', [thread]);
		return letter?.kind !== 'written' || !isOpen(letter) || work(letter);
	});
}

async function tend(
	desk: Desk,
	account: Account,
	letter: WrittenLetter,
	options: Signalled
): Promise<boolean> {
	const row = await desk.store.get('thread', [letter.thread]);
	const by = guestsOf(letter, row);
	if (by.length > 0) return close(desk, account, letter, by, 'answered', options);
	// Its writer has taken it out of the conversation by hand.
	const isRemoved = row?.members.includes(letter.seat) === false;
	if (isRemoved) return close(desk, account, letter, [], 'revoked', options);
	if (!(await isOver(desk, letter))) return true;
	return close(desk, account, letter, [], 'expired', options);
}

/** Whom the seat has added, as the thread's fold has it. */
function guestsOf({ seat }: WrittenLetter, row: ThreadRecord | null): readonly Address[] {
	const events = row?.circle?.events.filter(({ by }) => by === seat) ?? [];
	return [...new Set(events.flatMap(({ added }) => added))];
}

/**
 * An answer that was given in time may still lie in our slot, or wait to be fetched: removing the seat
 * would shut it out. So it is over when our office has told us since all that it had, and nothing of
 * this thread is still to come.
 */
async function isOver(desk: Desk, { thread, until }: WrittenLetter): Promise<boolean> {
	if ((await lastHearing(desk)) < until || desk.now() < until) return false;
	return (await desk.store.list('knock')).every((knock) => knock.thread !== thread);
}

async function close(
	desk: Desk,
	account: Account,
	letter: WrittenLetter,
	before: readonly Address[],
	reason: 'revoked' | 'expired' | 'answered',
	options: Signalled
): Promise<boolean> {
	const { thread, seat, message } = letter;
	// Whoever came in has read it, and may be fetching its files.
	if (before.length === 0) await withdraw(desk, account, thread, message, options);
	const row = await desk.store.get('thread', [thread]);
	// A writer who has left their own conversation removes nobody.
	if (row?.members.includes(seat) === true && row.circle?.mayRemove === true) {
		const gone = await removeFromThread(desk, account, thread, seat, options);
		if (!gone.ok) return false;
	}
	// Somebody may have come in while that was done: they stay a member, and it says so.
	const by = guestsOf(letter, await desk.store.get('thread', [thread]));
	await endDelivery(desk, letter, by.length > 0 ? 'delivered' : 'withdrawn');
	await welcome(desk, letter, by);
	await finish(desk, letter, by, by.length > 0 ? 'answered' : reason);
	return true;
}

/** Nobody presents `done` for a seat: who came in by it has the letter. */
async function endDelivery(
	desk: Desk,
	{ thread, seat }: WrittenLetter,
	state: 'delivered' | 'withdrawn'
): Promise<void> {
	for (const record of await desk.store.list('outbox')) {
		if (record.thread !== thread) continue;
		for (const knock of record.knocks) {
			if (knock.to !== seat || hasEnded(knock)) continue;
			await moveKnock(desk, record, seat, state, { at: desk.now() });
		}
	}
}

/**
 * Whom one gave a link to write by is no stranger; what went to the seat went to the first of them. As
 * the seat itself anybody can write who ever saw the link: nothing of it is taken any more.
 */
async function welcome(desk: Desk, { seat }: WrittenLetter, by: readonly Address[]): Promise<void> {
	for (const address of by) {
		const contact = await desk.store.get('contact', [address]);
		if (contact?.tier === 'unknown') await setTier(desk, address, 'known');
	}
	const [sitter] = by;
	await desk.store.update('contact', [seat], (row) =>
		row === null ? [] : [putContact({ ...row, tier: 'blocked', ...(sitter && { sitter }) })]
	);
}

/** The state, and what the office lets go of, in one transaction. */
async function finish(
	desk: Desk,
	{ secret: _, ...letter }: WrittenLetter,
	by: readonly Address[],
	state: WrittenLetter['state']
): Promise<void> {
	const { thread, wraps } = letter;
	const of = { id: toHex(desk.random(16)), thread, shownIn: thread };
	await desk.store.commit([putLetter({ ...letter, by, state }), dropping(of, wraps)]);
}
