/**
 * Receipts that go by hand: what we have taken in of somebody's parcels is told in ours, until they
 * say that they have taken that in (protocol §8.1).
 */

import { sha256 } from '@noble/hashes/sha2.js';
import * as v from 'valibot';
import { equal } from '../wire/bytes.ts';
import { decodeCanonical, encodeFields } from '../wire/codec.ts';
import { cidToEntryId, idToCid, type Address, type EntryId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { wordSchema, type ParcelWord } from '../wire/parcel.ts';
import { isRefusal } from '../wire/refusal.ts';
import { count } from '../wire/schema.ts';
import { rememberSpent } from './spent.ts';
import type { Change, Desk } from './ports.ts';
import { findAnnounced, hasEnded, recordNo, recordState, type About } from './progress.ts';
import { isAnnounced } from './recipient.ts';
import type { KnockRecord, OutboxRecord } from './records.ts';
import type { ReceiptWord } from './receipt.ts';

const owedSchema = v.object({ owed: v.array(v.object({ at: count, word: wordSchema })) });
type Owed = v.InferOutput<typeof owedSchema>['owed'];

/** Words that we owe them, the newest last: at most as many as a parcel holds. */
export async function owedWords(
	{ store }: Pick<Desk, 'store'>,
	to: Address
): Promise<readonly ParcelWord[]> {
	const row = await store.get('setting', owedKey(to));
	return parse(row?.value).map(({ word }) => word);
}

/** What became of this letter here; takes the place of an earlier word about it. */
export async function oweWord(
	desk: Pick<Desk, 'store' | 'now'>,
	{ from, done, heads }: Pick<KnockRecord, 'from' | 'done' | 'heads'>,
	word: ReceiptWord
): Promise<void> {
	const said: ParcelWord = {
		done,
		heads: heads.slice(0, LIMITS.receiptHeads).map(idToCid),
		...word
	};
	await changeOwed(desk, from, (owed) => {
		const others = owed.filter((each) => !isAbout(each.word, said));
		return [...others, { at: desk.now(), word: said }].slice(-LIMITS.parcelWords);
	});
}

function isAbout(a: ParcelWord, b: ParcelWord): boolean {
	const names = ({ heads }: ParcelWord) => heads.map(String).join();
	return equal(a.done, b.done) && names(a) === names(b);
}

/** They have taken in our parcel of this time, or their office has taken the word about this letter. */
export async function endOwed(
	desk: Pick<Desk, 'store'>,
	to: Address,
	heard: { readonly madeMs: number } | Pick<KnockRecord, 'done' | 'heads'>
): Promise<void> {
	await changeOwed(desk, to, (owed) =>
		owed.filter(({ at, word }) => {
			if ('madeMs' in heard) return at > heard.madeMs;
			return !isAbout(word, {
				done: heard.done,
				heads: heard.heads.map(idToCid),
				state: 'delivered'
			});
		})
	);
}

async function changeOwed(
	{ store }: Pick<Desk, 'store'>,
	to: Address,
	next: (owed: Owed) => Owed
): Promise<void> {
	const key = owedKey(to);
	await store.update('setting', key, (row): readonly Change[] => {
		const before = parse(row?.value);
		const after = next(before);
		if (after.length === 0) return row === null ? [] : [{ table: 'setting', key, remove: true }];
		return [{ table: 'setting', key, put: { value: encodeFields({ owed: after }) } }];
	});
}

function owedKey(to: Address): readonly string[] {
	return ['parcel-words', to];
}

/** Our own row: what is not readable is of a later version, and said again when they bring it again. */
function parse(value: unknown): Owed {
	if (!(value instanceof Uint8Array)) return [];
	const plain = decodeCanonical(value, value.length);
	const parsed = plain.ok ? v.safeParse(owedSchema, plain.value) : null;
	return parsed?.success === true ? parsed.output.owed : [];
}

/** What they say of our letters: as a receipt of theirs. How many messages are confirmed by it. */
export async function takeWords(
	desk: Desk,
	from: Address,
	words: readonly ParcelWord[]
): Promise<number> {
	let confirmed = 0;
	for (const word of words) confirmed += await takeWord(desk, from, word);
	return confirmed;
}

async function takeWord(desk: Desk, from: Address, { done, heads, ...word }: ParcelWord) {
	const ids = heads.map(cidToEntryId);
	const about: About = {
		knock: Uint8Array.from(sha256(done)),
		isNamed: ({ record, knock }) => knock.to === from && isNamed(record, ids),
		time: desk.now()
	};
	const open = await findAnnounced(desk, about);
	if (open.length === 0) return 0;
	if (word.state === 'refused') {
		const { reason = '' } = word;
		await recordNo(desk, about, isRefusal(reason) ? reason : 'not-allowed');
		return 0;
	}
	await recordState(desk, about, 'delivered');
	const wasHandedOver = open.some(({ knock }) => knock.state !== 'waiting');
	if (wasHandedOver && !(await isAnnounced(desk, about.knock))) {
		await rememberSpent(desk, about.knock);
	}
	return open.filter(({ record, knock }) => {
		return record.message !== undefined && !hasEnded(knock);
	}).length;
}

/** One that was sealed again meanwhile is the same message. */
function isNamed({ entries, isResealed }: OutboxRecord, heads: readonly EntryId[]): boolean {
	const last = entries.at(-1);
	if (last !== undefined && heads.includes(last)) return true;
	return isResealed === true && entries.some((entry) => heads.includes(entry));
}
