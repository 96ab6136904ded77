/** A stored message → what search knows of it. */

import type { MessageRecord } from '../post/records.ts';
import { isShown } from '../post/digest.ts';
import type { MessageId, ThreadId } from '../wire/ids.ts';
import { addressOf, isOrdinary } from '../post/ordinary.ts';
import type { Party } from '../wire/mail.ts';
import { fold } from './fold.ts';
import type { Field, Flag } from './query.ts';

export interface SearchDocument {
	readonly thread: ThreadId;
	readonly id: MessageId;
	/** Its place in time, Unix ms: by it hits are sorted and dates compared. */
	readonly order: number;
	/** Of text and files, bytes. */
	readonly size: number;
	readonly flags: readonly Flag[];
	/** The texts of each field, folded. */
	readonly texts: Readonly<Record<Field, readonly string[]>>;
}

/** Is there anything of it to be found? */
export function isFindable(message: MessageRecord): boolean {
	return !isOver(message) && isShown(message);
}

/** What ended or was taken back says nothing any more. */
function isOver({ endedAt, isWithdrawn }: MessageRecord): boolean {
	return endedAt !== undefined || isWithdrawn === true;
}

/** It is refused; that may change when more of its thread is here. */
export function isHeldBack(message: MessageRecord): boolean {
	return !isOver(message) && !isShown(message);
}

export function toDocument(message: MessageRecord): SearchDocument {
	const { mail, bcc } = message;
	const from = partyTexts(mail.from);
	const cc = [...mail.cc, ...bcc].map(partyTexts);
	const to = [...mail.to.map(partyTexts), ...cc];
	const names = [from, ...to].flatMap(({ name, plain }) => [name, plain]);
	const subject = fold(mail.subject);
	const files = mail.attachments.map(({ name }) => fold(name));
	return {
		thread: message.thread,
		id: message.id,
		order: message.order,
		size: mail.text.length + mail.attachments.reduce((sum, { size }) => sum + size, 0),
		flags: flagsOf(message),
		texts: {
			any: [fold(mail.text), subject, ...names, ...files],
			from: both(from),
			to: to.flatMap(both),
			cc: cc.flatMap(both),
			subject: [subject],
			filename: files
		}
	};
}

/** An address of ours is for `from:` and `to:` alone: all begin alike, and "k" would find everybody. */
function partyTexts(party: Party) {
	const address = fold(addressOf(party));
	return { name: fold(party.name), address, plain: isOrdinary(address) ? address : '' };
}

function both({ name, address }: { readonly name: string; readonly address: string }): string[] {
	return [name, address];
}

const LINK = /https?:\/\//i;

function flagsOf({ mail, isMine, isOnRecord }: MessageRecord): Flag[] {
	const flags = new Set<Flag>();
	for (const { type } of mail.attachments) {
		flags.add('attachment');
		const [kind] = type.split('/');
		if (kind === 'image' || kind === 'video' || kind === 'audio') flags.add(kind);
		if (type === 'application/pdf') flags.add('pdf');
	}
	if (LINK.test(mail.text)) flags.add('link');
	if (isMine) flags.add('sent');
	if (isOnRecord) flags.add('record');
	return [...flags];
}
