/** A new draft: whom it goes to, its subject, and for a forwarded message its text. */

import type { DraftOrigin, ForwardHead } from '../app/view.ts';
import { answerSubject, fitSubject } from '../post/compose.ts';
import { addressOf } from '../post/ordinary.ts';
import type { Ground } from '../post/ports.ts';
import type { DraftRecord, MessageRecord, ThreadRecord } from '../post/records.ts';
import { toHex, utf8 } from '../wire/bytes.ts';
import type { Address } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Party } from '../wire/mail.ts';
import { toShownDate } from './dates.ts';
import { readHandedLink, type Handed } from './handed.ts';
import { holderOf, nameForOthers, partyToPerson, type People } from './people.ts';
import { signatureLines, type Signature } from './signature.ts';

/**
 * `answered`: the message that the origin names; null where it is gone, then the draft is a new one.
 * `gone`: who has left its thread or was removed since; an answer to all would add them again.
 */
export function newDraft(
	ground: Pick<Ground, 'random' | 'now'>,
	people: People,
	origin: DraftOrigin,
	answered: MessageRecord | null,
	{ gone = NOBODY, signature, isPlain = false }: DraftOptions = {}
): DraftRecord {
	const draft = unsigned(ground, people, origin, answered, gone);
	const lines = signatureLines(signature, draft.kind);
	const written = lines.join('\n').trimStart();
	return {
		...{ ...draft, ...signed(draft, lines) },
		...(isPlain && { isPlain }),
		...(lines.length > 0 && { signature: written })
	};
}

interface DraftOptions {
	readonly gone?: ReadonlySet<Address>;
	readonly signature?: Signature | undefined;
	readonly isPlain?: boolean;
}

function unsigned(
	{ random, now }: Pick<Ground, 'random' | 'now'>,
	people: People,
	origin: DraftOrigin,
	answered: MessageRecord | null,
	gone: ReadonlySet<Address>
): DraftRecord {
	const base: DraftRecord = {
		id: toHex(random(16)),
		kind: 'new',
		...startOf(origin),
		files: [],
		savedAt: now()
	};
	if (origin.kind === 'new' || origin.kind === 'link' || answered === null) return base;
	const { thread, id, legacy } = answered;
	// What was brought from elsewhere has ids made of what it says, which nobody is to learn.
	const names = legacy === undefined ? { thread, answers: id } : {};
	const named = { ...base, kind: origin.kind, ...names };
	return origin.kind === 'forward'
		? { ...named, ...forwardOf(people, answered, origin.head) }
		: { ...named, ...answerTo(people, answered, origin.kind === 'replyAll', gone) };
}

/** Below what is written, and above what is forwarded: the cursor stands before it. */
function signed({ kind, html, text }: DraftRecord, lines: readonly string[]) {
	if (lines.length === 0) return { html, text };
	// Editors take a space from the end of a line, unless it is one that does not break.
	const below = textToHtml(lines.join('\n')).replace('<div>-- </div>', '<div>--&nbsp;</div>');
	if (kind === 'forward') {
		return { html: `<div><br></div>${below}${html}`, text: ['', ...lines, text].join('\n') };
	}
	return { html: `${html || '<div><br></div>'}${below}`, text: [text, ...lines].join('\n') };
}

/** What stands in a new draft before its writer has typed; subjects of others may be of any length. */
function startOf(origin: DraftOrigin) {
	const given = origin.kind === 'link' ? readHandedLink(origin.link) : origin;
	if (given === null || 'threadId' in given) return EMPTY;
	const {
		to,
		cc = [],
		bcc = [],
		subject = '',
		text = ''
	}: Partial<Handed> & { to: readonly string[] } = { ...given };
	return {
		to,
		cc,
		bcc,
		subject: fitSubject(subject),
		text,
		html: text === '' ? '' : textToHtml(text)
	};
}

