/** The letters of a parcel: judged as notices are, and settled when what they announce is here. */

import { sha256 } from '@noble/hashes/sha2.js';
import type { VerifiedCard } from '../identity/chain.ts';
import { judge, type Verdict } from '../trust/policy.ts';
import { encodeFields } from '../wire/codec.ts';
import type { EntryBundle } from '../wire/entry.ts';
import { cidToEntryId, cidToThreadId } from '../wire/ids.ts';
import { isOfficeUrl } from '../wire/invite.ts';
import type { ParcelLetter } from '../wire/parcel.ts';
import type { Refusal } from '../wire/refusal.ts';
import type { Account } from './account.ts';
import { lackOf, missingFiles, refusedHead } from './collect.ts';
import { recordEnded } from './ended.ts';
import { holdToken, knockKey, lastHearing, rememberKnock } from './notice.ts';
import { oweWord } from './parcel-words.ts';
import type { Desk } from './ports.ts';
import type { ReceiptWord } from './receipt.ts';
import type { KnockRecord } from './records.ts';
import { countRefusals } from './refusals.ts';
import { isSharedThread } from './replicas.ts';

export interface JudgedLetter {
	readonly knock: KnockRecord;
	readonly verdict: Exclude<Verdict, { readonly kind: 'refused' }>;
	/** Was a notice of it sealed, so that an office may have something to end? */
	readonly isNoticed: boolean;
	/** Of a request: its entries wait with it, as far as there is room. */
	readonly enclosed: EntryBundle[];
}

/** Before anything else is read. The sender is not blocked. */
export async function judgeLetters(
	desk: Desk,
	sender: VerifiedCard,
	letters: readonly ParcelLetter[]
): Promise<readonly JudgedLetter[]> {
	const judged: JudgedLetter[] = [];
	const contact = await desk.store.get('contact', [sender.address]);
	for (const letter of letters) {
		const thread = cidToThreadId(letter.thread);
		const verdict = judge({
			tier: contact?.tier ?? null,
			isKnownThread: await isSharedThread(desk, thread),
			token: await holdToken(desk, letter, 'none')
		});
		if (verdict.kind === 'refused') await countRefusals(desk, [verdict.reason]);
		else {
			await recordEnded(desk, sender.address, thread, letter.ended ?? []);
			const knock = await toKnock(desk, sender, letter, verdict);
			judged.push({ knock, verdict, isNoticed: letter.hash !== undefined, enclosed: [] });
		}
	}
	return judged;
}

async function toKnock(
	desk: Desk,
	{ address, card, recordBytes, cardBytes }: VerifiedCard,
	letter: ParcelLetter,
	verdict: Verdict
): Promise<KnockRecord> {
	const { thread, epoch, heads, holders, done, intro = '' } = letter;
	return {
		...{ from: address, name: card.name, record: recordBytes, card: cardBytes },
		...{ thread: cidToThreadId(thread), epoch: cidToEntryId(epoch), done },
		heads: heads.map(cidToEntryId),
		holders: holders.filter(isOfficeUrl),
		knock: Uint8Array.from(sha256(done)),
		hash: letter.hash ?? Uint8Array.from(sha256(encodeFields(letter))),
		introduction: intro,
		...(letter.ends !== undefined && { ends: letter.ends }),
		wait: verdict.kind === 'requests' ? 'request' : 'fetch',
		makesContact: verdict.kind === 'inbox' && verdict.makesContact,
		receivedAt: desk.now(),
		since: { takenMs: desk.now(), afterMs: await lastHearing(desk) }
	};
}

/** Those of a stranger wait for the user's yes, with what came along. How many. */
export async function keepRequests(
	desk: Desk,
	letters: readonly JudgedLetter[],
	xwing: Uint8Array
): Promise<number> {
	const waiting = letters.filter(({ verdict }) => verdict.kind === 'requests');
	for (const { knock, enclosed: entries } of waiting) {
		await rememberKnock(desk, { ...knock, enclosed: { entries, xwing } });
	}
	return waiting.length;
}

export interface Settled {
	readonly incomplete: number;
	readonly refused: readonly Refusal[];
}

/**
 * What is here whole is confirmed in our next parcel, and over the network as soon as there is one; of
 * what is not, the network may bring the rest.
 */
export async function settle(
	desk: Desk,
	account: Account,
	letters: readonly JudgedLetter[]
): Promise<Settled> {
	let incomplete = 0;
	const refused: Refusal[] = [];
	for (const { knock, verdict, isNoticed } of letters) {
		if (verdict.kind !== 'inbox') continue;
		const word = await wordFor(desk, account, knock);
		if (word === null) incomplete++;
		else await oweWord(desk, knock, word);
		if (word?.state === 'refused') refused.push(word.reason);
		// Whoever presents `done` ends what an office repeats; where none does, there is nothing to end.
		if (isNoticed && knock.holders.length > 0) await rememberKnock(desk, knock);
		else if (word !== null) await forgetWaiting(desk, knock);
	}
	return { incomplete, refused };
}

/** `null`: something of it is not here. */
async function wordFor(
	desk: Desk,
	account: Account,
	knock: KnockRecord
): Promise<ReceiptWord | null> {
	const reason = await refusedHead(desk, account, knock);
	if (reason !== null) return { state: 'refused', reason };
	const lack = await lackOf(desk, account, knock);
	if (lack !== null) return lack === 'expired' ? { state: 'refused', reason: lack } : null;
	return (await missingFiles(desk, knock)).length > 0 ? null : { state: 'delivered' };
}

/** It was accepted from Requests, and waited for what has come now. */
async function forgetWaiting({ store }: Desk, knock: KnockRecord): Promise<void> {
	const key = knockKey(knock);
	const row = await store.get('knock', key);
	if (row?.enclosed === undefined || row.wait !== 'fetch' || row.holders.length > 0) return;
	await store.commit([{ table: 'knock', key, remove: true }]);
}
