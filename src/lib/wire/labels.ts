/**
 * Every domain-separation label, in one place, so that no two uses can share one (protocol §1, §8.2).
 * An input is `"defms/1/" ‖ purpose ‖ 0x00 ‖ canonical DAG-CBOR array of the context`.
 */

import { concat, utf8 } from './bytes.ts';
import { encodePlain, type Plain } from './codec.ts';

const PREFIX = 'defms/1/';

export const LABELS = {
	/** Phrase → root key. Context: index. */
	root: 'root',
	/** Phrase → backup keys (later). Context: index, root sequence. */
	backupSeal: 'backup/seal',
	backupSign: 'backup/sign',
	/** Ed25519 signatures over objects without their `sig` field. */
	rootRecord: 'root-record',
	card: 'card',
	entrySignature: 'entry',
	onRecord: 'on-record',
	certificate: 'certificate',
	enrolment: 'enrolment',
	request: 'request',
	/** HPKE `info` of envelopes to a person; the purpose follows the label. */
	wrap: 'envelope/wrap',
	notice: 'envelope/notice',
	receipt: 'envelope/receipt',
	parcel: 'envelope/parcel',
	/** DH authenticator of envelopes, of writer keys, and the proof between peers. */
	authenticator: 'authenticator',
	writerAuthenticator: 'writer-authenticator',
	proof: 'proof',
	/** Thread secrets. */
	entryBody: 'body',
	epochList: 'list',
	epochListBody: 'list-body',
	epochCommit: 'commit',
	listCommit: 'list-commit',
	wrapHint: 'hint',
	joinKey: 'join-key',
	joinSeed: 'join-seed',
	/** This device's writer key of one thread, from its writer secret. Context: salt of the first epoch. */
	writerKey: 'writer-key',
	/** Secret of a letter link → keys of its seat. Context: which key. */
	letterSeat: 'letter-seat',
	/** Sync session keys and blinded tags. */
	syncTag: 'sync-tag',
	/** At rest. */
	vault: 'vault'
} as const;

export type Label = (typeof LABELS)[keyof typeof LABELS];

const prefixes = new Map<Label, Uint8Array>();

/** The bytes of a label with its context, as they enter HKDF, HPKE, HMAC and Ed25519. */
export function labelled(label: Label, ...context: readonly Plain[]): Uint8Array<ArrayBuffer> {
	const prefix = prefixes.get(label) ?? concat(utf8(`${PREFIX}${label}`), Uint8Array.of(0));
	prefixes.set(label, prefix);
	return encodePlain(context, prefix);
}