const EMPTY = { to: [], cc: [], bcc: [], subject: '', text: '', html: '' };
const NOBODY: ReadonlySet<Address> = new Set();

export function goneFrom({ circle, members }: ThreadRecord): ReadonlySet<Address> {
	const gone = new Set((circle?.events ?? []).flatMap((event) => event.gone));
	for (const address of members) gone.delete(address);
	return gone;
}

/** A blind recipient answers the writer alone (protocol §4); an answer to oneself goes where it went. */
function answerTo(
	people: People,
	{ mail, from, isMine }: MessageRecord,
	isToAll: boolean,
	gone: ReadonlySet<Address>
) {
	const text = toText(people);
	const others = (parties: readonly Party[], taken: ReadonlySet<Address>) =>
		parties.filter((party) => !taken.has(holderOf(people, addressOf(party))));
	const me = new Set([people.me.address]);
	const subject = answerSubject(mail.subject);
	const isBlind = mail.blind === true && !isMine;
	// Whoever answers the writer alone has chosen whom, gone or not.
	if (!isMine && (!isToAll || isBlind)) return { subject, to: [text(mail.from)] };
	const first = isMine ? [] : [mail.from];
	const to = [...first, ...others(mail.to, new Set([...me, from]))];
	const taken = new Set([...me, ...to.map(addressOf)]);
	const cc = isToAll || to.length === 0 ? others(mail.cc, taken) : [];
	const staying = { to: others(to, gone), cc: others(cc, gone) };
	const isAnybodyLeft = staying.to.length + staying.cc.length > 0;
	const all = isAnybodyLeft ? staying : { to, cc };
	return { subject, to: all.to.map(text), cc: all.cc.map(text) };
}

function toText(people: People): (party: Party) => string {
	return (party) => {
		const { name, address } = partyToPerson(people, party);
		return formatRecipient(name, address);
	};
}

/** As `readRecipient` reads it back. */
export function formatRecipient(name: string, address: string): string {
	const plain = name.replace(/["<>]+/g, ' ').trim();
	return plain === '' ? address : `"${plain}" <${address}>`;
}

/** Of HTML, beside which its text stands, and what somebody writes above it. */
const LONGEST_QUOTE_BYTES = LIMITS.contentBytes / 2;

/** Where nobody says it in another language. */
const ENGLISH: ForwardHead = {
	title: 'Forwarded message',
	from: (name) => `From: ${name}`,
	date: (at) => `Date: ${new Date(at).toUTCString()}`,
	to: (names) => `To: ${names.join(', ')}`,
	subject: (subject) => `Subject: ${subject}`
};

function forwardOf(people: People, { mail }: MessageRecord, words = ENGLISH) {
	const head = [
		words.title,
		words.from(nameForOthers(people, mail.from)),
		words.date(toShownDate(mail.date)),
		words.to([...mail.to, ...mail.cc].map((party) => nameForOthers(people, party))),
		words.subject(mail.subject)
	];
	// Ordinary mail may be far longer than one of ours (`LIMITS.contentBytes`): then its text goes alone.
	const isLong = mail.html !== undefined && utf8(mail.html).length > LONGEST_QUOTE_BYTES;
	const quoted = isLong || mail.html === undefined ? textToHtml(mail.text) : mail.html;
	return {
		subject: fitSubject(/^fwd?:/i.test(mail.subject) ? mail.subject : `Fwd: ${mail.subject}`),
		html: `<div><br></div>${head.map((line) => `<div>${escapeHtml(line)}</div>`).join('')}<blockquote>${quoted}</blockquote>`,
		text: ['', '', ...head, '', ...mail.text.split('\n').map((line) => `> ${line}`)].join('\n')
	};
}

function textToHtml(text: string): string {
	return text
		.split('\n')
		.map((line) => `<div>${line === '' ? '<br>' : escapeHtml(line)}</div>`)
		.join('');
}

function escapeHtml(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
