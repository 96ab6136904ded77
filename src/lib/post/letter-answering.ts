/**
 * Coming in by a letter link: the seat adds this user's own identity to the thread, which then stands in
 * the mailbox as any other does. Nobody hears of it before this user writes there: the entry that adds
 * them goes out with their first answer.
 */

import { verifyBundleParts } from '../identity/chain.ts';
import { addMembers } from '../threads/make.ts';
import type { Person } from '../threads/thread.ts';
import type { ThreadSecrets } from '../threads/secrets.ts';
import type { Bundle } from '../wire/identity.ts';
import { entriesById, type MessageId, type ThreadId } from '../wire/ids.ts';
import { sha256 } from '@noble/hashes/sha2.js';
import { threadPorts, type Account } from './account.ts';
import { epochOf } from './announcement.ts';
import { learnHanded, putContact } from './contacts.ts';
import type { OpenLetter } from './letter-opening.ts';
import { putLetter } from './letters.ts';
import { knockKey, lastHearing } from './notice.ts';
import { StorageFull, Unreachable, type Change, type Desk, type Signalled } from './ports.ts';
import { receive } from './receive.ts';
import type { KnockRecord } from './records.ts';
import { seatToContact } from './seats.ts';

export type EnterOutcome =
	| { readonly ok: true; readonly threadId: ThreadId; readonly messageId: MessageId }
	/** `unreachable`: nobody gives the writer's card now; nothing was stored. */
	| { readonly ok: false; readonly problem: 'unreachable' | 'storage-full' };

/** Safe to run again: whoever is in already, or wrote the letter, is shown the thread. */
export async function enterLetter(
	desk: Desk,
	account: Account,
	letter: OpenLetter,
	options: Signalled = {}
): Promise<EnterOutcome> {
	const { id } = letter.state;
	return desk.exclusive(`letter/${id}`, async () => {
		const done = { ok: true, threadId: id, messageId: letter.message.id } as const;
		if ((await desk.store.get('thread', [id])) !== null) return done;
		const card = await findCard(desk, letter, options);
		if (card === null) return { ok: false, problem: 'unreachable' };
		try {
			const hasEntered = await enter(desk, account, letter, card);
			return hasEntered ? done : { ok: false, problem: 'unreachable' };
		} catch (problem) {
			if (problem instanceof StorageFull) return { ok: false, problem: 'storage-full' };
			throw problem;
		}
	});
}

/** The writer's, verified; it is needed with the key to which the writer's wrap is sealed. */
async function findCard(
	{ suite, offices }: Desk,
	{ link }: OpenLetter,
	options: Signalled
): Promise<Bundle | null> {
	try {
		const bundle = await offices(link.office).find(link.address, options);
		if (bundle === null) return null;
		return (await verifyBundleParts(suite, link.address, bundle)).ok ? bundle : null;
	} catch (problem) {
		if (problem instanceof Unreachable) return null;
		throw problem;
	}
}

/** False: the card is older than the one with which the letter was written. */
async function enter(
	desk: Desk,
	account: Account,
	letter: OpenLetter,
	{ record, card, xwing }: Bundle
): Promise<boolean> {
	const { link, me, state, seat } = letter;
	const writer: Person = { root: link.root, record, card, xwing };
	const own: Person = account.me;
	const made = await addMembers(threadPorts(desk), me, state, [own], [writer]);
	if (!made.ok) return false;
	const contact = seatToContact(desk, seat, { name: 'Letter link', seat: 'opened' });
	const seated = { thread: state.id, seat: contact.address, letter: link.letter };
	const opened = { ...seated, kind: 'opened' } as const;
	// First of all, so that nobody is asked to write to a seat.
	await desk.store.commit([putContact(contact), putLetter({ ...opened, createdAt: desk.now() })]);
	const admission = {
		from: link.address,
		mayBegin: true,
		makesContact: true,
		secrets: forGuest(state.replica.secrets),
		// Who is gone in between has the thread, and comes here no more: its files are fetched all the same.
		beside: [await toFetch(desk, letter)]
	};
	// What opens the letter goes out with no answer: the writer's office lets go of it to close the link.
	const unwrapped = letter.bundles.map((bundle) => ({ ...bundle, wraps: [] }));
	const received = await receive(desk, account, admission, [...unwrapped, ...made.bundles]);
	const [fault] = received.refused;
	if (fault !== undefined || (await desk.store.get('thread', [state.id])) === null) {
		throw new Error(`a letter that was read does not open: ${fault?.reason ?? 'unreadable'}`);
	}
	await learnHanded(desk, link.address, { record, card, xwing });
	return true;
}

/** What opens the letter, and where to write to its writer; not what makes the seat a member. */
function forGuest({ epochs, sureWriters }: ThreadSecrets): ThreadSecrets {
	const kept = entriesById(epochs).map(
		([id, { joinSeed: _, slot: __, ...rest }]) => [id, rest] as const
	);
	return { epochs: Object.fromEntries(kept), sureWriters };
}

/**
 * Its files are fetched as those of any announced message: the writer's office does not keep them for
 * ever. Nobody waits for this `done`.
 */
async function toFetch(desk: Desk, letter: OpenLetter): Promise<Change> {
	const { link, message, state, writer, bundles } = letter;
	const done = desk.random(32);
	const knock: KnockRecord = {
		hash: Uint8Array.from(sha256(done)),
		from: link.address,
		name: writer.identity.card.name,
		thread: state.id,
		epoch: epochOf(bundles.at(-1)?.header),
		heads: [message.entry],
		holders: [link.office],
		done,
		knock: Uint8Array.from(sha256(done)),
		introduction: '',
		wait: 'fetch',
		makesContact: false,
		record: writer.record,
		card: writer.card,
		receivedAt: desk.now(),
		since: { takenMs: desk.now(), afterMs: await lastHearing(desk) }
	};
	return { table: 'knock', key: knockKey(knock), put: knock };
}
