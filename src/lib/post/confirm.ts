/** The word that what a notice announced is here, or refused, to the office that repeats it. */

import { equal } from '../wire/bytes.ts';
import type { Refusal } from '../wire/refusal.ts';
import type { Account } from './account.ts';
import { knockKey } from './notice.ts';
import { endOwed, oweWord } from './parcel-words.ts';
import type { Desk, Signalled } from './ports.ts';
import { sealReceipt, type ReceiptWord } from './receipt.ts';
import type { KnockRecord } from './records.ts';

/** The office has nothing to end: it forgot the notice, or has a newer one, which is still to come. */
const NOTHING_TO_END: readonly Refusal[] = ['not-found', 'older-than-known'];

/**
 * Ends the sender's repeats. The knock is forgotten only after the office has taken the word; one
 * that has taken its place meanwhile announces more, and stays. False: the office took no word now.
 */
export async function confirm(
	desk: Desk,
	account: Account,
	knock: KnockRecord,
	word: ReceiptWord,
	options: Signalled
): Promise<boolean> {
	if (knock.enclosed !== undefined) await oweWord(desk, knock, word);
	const office = knock.holders[0];
	if (office !== undefined) {
		const receipt = await sealReceipt(desk, account, knock, word);
		// Alone, `done` says that it was delivered.
		if (receipt === null && word.state === 'refused') return false;
		const { done, hash } = knock;
		const said = { done, hash, ...(receipt && { receipt }) };
		const heard = await desk.offices(office).done(said, options);
		if (!heard.ok && !NOTHING_TO_END.includes(heard.reason)) return false;
		if (heard.ok) await endOwed(desk, knock.from, knock);
	}
	const key = knockKey(knock);
	await desk.store.update('knock', key, (row) => {
		if (row === null) return [];
		const left = without(row, knock.hash);
		return left === null
			? [{ table: 'knock', key, remove: true }]
			: [{ table: 'knock', key, put: left }];
	});
	return true;
}

/** What still waits under this knock. */
function without(row: KnockRecord, hash: Uint8Array): KnockRecord | null {
	const beside = (row.beside ?? []).filter((other) => !equal(other.hash, hash));
	if (!equal(row.hash, hash)) return { ...row, beside };
	const [next, ...rest] = beside;
	return next === undefined ? null : { ...row, ...next, beside: rest };
}
