/**
 * Listening at the own post office: knocks come in, the fate of own knocks comes back. One pass ends
 * when the office ends it; the leader starts the next.
 */

import { equal } from '../wire/bytes.ts';
import type { Knocked, Sent } from '../wire/office.ts';
import type { Address } from '../wire/ids.ts';
import { accept, isRefusal, type Result } from '../wire/refusal.ts';
import type { Account } from './account.ts';
import { putContact, refreshCorrespondent } from './contacts.ts';
import { forgetSpent } from './spent.ts';
import { sealNotice } from './knock.ts';
import { takeKnock } from './notice.ts';
import { takeBackLost } from './pending.ts';
import type { Desk, Signalled } from './ports.ts';
import { recordRefused, recordSent, recordUnread, updateKnock } from './progress.ts';
import { openReceipt, type OpenedReceipt } from './receipt.ts';
import type { KnockOut, KnockRecord, OutboxRecord } from './records.ts';
import { atOwnOffice, type Counter } from './registration.ts';
import { comparePairs } from '../wire/identity.ts';

export interface ListenOptions extends Signalled {
	/** Ends when all that waits at the office was said. */
	readonly once: boolean;
	/** The office answered: from now on its word is current. */
	readonly onOpen?: () => void;
	/** A knock stands in storage now; collect it, or show the request. */
	readonly onKnock: (knock: KnockRecord) => void;
	/** The outbox has work again: a card changed under a sealed notice, or the office lost one. */
	readonly onOutbox?: () => void;
}

/** Throws `Unreachable` where the office is or becomes so. */
export function listen(
	desk: Desk,
	account: Account,
	options: ListenOptions
): Promise<Result<null>> {
	return atOwnOffice(
		desk,
		account,
		async (counter) => {
			const { signal, once, onOpen } = options;
			const events = counter.office.events(counter.account, { once, ...(signal && { signal }) });
			onOpen?.();
			await forgetSpent(desk, counter, options);
			if (await takeBackLost(desk, counter, options)) options.onOutbox?.();
			for await (const event of events) {
				if (event.t === 'knocked') await takeKnocked(desk, account, counter, event, options);
				else await takeSent(desk, account, counter, event, options);
			}
			return accept(null);
		},
		options
	);
}

/** Durable here first, deleted there second: a crash between the two only repeats the first. */
async function takeKnocked(
	desk: Desk,
	account: Account,
	{ office, account: signer }: Counter,
	knocked: Knocked,
	options: ListenOptions
): Promise<void> {
	const record = await takeKnock(desk, account, knocked);
	await office.deleteNotices(signer, [knocked.hash], options);
	if (record !== null) options.onKnock(record);
}

async function takeSent(
	desk: Desk,
	account: Account,
	{ office, account: signer }: Counter,
	sent: Sent,
	options: ListenOptions
): Promise<void> {
	if (sent.state === 'done') {
		if (await takeReceipt(desk, account, sent, options)) options.onOutbox?.();
		await office.forget(signer, [sent.knock], options);
		return;
	}
	await recordSent(desk, sent);
	if (await sealAgainIfOlder(desk, account, sent, options)) options.onOutbox?.();
}

/**
 * A `done` alone proves delivery. A receipt that cannot be read beside it may say that all was refused:
 * the recipient is asked again, once. True: the outbox has work again.
 */
async function takeReceipt(
	desk: Desk,
	account: Account,
	sent: Sent,
	options: Signalled
): Promise<boolean> {
	if (sent.receipt !== undefined) {
		const said = await readReceipt(desk, account, sent, sent.receipt, options);
		if (said === null && (await recordUnread(desk, sent))) return true;
		if (said?.receipt.state === 'refused') {
			const { reason } = said.receipt;
			const isKnown = reason !== undefined && isRefusal(reason);
			return recordRefused(desk, sent, isKnown ? reason : 'not-allowed');
		}
		if (said !== null) await learnSlot(desk, said.from, said.receipt.slot);
	}
	await recordSent(desk, sent);
	return false;
}

/** `null`: it is for another, damaged, or of somebody else. */
async function readReceipt(
	desk: Desk,
	account: Account,
	sent: Sent,
	sealed: Uint8Array,
	options: Signalled
): Promise<OpenedReceipt | null> {
	const recipients = await recipientsOf(desk, sent);
	const open = async () => {
		const opened = await openReceipt(desk, account, sent.knock, sealed);
		return opened.ok && recipients.includes(opened.value.from) ? opened.value : null;
	};
	const word = await open();
	if (word !== null) return word;
	// It may be under a newer card than the one that is known here.
	for (const address of recipients) {
		const contact = await desk.store.get('contact', [address]);
		if (contact !== null) await refreshCorrespondent(desk, contact, options);
	}
	return open();
}

async function recipientsOf(desk: Desk, sent: Sent): Promise<readonly Address[]> {
	const records = await desk.store.list('outbox');
	return records.flatMap(({ knocks }) =>
		knocks.filter(({ knock }) => equal(knock, sent.knock)).map(({ to }) => to)
	);
}

export async function learnSlot(
	desk: Desk,
	address: KnockOut['to'],
	slot: Uint8Array | undefined
): Promise<void> {
	if (slot === undefined) return;
	await desk.store.update('contact', [address], (contact) =>
		contact === null ? [] : [putContact({ ...contact, writeTo: slot })]
	);
}

/** The recipient has a newer card than the one to which the notice is sealed: seal it again. */
async function sealAgainIfOlder(
	desk: Desk,
	account: Account,
	sent: Sent,
	options: Signalled
): Promise<boolean> {
	const { rootSeq, seq } = sent;
	if (rootSeq === undefined || seq === undefined) return false;
	let isSealedAgain = false;
	for (const record of await desk.store.list('outbox')) {
		const knock = record.knocks.find((each) => equal(each.knock, sent.knock));
		if (knock?.pair === undefined || comparePairs({ rootSeq, seq }, knock.pair) <= 0) continue;
		isSealedAgain = (await sealAgain(desk, account, record, knock, options)) || isSealedAgain;
	}
	return isSealedAgain;
}

async function sealAgain(
	desk: Desk,
	account: Account,
	record: OutboxRecord,
	knock: KnockOut,
	options: Signalled
): Promise<boolean> {
	const contact = await desk.store.get('contact', [knock.to]);
	const recipient = contact === null ? null : await refreshCorrespondent(desk, contact, options);
	if (recipient === null || knock.pair === undefined) return false;
	if (comparePairs(recipient.keys.pair, knock.pair) <= 0) return false;
	const sealed = await sealNotice(desk, account, record, knock, recipient);
	if (sealed === null) return false;
	const again = { sealed, pair: recipient.keys.pair, state: 'waiting' } as const;
	await updateKnock(desk, record.id, knock.to, (each) => ({ ...each, ...again }));
	return true;
}
