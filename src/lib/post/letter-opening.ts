/**
 * Opening a letter by its link, with no identity and no storage: the seat's keys come from the link, the
 * entries from the writer's post office. All of it is a stranger's, and judged as such.
 */

import { Secret } from '../crypto/secret.ts';
import { endOf, endRuleOf } from '../threads/ends.ts';
import { membersOf } from '../threads/members.ts';
import { openBundles } from '../threads/receive.ts';
import { shownMessages } from '../threads/shown.ts';
import type { Me, Opened, ShownMessage, ThreadMember, ThreadState } from '../threads/thread.ts';
import { equal } from '../wire/bytes.ts';
import { entryIdOf, headerDecoder, type EntryBundle } from '../wire/entry.ts';
import { cidToBlockId, type BlockId } from '../wire/ids.ts';
import type { LetterLink } from '../wire/letter-link.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Attachment } from '../wire/mail.ts';
import { threadPorts } from './account.ts';
import { FileUnavailable, openFile } from './files.ts';
import { Unreachable, type Desk, type Ground, type Signalled } from './ports.ts';
import { loadSeat, seatToMe, type LoadedSeat } from './seats.ts';

/** All that an opener has: no storage. */
export type LetterGround = Ground & Pick<Desk, 'offices'>;

export interface OpenLetter {
	readonly link: LetterLink;
	/** The seat, with root record and card as the thread lists them. */
	readonly me: Me;
	readonly seat: LoadedSeat;
	readonly state: ThreadState;
	readonly bundles: readonly EntryBundle[];
	readonly writer: ThreadMember;
	readonly message: ShownMessage;
}

export type LetterOpening =
	| { readonly kind: 'open'; readonly letter: OpenLetter }
	/** The day on the link is over. */
	| { readonly kind: 'expired' }
	/** No network, or its post office does not answer. */
	| { readonly kind: 'unreachable' }
	/** Its post office has nothing of it: it was not handed over yet, or was let go of. */
	| { readonly kind: 'absent' }
	/** The seat is taken: somebody has answered, or the writer closed the link. */
	| { readonly kind: 'closed' }
	/** Its text is gone: taken back, or ended. */
	| { readonly kind: 'withdrawn' }
	/** What came is not what a letter is. */
	| { readonly kind: 'damaged' };

/** Asks the office that the link names, and nobody else. */
export async function openLetter(
	ground: LetterGround,
	link: LetterLink,
	options: Signalled = {}
): Promise<LetterOpening> {
	if (link.until <= ground.now()) return { kind: 'expired' };
	const bundles = await fetchLetter(ground, link, options);
	if (bundles === null) return { kind: 'unreachable' };
	if (!bundles.some(({ header }) => entryIdOf(header) === link.letter)) return { kind: 'absent' };
	const secret = new Secret(Uint8Array.from(link.secret));
	const seat = await loadSeat(ground.suite, secret);
	const me = seatToMe(ground.suite, seat);
	const opened = await openBundles(threadPorts(ground), me, null, bundles);
	return opened.state === null
		? { kind: whyShut(opened, bundles) }
		: read(ground, { link, seat, bundles, state: opened.state });
}

/** `null`: it could not be asked. */
async function fetchLetter(
	{ offices }: LetterGround,
	{ office, letter }: LetterLink,
	options: Signalled
): Promise<readonly EntryBundle[] | null> {
	const bundles: EntryBundle[] = [];
	try {
		for await (const bundle of offices(office).ancestors([letter], [], options)) {
			bundles.push(bundle);
			// A letter begins its thread: whoever sends more wants to fill this browser's memory.
			if (bundles.length === LIMITS.letterEntries) break;
		}
		return bundles;
	} catch (problem) {
		if (problem instanceof Unreachable) return null;
		throw problem;
	}
}

/** Without its wraps nobody opens an epoch any more: so a writer's office closes a link. */
function whyShut({ refused }: Opened, bundles: readonly EntryBundle[]): 'closed' | 'damaged' {
	const isUnwrapped = bundles.some(({ header, wraps }) => {
		const decoded = headerDecoder.decode(header);
		return decoded.ok && decoded.value.t === 'epoch' && wraps.length === 0;
	});
	const isWhole = refused.every(({ reason }) => reason === 'no-wrap-for-me');
	return isUnwrapped && isWhole ? 'closed' : 'damaged';
}

async function read(
	{ suite, now }: LetterGround,
	{ link, seat, bundles, state }: Pick<OpenLetter, 'link' | 'seat' | 'bundles' | 'state'>
): Promise<LetterOpening> {
	const members = membersOf(state);
	const writer = members.find(({ root, isCreator }) => isCreator && equal(root, link.root));
	const listed = members.find(({ root }) => equal(root, seat.seat.root.publicKey));
	if (writer === undefined || listed === undefined || members.length !== 2) {
		return { kind: 'damaged' };
	}
	// Whoever made the link knows these keys, and could list others that they cannot act with.
	const { auth, prekey } = listed.identity.card;
	const isListedSo = equal(auth, seat.seat.auth.publicKey) && equal(prekey.id, seat.seat.prekey.id);
	if (!isListedSo) return { kind: 'damaged' };
	const message = shownMessages(state).find(({ entry }) => entry === link.letter);
	if (message === undefined) {
		const bundle = bundles.find(({ header }) => entryIdOf(header) === link.letter);
		return { kind: bundle?.body === null ? 'withdrawn' : 'damaged' };
	}
	const { mail, root, sure, status, withdrawn } = message;
	const isWriters = equal(root, link.root) && sure && status.kind === 'shown';
	if (!isWriters) return { kind: 'damaged' };
	const endsAt = endOf(mail, endRuleOf(state)) ?? Infinity;
	if (withdrawn || endsAt <= now()) return { kind: 'withdrawn' };
	const asListed = { ...seat, cards: { ...seat.cards, record: listed.record, card: listed.card } };
	const letter = { link, seat: asListed, bundles, state, writer, message };
	return { kind: 'open', letter: { ...letter, me: seatToMe(suite, asListed) } };
}

/** As `openFile`, with blocks from the writer's office, held in memory for as long as they are needed. */
export function openLetterFile(
	ground: LetterGround,
	{ link }: OpenLetter,
	file: Attachment,
	options: Signalled = {}
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	const held = new Map<BlockId, Uint8Array>();
	const get = (id: BlockId) => {
		const block = held.get(id) ?? null;
		held.delete(id);
		return Promise.resolve(block);
	};
	const bring = async (ids: readonly BlockId[], signalled: Signalled) => {
		const missing = ids.filter((id) => !held.has(id));
		try {
			const blocks = ground.offices(link.office).fetch(missing, signalled);
			for await (const { cid, data } of blocks) held.set(cidToBlockId(cid), data);
		} catch (problem) {
			if (problem instanceof Unreachable) throw new FileUnavailable('no-holder');
			throw problem;
		}
	};
	return openFile(ground, { get }, file, { ...options, bring });
}
