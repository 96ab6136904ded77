/**
 * A mail as MIME (RFC 5322, 2045 to 2047, 2183, 2231, 2387), as a stream: memory stays at one piece of an
 * attachment. Everything is ASCII, and no line passes 78 characters but one word of a header.
 *
 * Shape: mixed( alternative( text, related( html, inline… )), attachment… ), without the levels that
 * would have one part.
 */

import { concat, utf8 } from '../wire/bytes.ts';
import { base64Lines, MIME_LINES } from './base64.ts';
import { fieldLine, parameter, peopleField, textField, type MailPerson } from './mime-words.ts';

export interface OutgoingMail {
	readonly from: MailPerson;
	readonly to: readonly MailPerson[];
	readonly cc: readonly MailPerson[];
	readonly bcc: readonly MailPerson[];
	readonly subject: string;
	/** Unix milliseconds. */
	readonly date: number;
	/** Without angle brackets, as all ids here. */
	readonly messageId: string;
	readonly inReplyTo: string | null;
	/** Oldest first. */
	readonly references: readonly string[];
	readonly text: string;
	readonly html: string | null;
	readonly files: readonly OutgoingFile[];
}

export interface OutgoingFile {
	readonly name: string;
	readonly type: string;
	/** The `cid:` name by which the HTML shows it (RFC 2392); null: it is an attachment. */
	readonly inline: string | null;
	read(): AsyncIterable<Uint8Array>;
}

/** Throws what reading a file throws. */
export async function* buildMime(mail: OutgoingMail): AsyncGenerator<Uint8Array> {
	yield utf8(headOf(mail));
	yield* writePart(partOf(mail));
}

/** A part with its own fields: a leaf, or parts between boundaries. */
type Part =
	| { readonly fields: string; readonly read: () => AsyncIterable<Uint8Array> }
	| { readonly subtype: string; readonly parameters: string; readonly parts: readonly Part[] };

function headOf(mail: OutgoingMail): string {
	const fields: readonly (readonly [string, string])[] = [
		['Date', dateField(mail.date)],
		['From', peopleField([mail.from])],
		['To', peopleField(mail.to)],
		['Cc', peopleField(mail.cc)],
		['Bcc', peopleField(mail.bcc)],
		['Message-ID', idField(mail.messageId)],
		['In-Reply-To', mail.inReplyTo === null ? '' : idField(mail.inReplyTo)],
		['References', mail.references.map(idField).join(' ')],
		['Subject', textField(mail.subject)],
		['MIME-Version', '1.0']
	];
	const written = fields.filter(([, value]) => value !== '');
	return written.map(([name, value]) => fieldLine(name, value)).join('');
}

/** RFC 5322 §3.3, in UTC; beyond the four digits of a year stands the last that has them. */
export function dateField(ms: number): string {
	const last = Date.UTC(9999, 11, 31, 23, 59, 59);
	const date = new Date(Math.min(Math.max(0, ms), last));
	return date.toUTCString().replace('GMT', '+0000');
}

function idField(id: string): string {
	return `<${id.replace(/[^\x21-\x7e]|[<>]/g, '')}>`;
}

function partOf({ text, html, files }: OutgoingMail): Part {
	const shown = html === null ? [] : files.filter(({ inline }) => inline !== null);
	const attached = files.filter((file) => !shown.includes(file));
	const body = html === null ? textPart('plain', text) : bodyPart(text, html, shown);
	if (attached.length === 0) return body;
	return multipart('mixed', [body, ...attached.map((file) => filePart(file, 'attachment'))]);
}

function bodyPart(text: string, html: string, shown: readonly OutgoingFile[]): Part {
	const page = textPart('html', html);
	const related =
		shown.length === 0
			? page
			: multipart(
					'related',
					[page, ...shown.map((file) => filePart(file, 'inline'))],
					parameter('type', 'text/html') // RFC 2387 §3.1: required
				);
	return multipart('alternative', [textPart('plain', text), related]);
}

function multipart(subtype: string, parts: readonly Part[], parameters = ''): Part {
	return { subtype, parameters, parts };
}

