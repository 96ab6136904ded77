/**
 * Taking a parcel in: size, version, shape, hash, authentication, policy; then its words, entries and
 * blocks take the same way as those of a peer (protocol §8.1). Each step is durable before the next and
 * harmless when it is run again: a parcel that was cut off, or comes twice, loses and doubles nothing.
 */

import { vouch } from '../crypto/envelope.ts';
import { verifyCard, type VerifiedCard } from '../identity/chain.ts';
import { rootKeyToAddress, type Address, type MessageId, type ThreadId } from '../wire/ids.ts';
import { blockDecoder, entryBundleDecoder } from '../wire/office.ts';
import { contentsDecoder, parcelEndDecoder, type ParcelContents } from '../wire/parcel.ts';
import { accept, refuse, type Refusal, type Result } from '../wire/refusal.ts';
import type { Account } from './account.ts';
import { learnHanded } from './contacts.ts';
import { learnSlot } from './listen.ts';
import { readParcel, type OpenedParcel } from './parcel-bytes.ts';
import { TakenBlocks } from './parcel-blocks.ts';
import { judgeLetters, keepRequests, settle, type JudgedLetter } from './parcel-letters.ts';
import { TakenEntries } from './parcel-entries.ts';
import { rememberTaken } from './parcel-taken.ts';
import { endOwed, takeWords } from './parcel-words.ts';
import type { Desk, Signalled } from './ports.ts';
import { countRefusals } from './refusals.ts';

export type TakeOutcome =
	| {
			readonly ok: true;
			readonly from: Address;
			/** As their card says. */
			readonly name: string;
			/** Messages that were not here, the newest last. */
			readonly messages: readonly { readonly thread: ThreadId; readonly id: MessageId }[];
			/** Messages of mine that they have, as is known now. */
			readonly confirmed: number;
			/** Threads that wait in Requests. */
			readonly requests: number;
			/** Threads of which something did not come along. */
			readonly incomplete: number;
			readonly refused: readonly Refusal[];
			/** False: it was cut off or damaged; what came before that is kept. */
			readonly isWhole: boolean;
	  }
	| { readonly ok: false; readonly problem: TakeProblem };

/**
 * `for-another`: sealed to somebody else, or to a key of ours that is gone; `forged`: not from whom it
 * says; `older-key`: its writer has other keys since.
 */
export type TakeProblem =
	'no-parcel' | 'newer' | 'damaged' | 'for-another' | 'forged' | 'older-key' | 'blocked';

export interface TakeOptions extends Signalled {
	/** Bytes of entries and blocks taken in so far. */
	readonly onProgress?: (bytes: number) => void;
}

/** One at a time. Throws `StorageFull` and AbortError; what was taken in until then stays. */
export function takeParcel(
	desk: Desk,
	account: Account,
	source: AsyncIterable<Uint8Array>,
	options: TakeOptions = {}
): Promise<TakeOutcome> {
	return desk.exclusive('parcel', () => take(desk, account, source, options), options);
}

async function take(
	desk: Desk,
	account: Account,
	source: AsyncIterable<Uint8Array>,
	options: TakeOptions
): Promise<TakeOutcome> {
	const opened = await readParcel(desk.suite, account, source);
	if (!opened.ok) return fail(desk, opened.reason);
	const sender = await judgeSender(desk, opened.value);
	if (!sender.ok) return fail(desk, sender.reason);
	const objects = opened.value.objects[Symbol.asyncIterator]();
	try {
		return await takeObjects(desk, account, opened.value, sender.value, objects, options);
	} finally {
		await objects.return?.();
	}
}

const PROBLEMS: Partial<Record<Refusal, TakeProblem>> = {
	'unknown-type': 'no-parcel',
	'unknown-version': 'newer',
	'no-wrap-for-me': 'for-another',
	'wrong-authenticator': 'forged',
	'wrong-signature': 'forged',
	'older-than-known': 'older-key',
	blocked: 'blocked'
};

async function fail(desk: Desk, reason: Refusal): Promise<TakeOutcome> {
	await countRefusals(desk, [reason]);
	return { ok: false, problem: PROBLEMS[reason] ?? 'damaged' };
}

/**
 * Authentication, then policy. One who has replaced the root record since may have been robbed of the
 * older keys: whoever has those could make parcels in that name.
 */
