/**
 * The bytes of a mail → what the mailbox shows of it. Anybody may have written them: bounds are set before
 * they are parsed, and what is beyond them is refused as a whole, to be kept as a file.
 */

import PostalMime, {
	type Address as Mailbox,
	type Attachment as Part,
	type Email
} from 'postal-mime';
import { headerEnd, mendHeader } from './mend-header.ts';
import { htmlToText } from './html-text.ts';
import { isReadable } from './mime-bounds.ts';
import type { MailPerson } from './mime-words.ts';

/** Levels of parts: real mail has some five. */
const DEPTH = 64;
/** All header fields together: lists of a thousand people, and long chains of signatures, fit. */
const HEADER_BYTES = 1024 * 1024;
/** What a row holds of text and of HTML; longer ones are files beside a beginning, in characters. */
const TEXT_CHARACTERS = 512 * 1024;
/** People of one field that are shown. */
const PEOPLE = 500;
/** Ids by which a message names others. */
const REFERENCES = 100;
/** Bytes of an id that is one; RFC 5322 §2.1.1 bounds its line. */
const ID_CHARACTERS = 998;
const NAME_CHARACTERS = 200;
/** RFC 5321 §4.5.3.1: 64 and 255 and the sign between them. */
const ADDRESS_CHARACTERS = 320;
/** A line of RFC 5322 §2.1.1: lists hold it of every thread. */
const SUBJECT_CHARACTERS = 998;
const FILES = 1000;

export interface ReadMail {
	/** Without brackets; null: none, or not readable as one. */
	readonly messageId: string | null;
	/** Of References and In-Reply-To, oldest first. */
	readonly references: readonly string[];
	readonly from: MailPerson;
	readonly to: readonly MailPerson[];
	readonly cc: readonly MailPerson[];
	readonly bcc: readonly MailPerson[];
	readonly subject: string;
	/** Unix ms; null: it does not say. */
	readonly date: number | null;
	readonly text: string;
	readonly html: string | null;
	readonly files: readonly ReadFile[];
	/** Fields that other programs wrote about it, by lower-case name, the first of each. */
	readonly fields: ReadonlyMap<string, string>;
}

export interface ReadFile {
	readonly name: string;
	readonly type: string;
	/** The `cid:` name by which the HTML shows it. */
	readonly inline: string | null;
	readonly content: Uint8Array<ArrayBuffer>;
}

/** `null`: it cannot be read. Never throws on what it is given. */
export async function readMime(bytes: Uint8Array): Promise<ReadMail | null> {
	if (!isReadable(bytes)) return null;
	try {
		const reader = new Reader({
			forceRfc822Attachments: true,
			maxNestingDepth: DEPTH,
			maxHeadersSize: HEADER_BYTES
		});
		const mail = await reader.parse(mendHeader(bytes));
		return mail.headers.length === 0 ? null : toReadMail(mail, bytes);
	} catch {
		return null; // it passes a bound, or the parser found no sense in it: it is kept as a file
	}
}

/** What we use of a part inside postal-mime 4.0.0, whose types leave it out; a test holds it to that. */
interface Node {
	readonly contentDisposition: { readonly parsed: { readonly params: Fields } };
	readonly contentType: { readonly parsed: { readonly params: Fields } };
	readonly contentTransferEncoding: { readonly encoding: string | false };
}

type Fields = Readonly<Record<string, string | undefined>>;

interface Inner {
	isInlineTextNode(node: Node): boolean;
	collectAttachment(node: Node, content: ArrayBuffer, ...more: readonly boolean[]): void;
}

// eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- see `Node`
const inner = PostalMime.prototype as unknown as Inner;

class Reader extends PostalMime implements Inner {
	/** A text that has a name is a file, too, wherever its writer wanted to see it. */
	isInlineTextNode(node: Node): boolean {
		const { contentDisposition, contentType } = node;
		const name = contentDisposition.parsed.params['filename'] ?? contentType.parsed.params['name'];
		return inner.isInlineTextNode.call(this, node) && !name;
	}

	/** The line's end before a boundary belongs to that (RFC 2046 §5.1.1). */
	collectAttachment(node: Node, content: ArrayBuffer, ...more: readonly boolean[]): void {
		const isCoded = node.contentTransferEncoding.encoding === 'base64';
		const isEnded = !isCoded && new Uint8Array(content).at(-1) === 0x0a;
		inner.collectAttachment.call(this, node, isEnded ? content.slice(0, -1) : content, ...more);
	}
}

function toReadMail(mail: Email, bytes: Uint8Array): ReadMail {
	const fields = fieldsOf(mail.headers);
	const { text, html, files } = bodyOf(isEmpty(mail) ? { text: bareBody(bytes) } : mail);
	return {
		messageId: idsIn(fields.get('message-id'))[0] ?? null,
		references: referencesOf(fields),
		from: toPeople(mail.from === undefined ? [] : [mail.from])[0] ?? { name: '', address: '' },
		to: toPeople(mail.to),
		cc: toPeople(mail.cc),
		bcc: toPeople(mail.bcc),
		subject: (mail.subject ?? '').replace(/\s+/g, ' ').trim().slice(0, SUBJECT_CHARACTERS),
		date: dateOf(mail, fields),
		text,
		html,
		files: [...mail.attachments.slice(0, FILES).map(toFile), ...files],
		fields
	};
}

