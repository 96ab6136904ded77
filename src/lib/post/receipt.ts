/** Receipts: the recipient's sealed confirmation, 1,536 bytes (protocol §6.5). */

import { openEnvelope, sealEnvelope, vouch } from '../crypto/envelope.ts';
import { cidToEntryId, idToCid, rootKeyToAddress, type Address } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { receiptDecoder, type Receipt } from '../wire/notice.ts';
import { encodeObject } from '../wire/office.ts';
import { accept, refuse, type Refusal, type Result } from '../wire/refusal.ts';
import type { Account } from './account.ts';
import { cardsOf, findCorrespondent } from './contacts.ts';
import type { Desk } from './ports.ts';
import type { KnockRecord } from './records.ts';
import { slotIdOf } from './registration.ts';

export type ReceiptWord =
	{ readonly state: 'delivered' } | { readonly state: 'refused'; readonly reason: Refusal };

/** `null` where the writer's keys are not to be had: a presented `done` alone proves delivery. */
export async function sealReceipt(
	desk: Desk,
	account: Account,
	knock: Pick<KnockRecord, 'from' | 'heads' | 'knock' | 'holders'>,
	word: ReceiptWord
): Promise<Uint8Array | null> {
	const writer = await findCorrespondent(desk, knock.from, knock.holders);
	if (writer === null) return null;
	const { tier, mySlot } = writer.contact;
	const isTold = tier === 'known' || tier === 'trusted';
	const payload = encodeObject('receipt', {
		heads: knock.heads.slice(0, LIMITS.receiptHeads).map(idToCid),
		state: word.state,
		...(word.state === 'refused' ? { reason: word.reason } : isTold && { slot: slotIdOf(mySlot) })
	});
	const sealed = await sealEnvelope(desk, {
		purpose: 'receipt',
		recipient: { root: writer.root, prekey: writer.card.prekey, xwing: writer.keys.xwing },
		sender: account.sender,
		context: [knock.knock],
		payload
	});
	return sealed.ok ? sealed.value : null;
}

export interface OpenedReceipt {
	readonly from: Address;
	readonly heads: readonly string[];
	readonly receipt: Receipt;
}

/** Refuses `no-wrap-for-me`, what the decoders refuse, and a writer who is no contact. */
export async function openReceipt(
	desk: Desk,
	account: Account,
	knock: Uint8Array,
	sealed: Uint8Array
): Promise<Result<OpenedReceipt>> {
	const opened = await openEnvelope(desk.suite, account.reader, 'receipt', [knock], sealed);
	if (opened === null) return refuse('no-wrap-for-me');
	if (!opened.ok) return opened;
	const from = rootKeyToAddress(opened.value.root);
	const contact = await desk.store.get('contact', [from]);
	const writer = contact === null ? null : cardsOf(contact);
	if (writer === null) return refuse('unknown-writer');
	const vouched = vouch(opened.value, writer.card);
	if (!vouched.ok) return vouched;
	const receipt = receiptDecoder.decode(vouched.value.payload);
	if (!receipt.ok) return receipt;
	return accept({ from, heads: receipt.value.heads.map(cidToEntryId), receipt: receipt.value });
}