async function judgeSender(
	{ suite, store }: Desk,
	{ envelope, head }: OpenedParcel
): Promise<Result<VerifiedCard>> {
	const address = rootKeyToAddress(envelope.root);
	const card = await verifyCard(suite, address, head.record, head.card);
	if (!card.ok) return card.reason === 'wrong-shape' ? refuse('wrong-authenticator') : card;
	const vouched = vouch(envelope, card.value.card);
	if (!vouched.ok) return vouched;
	const contact = await store.get('contact', [address]);
	if (contact?.tier === 'blocked') return refuse('blocked');
	const isRobbed = (contact?.keys?.pair.rootSeq ?? 0) > card.value.pair.rootSeq;
	return isRobbed ? refuse('older-than-known') : accept(card.value);
}

async function takeObjects(
	desk: Desk,
	account: Account,
	{ head }: OpenedParcel,
	sender: VerifiedCard,
	objects: AsyncIterator<Result<Uint8Array>>,
	options: TakeOptions
): Promise<TakeOutcome> {
	const from = sender.address;
	const first = await next(objects);
	const contents = first === null ? null : contentsDecoder.decode(first);
	if (contents?.ok !== true) return fail(desk, contents?.reason ?? 'wrong-shape');
	const confirmed = await takeTold(desk, from, contents.value);
	const letters = await judgeLetters(desk, sender, contents.value.letters);
	const before = await messagesIn(desk, letters);
	const isWhole = await takeCarried(desk, account, from, letters, objects, options);
	// A member list may have brought this contact: now its key has a place.
	const { record, card } = head;
	await learnHanded(desk, from, { record, card, xwing: contents.value.xwing });
	const requests = await keepRequests(desk, letters, contents.value.xwing);
	const settled = await settle(desk, account, letters);
	if (isWhole) await rememberTaken(desk, from, head.made);
	const after = await messagesIn(desk, letters);
	const isNew = ({ id }: { readonly id: MessageId }) => !before.some((each) => each.id === id);
	const messages = after.filter(isNew);
	return {
		...{ ok: true, from, name: sender.card.name, isWhole, messages, confirmed, requests },
		...settled
	};
}

/** What they say of what we brought them. */
async function takeTold(
	desk: Desk,
	from: Address,
	{ words, slot, taken }: ParcelContents
): Promise<number> {
	const confirmed = await takeWords(desk, from, words);
	await learnSlot(desk, from, slot);
	if (taken !== undefined) await endOwed(desk, from, { madeMs: taken });
	return confirmed;
}

/** Entries, then blocks. False: it ended before its end. */
async function takeCarried(
	desk: Desk,
	account: Account,
	from: Address,
	letters: readonly JudgedLetter[],
	objects: AsyncIterator<Result<Uint8Array>>,
	{ signal, onProgress }: TakeOptions
): Promise<boolean> {
	const entries = new TakenEntries(desk, account, from, letters);
	const blocks = new TakenBlocks(desk, letters);
	let bytes = 0;
	try {
		for (;;) {
			const object = await next(objects);
			if (object === null) return false;
			signal?.throwIfAborted();
			onProgress?.((bytes += object.length));
			if (parcelEndDecoder.decode(object).ok) return true;
			const bundle = entryBundleDecoder.decode(object);
			if (bundle.ok) {
				await entries.take(bundle.value);
				continue;
			}
			await entries.flush();
			const block = blockDecoder.decode(object);
			// What a later version adds is skipped; what is none of ours ends it.
			if (block.ok) await blocks.take(block.value);
			else if (block.reason !== 'unknown-type') return false;
		}
	} finally {
		await entries.flush();
		await blocks.flush();
	}
}

/** `null` at the end, and where the rest is damaged. */
async function next(objects: AsyncIterator<Result<Uint8Array>>): Promise<Uint8Array | null> {
	const step = await objects.next();
	if (step.done === true) return null;
	return step.value.ok ? step.value.value : null;
}

/** Those of others that are shown, by their date. */
async function messagesIn({ store }: Desk, letters: readonly JudgedLetter[]) {
	const rows = await Promise.all(letters.map(({ knock }) => store.list('message', [knock.thread])));
	return rows
		.flat()
		.filter(
			({ isMine, refused, keptBy }) => !isMine && refused === undefined && keptBy === undefined
		)
		.toSorted((a, b) => a.order - b.order)
		.map(({ thread, id }) => ({ thread, id }));
}
