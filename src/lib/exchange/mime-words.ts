/**
 * Header fields of a mail in pure ASCII (RFC 5322), for readers of every age: other letters stand in
 * encoded words (RFC 2047) and extended parameters (RFC 2231). RFC 6532 is not assumed of anyone.
 */

import { utf8 } from '../wire/bytes.ts';
import { toBase64 } from './base64.ts';

/** Somebody in a field: the display name, and an addr-spec. */
export interface MailPerson {
	readonly name: string;
	readonly address: string;
}

/** Of one encoded word, so that with its field's name it stays in a line of 76 (RFC 2047 §2). */
const WORD_BYTES = 39;
/** RFC 5322 §2.1.1: lines should have no more than 78 characters. */
const LINE = 78;
/** Longer runs without a space are cut into encoded words, lest a line passes 998 characters. */
const RUN = 60;
/** RFC 2231 §3: a section of a parameter, so that its line stays short. */
const SECTION = 54;

/** One field with its line's end, folded at spaces (RFC 5322 §2.2.3). */
export function fieldLine(name: string, value: string): string {
	let line = `${name}:`;
	const lines: string[] = [];
	for (const token of value.split(' ')) {
		if (line.length + 1 + token.length > LINE && line.trim() !== '' && !line.endsWith(':')) {
			lines.push(line);
			line = '';
		}
		line += ` ${token}`;
	}
	return `${[...lines, line].join('\r\n')}\r\n`;
}

/** Unstructured text, as of a Subject. Line breaks and controls become spaces. */
export function textField(text: string): string {
	const line = onOneLine(text);
	return isPlain(line) ? line : encodedWords(line);
}

/** Addresses of a To, Cc or From field. Empty where there are none. */
export function peopleField(people: readonly MailPerson[]): string {
	return people.map(personField).join(', ');
}

function personField({ name, address }: MailPerson): string {
	const shown = onOneLine(name).trim();
	// RFC 6857 §3.1.8: what has no form in ASCII is named in an empty group, and cannot be answered.
	if (!isAddress(address)) return `${phrase(`${shown} ${onOneLine(address)}`.trim())}:;`;
	return shown === '' ? address : `${phrase(shown)} <${address}>`;
}

function isAddress(text: string): boolean {
	return /^[\x21-\x7e]+@[\x21-\x7e]+$/.test(text) && !/[<>()[\],;:\\"]/.test(text);
}

/** A display name: atoms, a quoted string, or encoded words (RFC 5322 §3.2.5). */
function phrase(text: string): string {
	if (/^[\w!#$%&'*+\-/=?^`{|}~]+( [\w!#$%&'*+\-/=?^`{|}~]+)*$/.test(text) && isPlain(text)) {
		return text;
	}
	return isPlain(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : encodedWords(text);
}

/** `; name=value`, in sections of their own lines where it is long or has other letters. */
export function parameter(name: string, value: string): string {
	const line = onOneLine(value);
	if (/^[\x20-\x7e]*$/.test(line) && line.length <= SECTION) {
		const isToken = /^[\w!#$&+\-.^`{|}~]+$/.test(line);
		return `;\r\n ${name}=${isToken ? line : `"${line.replace(/["\\]/g, '\\$&')}"`}`;
	}
	const sections = percentSections(line);
	if (sections.length === 1) return `;\r\n ${name}*=utf-8''${sections[0] ?? ''}`;
	return sections
		.map((section, at) => `;\r\n ${name}*${String(at)}*=${at === 0 ? "utf-8''" : ''}${section}`)
		.join('');
}

/** RFC 2231 §7: `attribute-char`s as they are, every other byte as `%XX`; no section cuts a `%XX`. */
function percentSections(text: string): string[] {
	const sections: string[] = [];
	let section = '';
	for (const byte of utf8(text)) {
		const char = String.fromCharCode(byte);
		const coded = /[\w.-]/.test(char)
			? char
			: `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
		if (section.length + coded.length > SECTION) {
			sections.push(section);
			section = '';
		}
		section += coded;
	}
	return [...sections, section];
}

/** Printable, single spaces inside only, nothing that reads as an encoded word. */
function isPlain(text: string): boolean {
	return (
		/^([\x21-\x7e]+( [\x21-\x7e]+)*)?$/.test(text) &&
		!text.includes('=?') &&
		text.split(' ').every((run) => run.length <= RUN)
	);
}

/** Each word holds whole characters (RFC 2047 §5); readers drop the spaces between words. */
function encodedWords(text: string): string {
	const words: string[] = [];
	let held = '';
	let size = 0;
	for (const char of text) {
		const bytes = utf8(char).length;
		if (size + bytes > WORD_BYTES) {
			words.push(held);
			held = '';
			size = 0;
		}
		held += char;
		size += bytes;
	}
	return [...words, held].map((word) => `=?UTF-8?B?${toBase64(utf8(word))}?=`).join(' ');
}

/** Nothing that is written into a field can begin another one. */
function onOneLine(text: string): string {
	return text.toWellFormed().replace(/\r\n|[\u0000-\u001f\u007f\u2028\u2029]/g, ' ');
}
