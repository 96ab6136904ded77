/** Writing a letter that a link opens, and the link (docs/decisions/0012-letter-links.md). */

import { Secret } from '../crypto/secret.ts';
import type { Made } from '../threads/thread.ts';
import { cidOfObject } from '../wire/codec.ts';
import { entryIdOf } from '../wire/entry.ts';
import { cidToBlockId, type ThreadId } from '../wire/ids.ts';
import { endOfLink, formatLetterLink } from '../wire/letter-link.ts';
import { LIMITS } from '../wire/limits.ts';
import { fitName, type Account } from './account.ts';
import { composeMail } from './compose.ts';
import { toCorrespondent } from './contacts.ts';
import { sealCopies } from './copies.ts';
import { StorageFull, type Change, type Desk } from './ports.ts';
import type { DraftRecord, LetterRecord, WrittenLetter } from './records.ts';
import { loadSeat, seatToContact } from './seats.ts';
import type { SendOutcome, SendProblem } from './send.ts';

export interface LetterWish {
	/** For whom; the reader sees it. Empty: nobody is named. */
	readonly name: string;
	/** How long the link opens it, at least. */
	readonly days: number;
}

export type LetterOutcome =
	| Extract<SendOutcome, { ok: true }>
	| {
			readonly ok: false;
			/** `no-office`: nobody would have the letter. */
			readonly problem: SendProblem | { readonly kind: 'no-office' };
	  };

/**
 * A new thread with one member beside the writer, the seat. Whom the draft names is not asked: the
 * letter is for whoever opens the link. Resolves when it is durably written; the link works as soon as
 * the own office has the letter.
 */
export async function writeLetter(
	desk: Desk,
	account: Account,
	{ thread: _, answers: __, ...given }: DraftRecord,
	{ name, days }: LetterWish
): Promise<LetterOutcome> {
	if (account.record.office === '') return { ok: false, problem: { kind: 'no-office' } };
	const secret = desk.random(32);
	const seat = await loadSeat(desk.suite, new Secret(Uint8Array.from(secret)));
	const contact = seatToContact(desk, seat, { name: fitName(name), seat: 'given' });
	const who = toCorrespondent(contact);
	if (who === null) throw new Error('a seat has its card');
	const draft: DraftRecord = { ...given, kind: 'new' };
	const others = [{ field: 'to', who }] as const;
	const composed = composeMail(desk, account, draft, { others, includesMe: false });
	if (!composed.ok) return composed;
	const letter = { seat: who.address, name: contact.name, secret, days };
	const beside = (made: Made) => [putLetter(toRecord(desk, made, letter))];
	try {
		return await sealCopies(desk, account, draft, { others, beside }, composed.mail);
	} catch (problem) {
		if (problem instanceof StorageFull) return { ok: false, problem: { kind: 'storage-full' } };
		throw problem;
	}
}

function toRecord(
	desk: Desk,
	{ state, bundles, message }: Made,
	{ days, ...fields }: Pick<WrittenLetter, 'seat' | 'name' | 'secret'> & { readonly days: number }
): WrittenLetter {
	const last = bundles.at(-1);
	if (last === undefined || message === null) throw new Error('a letter has its message');
	return {
		...fields,
		kind: 'written',
		thread: state.id,
		message,
		letter: entryIdOf(last.header),
		until: endOfLink(desk.now(), Math.min(days, LIMITS.letterDays)),
		wraps: bundles.flatMap(({ wraps }) => wraps.map((block) => cidToBlockId(cidOfObject(block)))),
		state: 'open',
		by: [],
		createdAt: desk.now()
	};
}

/** `null`: there is none, it is closed, or the URLs of app and office are too long for one. */
export async function letterLink(
	{ store, appUrl, now }: Pick<Desk, 'store' | 'appUrl' | 'now'>,
	{ root, record }: Account,
	thread: ThreadId
): Promise<string | null> {
	const row = await store.get('letter', [thread]);
	if (row?.kind !== 'written' || row.secret === undefined || row.until <= now()) return null;
	const { letter, until } = row;
	const secret = Uint8Array.from(row.secret);
	const own = { secret, root: Uint8Array.from(root) };
	return formatLetterLink(appUrl, { ...own, letter, until, office: record.office });
}

export function putLetter(letter: LetterRecord): Change {
	return { table: 'letter', key: [letter.thread], put: letter };
}