/** What a relay, or the program that kept it, writes above all that came with it (RFC 5321 §4.4). */
const TRACE = /^(?:received|return-path|delivered-to|x-received)$/;
/** What programs that keep mail write at the top: below the trace its sender has written it. */
const KEPT_BY = /^(?:x-gm-|x-gmail-|x-mozilla-)/;

function fieldsOf(headers: Email['headers']): ReadMail['fields'] {
	const trace = headers.findIndex(({ key }) => TRACE.test(key));
	const counted = headers.filter(({ key }, at) => trace < 0 || at < trace || !KEPT_BY.test(key));
	return new Map(counted.toReversed().map(({ key, value }) => [key, value]));
}

function isEmpty({ text = '', html = '', attachments }: Email): boolean {
	return attachments.length === 0 && text === '' && html === '';
}

/** Where no part begins there is still what somebody wrote. */
function bareBody(bytes: Uint8Array): string {
	const head = headerEnd(bytes);
	return new TextDecoder().decode(bytes.subarray(head, head + TEXT_CHARACTERS)).trim();
}

/** What is too long for a row is shown by its beginning, and is a file as a whole. */
function bodyOf({
	text = '',
	html
}: Pick<Email, 'text' | 'html'>): Pick<ReadMail, 'text' | 'html' | 'files'> {
	const files: ReadFile[] = [];
	const file = (name: string, type: string, content: string): void => {
		files.push({ name, type, inline: null, content: new TextEncoder().encode(content) });
	};
	const whole =
		text === '' && html !== undefined ? htmlToText(html.slice(0, TEXT_CHARACTERS)) : text;
	if (whole.length > TEXT_CHARACTERS) file('message.txt', 'text/plain', whole);
	if (html === undefined) return { text: whole.slice(0, TEXT_CHARACTERS), html: null, files };
	const isLong = html.length > TEXT_CHARACTERS;
	if (isLong) file('message.html', 'text/html', html);
	return { text: whole.slice(0, TEXT_CHARACTERS), html: isLong ? null : html, files };
}

/** RFC 5322 §3.6.4: References, then what In-Reply-To names besides. */
function referencesOf(fields: ReadMail['fields']): string[] {
	const named = idsIn(fields.get('references'));
	const answered = idsIn(fields.get('in-reply-to')).filter((id) => !named.includes(id));
	// The first begins the thread; of too many the nearest count.
	const all = [...answered.slice(0, 1), ...named];
	return all.length <= REFERENCES ? all : [...all.slice(0, 1), ...all.slice(1 - REFERENCES)];
}

function idsIn(value = ''): string[] {
	const ids = [...value.matchAll(/<([^<>\s]+)>/g)].map(([, id = '']) => id);
	const whole = value.trim();
	// Some programs leave the brackets away.
	const all = ids.length === 0 && /^[^\s<>]+@[^\s<>]+$/.test(whole) ? [whole] : ids;
	return [...new Set(all.filter((id) => id.length <= ID_CHARACTERS))];
}

function toPeople(list: readonly Mailbox[] = []): MailPerson[] {
	const flat = list.flatMap((entry) => entry.group ?? [entry]);
	return flat.slice(0, PEOPLE).map(({ name, address }) => ({
		name: cleanName(name),
		address: address.trim().length > ADDRESS_CHARACTERS ? '' : address.trim()
	}));
}

function cleanName(name: string): string {
	return name
		.replace(/[\p{Cc}\s]+/gu, ' ')
		.trim()
		.slice(0, NAME_CHARACTERS);
}

/** Else that of the newest relay that had it (RFC 5321 §4.4). */
function dateOf({ date }: Email, fields: ReadMail['fields']): number | null {
	const said = date === undefined ? NaN : Date.parse(date);
	if (Number.isFinite(said)) return Math.max(0, said);
	const received = Date.parse(fields.get('received')?.split(';').at(-1) ?? '');
	return Number.isFinite(received) ? Math.max(0, received) : null;
}

function toFile(part: Part, at: number): ReadFile {
	const { filename, mimeType, contentId } = part;
	return {
		name: nameOf(filename, mimeType, at),
		type: mimeType.slice(0, 127) || 'application/octet-stream',
		inline: contentId === undefined ? null : contentId.replace(/^<|>$/g, ''),
		content: contentOf(part)
	};
}

function contentOf({ content }: Part): Uint8Array<ArrayBuffer> {
	if (typeof content === 'string') return new TextEncoder().encode(content);
	return content instanceof Uint8Array ? Uint8Array.from(content) : new Uint8Array(content);
}

const ENDINGS: Readonly<Record<string, string>> = {
	'message/rfc822': '.eml',
	'text/calendar': '.ics',
	'text/html': '.html',
	'text/plain': '.txt',
	'application/pdf': '.pdf',
	'image/png': '.png',
	'image/jpeg': '.jpg',
	'image/gif': '.gif'
};

function nameOf(name: string | null, type: string, at: number): string {
	const given = cleanName(name ?? '');
	return given === '' ? `attachment-${String(at + 1)}${ENDINGS[type] ?? ''}` : given;
}
