/**
 * "On the record" (protocol §3): the card key's signature over what the message says, which convinces
 * outsiders. It covers neither parents nor epoch nor the messages that it answers, so that it can be
 * shown without anything off the record.
 *
 * signed = on-record label ‖ [version, thread, writer's root, said]; `said` = the message's fields
 * without `answers` and `blind`, each attachment reduced to its name, type, size and SHA-256.
 */

import type { CID } from 'multiformats/cid';
import type { Signer, Verifier } from '../crypto/suite.ts';
import { VERSION } from '../wire/codec.ts';
import { LABELS, labelled } from '../wire/labels.ts';
import type { Mail, Party } from '../wire/mail.ts';
import type { Proof, Said, Testimony } from '../wire/record.ts';
import type { ListedIdentity } from './list.ts';

/** Whether a message is on the record, and then all that proves it besides its mail. */
export type OnRecord =
	| { readonly kind: 'off' }
	/** It carries a signature, which is not its writer's: of a faulty program, or made to deceive. */
	| { readonly kind: 'wrong' }
	| { readonly kind: 'on'; readonly testimony: Testimony };

export const OFF_RECORD: OnRecord = { kind: 'off' };

export function signOnRecord(cardKey: Signer, thread: CID, mail: Mail): Promise<Uint8Array> {
	return cardKey.sign(toSign({ thread, said: saidIn(mail) }));
}

/** Did this card key sign it? Whose key it is, is for the caller to know. */
export function isSignedOnRecord(
	verifier: Pick<Verifier, 'verify'>,
	card: Uint8Array,
	proof: Pick<Proof, 'thread' | 'said' | 'sig'>
): Promise<boolean> {
	return verifier.verify(card, toSign(proof), proof.sig);
}

/** @param identities those of the writer that the thread's member lists name; one must have signed */
export async function recordOf(
	verifier: Pick<Verifier, 'verify'>,
	thread: CID,
	identities: readonly ListedIdentity[],
	{ mail, record: sig }: { readonly mail: Mail; readonly record?: Uint8Array | undefined }
): Promise<OnRecord> {
	if (sig === undefined) return OFF_RECORD;
	const said = saidIn(mail);
	for (const { record, recordBytes, cardBytes } of identities) {
		if (await isSignedOnRecord(verifier, record.card, { thread, said, sig })) {
			return { kind: 'on', testimony: { sig, record: recordBytes, card: cardBytes } };
		}
	}
	return { kind: 'wrong' };
}

/** What of a mail the signature covers. */
export function saidIn({ from, to, cc, subject, date, text, html, attachments }: Mail): Said {
	return {
		from: toParty(from),
		to: to.map(toParty),
		cc: cc.map(toParty),
		subject,
		date,
		text,
		...(html !== undefined && { html }),
		attachments: attachments.map(({ name, type, size, sha256 }) => ({ name, type, size, sha256 }))
	};
}

function toParty({ root, name }: Party) {
	return { root, name };
}

function toSign({ thread, said }: Pick<Proof, 'thread' | 'said'>): Uint8Array {
	return labelled(LABELS.onRecord, VERSION, thread, said.from.root, { ...said });
}
