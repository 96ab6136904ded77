/** Knocking: which slot of a recipient to use, and the sealed notice for it (protocol §6.3, §6.7). */

import { sha256 } from '@noble/hashes/sha2.js';
import { sealEnvelope } from '../crypto/envelope.ts';
import { utf8 } from '../wire/bytes.ts';
import type { Card } from '../wire/identity.ts';
import { cidToEntryId, idToCid, type EntryId } from '../wire/ids.ts';
import { isOfficeUrl } from '../wire/invite.ts';
import { LIMITS } from '../wire/limits.ts';
import { encodeObject } from '../wire/office.ts';
import type { Account } from './account.ts';
import { findCorrespondent, type Correspondent } from './contacts.ts';
import type { Desk, Signalled } from './ports.ts';
import { updateKnock } from './progress.ts';
import type { ContactRecord, KnockOut, OutboxRecord } from './records.ts';

export interface KnockPlan {
	readonly contact: ContactRecord;
	readonly card: Card;
	/** The member's slot for the thread, where an entry shows that it is registered. */
	readonly threadSlot: Uint8Array | null;
	/** The secret of my notices about this thread to this recipient. */
	readonly done: Uint8Array;
}

/** Their slot for me, else the thread's, else the public one with the token of their invite. */
export function planKnock({ contact, card, threadSlot, done }: KnockPlan): KnockOut {
	const office = card.offices[0];
	const isPublic = contact.writeTo === undefined && threadSlot === null;
	const slot = contact.writeTo ?? threadSlot ?? office?.slot ?? new Uint8Array(32);
	return {
		to: contact.address,
		url: office?.url ?? '',
		slot,
		...(isPublic && contact.token !== undefined && { token: contact.token }),
		isPublic,
		done,
		knock: Uint8Array.from(sha256(done)),
		state: 'waiting'
	};
}

/**
 * The knock with its notice sealed, and stored so. `null` while the recipient's card is not to be
 * had, or names no post office: it then waits for a direct connection.
 */
export async function sealKnock(
	desk: Desk,
	account: Account,
	outboxId: string,
	knock: KnockOut,
	options: Signalled
): Promise<(KnockOut & { readonly sealed: Uint8Array }) | null> {
	const { sealed } = knock;
	// An office refuses a send to what is no office: one such card would hold up the whole outbox.
	if (!isOfficeUrl(knock.url)) return null;
	if (sealed !== undefined) return { ...knock, sealed };
	const record = await desk.store.get('outbox', [outboxId]);
	const recipient = await findCorrespondent(desk, knock.to, [knock.url], options);
	if (record === null || recipient === null) return null;
	const notice = await sealNotice(desk, account, record, knock, recipient);
	if (notice === null) return null;
	const added = { sealed: notice, pair: recipient.keys.pair };
	await updateKnock(desk, outboxId, knock.to, (each) => ({ ...each, ...added }));
	return { ...knock, ...added };
}

/** 4,096 bytes; `null` where the recipient's keys are none. */
export async function sealNotice(
	desk: Desk,
	account: Account,
	record: Announced,
	knock: KnockOut,
	recipient: Correspondent
): Promise<Uint8Array | null> {
	const head = record.entries.at(-1) ?? firstEntry(record);
	const payload = encodeObject('notice', {
		id: desk.random(16),
		thread: idToCid(record.thread),
		epoch: idToCid(record.epoch),
		heads: [idToCid(head)],
		holders: account.record.office === '' ? [] : [account.record.office],
		done: knock.done,
		record: account.record.record,
		card: account.record.card,
		token: knock.token,
		intro: knock.isPublic ? cutIntroduction(record.introduction) : undefined,
		ends: record.ends,
		ended: record.ended?.map((each) => ({ ...each }))
	});
	const sealed = await sealEnvelope(desk, {
		purpose: 'notice',
		recipient: {
			root: recipient.root,
			prekey: recipient.card.prekey,
			xwing: recipient.keys.xwing
		},
		sender: account.sender,
		context: noticeContext(knock.slot, knock.knock),
		payload
	});
	return sealed.ok ? sealed.value : null;
}

type Announced = Pick<
	OutboxRecord,
	'thread' | 'epoch' | 'entries' | 'introduction' | 'ends' | 'ended'
>;

/** What has nothing new to fetch names what its reader surely has: a thread's id is its first entry's. */
function firstEntry({ thread }: Announced): EntryId {
	return cidToEntryId(idToCid(thread));
}

/** A notice opens only in the slot and for the knock for which it was sealed. */
export function noticeContext(slot: Uint8Array, knock: Uint8Array): readonly Uint8Array[] {
	return [slot, knock];
}

/** At most 280 bytes, cut between characters. */
export function cutIntroduction(text: string): string {
	let cut = '';
	let size = 0;
	for (const character of text.slice(0, LIMITS.introductionBytes).replace(/\s+/g, ' ').trim()) {
		size += utf8(character).length;
		if (size > LIMITS.introductionBytes) break;
		cut += character;
	}
	return cut;
}
