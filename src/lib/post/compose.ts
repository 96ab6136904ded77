/** Draft → mail: the fields of RFC 5322 §3.6 as everybody in To and Cc sees them. */

import { fitsArchive } from '../threads/archive.ts';
import { oddityOf } from '../threads/ends.ts';
import { utf8 } from '../wire/bytes.ts';
import { idToCid, messageIdToBytes, parseBlockId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Attachment, Mail, Party } from '../wire/mail.ts';
import type { Account } from './account.ts';
import type { Addressee, Field } from './addressing.ts';
import type { Clock } from './ports.ts';
import type { DraftEnd, DraftFile, DraftRecord } from './records.ts';

export type ComposeProblem =
	| { readonly kind: 'too-large'; readonly limitBytes: number }
	| { readonly kind: 'subject-too-long' }
	| { readonly kind: 'attachment-not-ready'; readonly name: string }
	/** It lies in the past, or beyond the year 9999. */
	| { readonly kind: 'impossible-end' };

export type Composed =
	| { readonly ok: true; readonly mail: Mail }
	| { readonly ok: false; readonly problem: ComposeProblem };

export function composeMail(
	{ now }: { readonly now: Clock },
	account: Account,
	draft: DraftRecord,
	{ others, includesMe }: { readonly others: readonly Addressee[]; readonly includesMe: boolean }
): Composed {
	const subject = toLine(draft.subject);
	const text = withoutMark(draft.text);
	const html = draft.isPlain === true ? '' : withoutMark(draft.html);
	if (utf8(subject).length > LIMITS.subjectBytes) {
		return { ok: false, problem: { kind: 'subject-too-long' } };
	}
	const content = utf8(text).length + utf8(html).length;
	if (content > LIMITS.contentBytes) return tooLarge(LIMITS.contentBytes);
	if (draft.files.length > LIMITS.attachments) return tooLarge(LIMITS.contentBytes);
	const waiting = draft.files.find((file) => file.sealed === undefined);
	if (waiting !== undefined) {
		return { ok: false, problem: { kind: 'attachment-not-ready', name: waiting.name } };
	}
	const date = now();
	const ends = toEnd(draft.ends, date);
	const all = [ends, toEnd(draft.threadEnds, date)];
	if (all.some((each) => oddityOf({ date, ...(each !== undefined && { ends: each }) }) !== null)) {
		return { ok: false, problem: { kind: 'impossible-end' } };
	}
	const me = { root: account.root, name: withoutMark(account.record.name) };
	const to = partiesIn('to', others);
	const mail: Mail = {
		from: me,
		to: includesMe ? [...to, me] : to,
		cc: partiesIn('cc', others),
		subject,
		date,
		text,
		...(html !== '' && { html }),
		attachments: draft.files.flatMap(toAttachment),
		answers: draft.answers === undefined ? [] : [messageIdToBytes(draft.answers)],
		...(ends !== undefined && { ends })
	};
	return fitsArchive({ root: account.root, mail })
		? { ok: true, mail }
		: tooLarge(LIMITS.bodyBytes);
}

function toEnd(ends: DraftEnd | undefined, date: number): number | undefined {
	if (ends === undefined) return undefined;
	return 'at' in ends ? ends.at : date + ends.after;
}

function tooLarge(limitBytes: number): Composed {
	return { ok: false, problem: { kind: 'too-large', limitBytes } };
}

function partiesIn(field: Field, others: readonly Addressee[]): Party[] {
	return others.filter((each) => each.field === field).map(({ who }) => toParty(who));
}

export function toParty({
	root,
	contact
}: {
	readonly root: Uint8Array;
	readonly contact: { readonly name: string };
}): Party {
	return { root, name: withoutMark(contact.name) };
}

function toAttachment({ name, type, size, sealed }: DraftFile): Attachment[] {
	const manifest = sealed === undefined ? null : parseBlockId(sealed.manifest);
	if (sealed === undefined || manifest === null) return [];
	const { key, sha256 } = sealed;
	const fields = {
		name: cut(withoutMark(name), LIMITS.fileNameBytes),
		type: cut(withoutMark(type), LIMITS.mediaTypeBytes)
	};
	return [{ ...fields, size, sha256, key, manifest: idToCid(manifest) }];
}

/**
 * Without a byte order mark before it, as texts from files have: no reader takes one there (PROTOCOL.md
 * §1), for decoders swallow it, and it says nothing. Inside a text it stays.
 */
function withoutMark(text: string): string {
	return text.replace(/^\uFEFF+/, '');
}

/** A subject is one line (RFC 5322 §2.1.1). */
function toLine(subject: string): string {
	return subject.replace(/\s+/g, ' ').trim();
}

function cut(text: string, maxBytes: number): string {
	let shortened = text.slice(0, maxBytes);
	while (utf8(shortened).length > maxBytes) shortened = shortened.slice(0, -1);
	return shortened.replace(/[\uD800-\uDBFF]$/, '');
}

/** `Re:` once, whatever the number of answers (RFC 5322 §3.6.5). */
export function answerSubject(subject: string): string {
	return /^re:/i.test(subject) ? subject : fitSubject(`Re: ${subject}`);
}

/** What we put before a subject must not make it too long: its writer has no way to shorten it. */
export function fitSubject(subject: string): string {
	return cut(subject, LIMITS.subjectBytes);
}