function textPart(subtype: string, text: string): Part {
	const bytes = utf8(text.toWellFormed().replace(/\r\n?|\n/g, '\r\n'));
	const foreign = bytes.reduce((count, byte) => count + Number(byte > 0x7e), 0);
	const head = `Content-Type: text/${subtype}; charset=utf-8\r\n`;
	// Quoted-printable stays readable to the eye; where much is not ASCII, base64 is shorter.
	if (foreign * 6 > bytes.length) return base64Part(head, () => pieces(bytes));
	return {
		fields: `${head}Content-Transfer-Encoding: quoted-printable\r\n`,
		read: () => pieces(utf8(quotedPrintable(bytes)))
	};
}

function filePart(file: OutgoingFile, disposition: string): Part {
	const { name, type, inline } = file;
	const id = inline === null ? '' : fieldLine('Content-ID', idField(inline));
	const fields =
		`Content-Type: ${opaqueType(type)}\r\n${id}` +
		`Content-Disposition: ${disposition}${parameter('filename', name)}\r\n`;
	return base64Part(fields, () => file.read());
}

/**
 * What RFC 2046 forbids to be coded in base64 (§5.1, §5.2) goes as bytes under its name. Nor does a file
 * that is text say a charset that nobody knows.
 */
function opaqueType(type: string): string {
	const isType = /^[a-z0-9!#$&^_.+-]{1,63}\/[a-z0-9!#$&^_.+-]{1,63}$/i.test(type);
	return isType && !/^(message|multipart)\//i.test(type) ? type : 'application/octet-stream';
}

function base64Part(fields: string, read: () => AsyncIterable<Uint8Array>): Part {
	return {
		fields: `${fields}Content-Transfer-Encoding: base64\r\n`,
		read: () => base64Lines(read(), MIME_LINES)
	};
}

/**
 * A boundary begins with `=_`, which stands in neither quoted-printable nor base64 (RFC 2045 §6.7), so
 * that no content can hold one; `depth` tells those of nested parts apart.
 */
async function* writePart(part: Part, depth = 0): AsyncGenerator<Uint8Array> {
	if ('read' in part) {
		yield utf8(`${part.fields}\r\n`);
		yield* part.read();
		yield utf8('\r\n');
		return;
	}
	const boundary = `=_${String(depth)}_defms`;
	const { subtype, parameters } = part;
	yield utf8(`Content-Type: multipart/${subtype}${parameters};\r\n boundary="${boundary}"\r\n\r\n`);
	for (const inner of part.parts) {
		yield utf8(`--${boundary}\r\n`);
		yield* writePart(inner, depth + 1);
	}
	yield utf8(`--${boundary}--\r\n`);
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	if (bytes.length > 0) yield bytes;
}

/** RFC 2045 §6.7; lines of at most 76 characters, no space at a line's end, no `From ` at its start. */
export function quotedPrintable(bytes: Uint8Array): string {
	const lines = splitLines(bytes).map(quoteLine);
	return lines.join('\r\n');
}

function splitLines(bytes: Uint8Array): Uint8Array[] {
	const lines: Uint8Array[] = [];
	let start = 0;
	for (let at = 0; at < bytes.length; at++) {
		if (bytes[at] !== 0x0d || bytes[at + 1] !== 0x0a) continue;
		lines.push(bytes.subarray(start, at));
		start = at + 2;
	}
	return [...lines, bytes.subarray(start)];
}

function quoteLine(line: Uint8Array): string {
	const lines: string[] = [];
	let quoted = '';
	for (const [at, byte] of line.entries()) {
		const isLast = at === line.length - 1;
		const isSpace = byte === 0x20 || byte === 0x09;
		const isFrom = byte === 0x46 && quoted === ''; // mbox readers look for "From " (RFC 4155)
		const isClear = (byte >= 0x21 && byte <= 0x7e && byte !== 0x3d) || (isSpace && !isLast);
		const char =
			isClear && !isFrom
				? String.fromCharCode(byte)
				: `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
		if (quoted.length + char.length > 75) {
			lines.push(`${quoted}=`);
			quoted = '';
		}
		quoted += char;
	}
	return [...lines, quoted].join('\r\n');
}

/** All of a stream, for what is known to be small. */
export async function gather(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
	const parts: Uint8Array[] = [];
	for await (const part of stream) parts.push(part);
	return concat(...parts);
}
