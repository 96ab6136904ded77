/**
 * "On the record" (protocol §3): the card key's signature over what the message says, which convinces
 * outsiders. It covers neither parents nor epoch nor the messages that it answers, so that it can be
 * shown without anything off the record.
 *
 * signed = on-record label ‖ [version, thread, writer's root, mail]; `mail` = the message's fields
 * without `answers` and `blind`, each attachment reduced to its name, type, size and SHA-256.
 */

import type { CID } from 'multiformats/cid';
import type { Signer, Suite } from '../crypto/suite.ts';
import type { MessageBody } from '../wire/body.ts';
import { VERSION } from '../wire/codec.ts';
import { LABELS, labelled } from '../wire/labels.ts';
import type { Mail, Party } from '../wire/mail.ts';

export function signOnRecord(cardKey: Signer, thread: CID, mail: Mail): Promise<Uint8Array> {
	return cardKey.sign(toSign(thread, mail));
}

/** @param card 32 bytes: the card key that the writer's root record named at that point */
export async function recordOf(
	suite: Suite,
	thread: CID,
	card: Uint8Array,
	{ mail, record }: MessageBody
): Promise<'off' | 'on' | 'wrong'> {
	if (record === undefined) return 'off';
	return (await suite.verify(card, toSign(thread, mail), record)) ? 'on' : 'wrong';
}

function toSign(thread: CID, mail: Mail): Uint8Array {
	const { from, to, cc, subject, date, text, html, attachments } = mail;
	return labelled(LABELS.onRecord, VERSION, thread, from.root, {
		from: party(from),
		to: to.map(party),
		cc: cc.map(party),
		subject,
		date,
		text,
		html,
		attachments: attachments.map(({ name, type, size, sha256 }) => ({ name, type, size, sha256 }))
	});
}

function party({ root, name }: Party) {
	return { root, name };
}
