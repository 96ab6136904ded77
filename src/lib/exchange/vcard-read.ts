/**
 * One card of another program's address book: vCard 4.0 (RFC 6350), 3.0 (RFC 2426) and 2.1. ical.js reads the
 * values; what it would throw a whole file away for, a broken line or the bare parameters and the
 * quoted-printable of 2.1, is put right or left out line by line before.
 */

import ICAL from 'ical.js';
import { toName } from '../mailbox/own-list.ts';
import { parseMailAddress, parseOrdinary, type Address } from '../wire/ids.ts';
import { parseInvite } from '../wire/invite.ts';
import { VCARD_LIMITS } from './vcard-limits.ts';
import { PRODUCT } from './vcard-write.ts';

export interface ReadCard {
	readonly uid: string;
	readonly isGroup: boolean;
	readonly name: string;
	/** A card of ours: it tells what they call themselves from what the user calls them. */
	readonly isOurs: boolean;
	/** As the user calls them, where that is known to be another name; empty: it is not. */
	readonly alias: string;
	/** Ours and ordinary ones, in their order; each once. */
	readonly addresses: readonly Address[];
	/** Base URL of a post office that an invite in it names; empty: none. */
	readonly office: string;
	readonly notes: string;
	readonly facts: readonly CardFact[];
	/** As it came: anything. */
	readonly photo: Uint8Array<ArrayBuffer> | null;
	readonly hasPhoto: boolean;
	readonly groups: readonly string[];
	/** Of a group: uids and addresses. */
	readonly members: readonly string[];
}

/** What has no place of its own here, and goes into the notes. */
export interface CardFact {
	readonly kind: FactKind;
	readonly text: string;
}

export const FACT_KINDS = ['tel', 'adr', 'org', 'title', 'bday', 'url'] as const;
export type FactKind = (typeof FACT_KINDS)[number];

interface Property {
	readonly name: string;
	readonly values: readonly unknown[];
}

/** `null`: it has neither a name nor an address. `takesPhoto` false: a picture is only looked for. */
export function readCard(lines: readonly string[], takesPhoto: boolean): ReadCard | null {
	const isFour = lines.some((line) => /^VERSION:4/i.test(line));
	const pictures = lines.filter((line) => PICTURE.test(line));
	const all = lines
		.filter((line) => !PICTURE.test(line))
		.flatMap((line) => readLine(line, isFour) ?? []);
	const texts = (...names: readonly string[]) =>
		all
			.filter(({ name }) => names.includes(name))
			.flatMap(({ values }) => values.map(toText))
			.map((text) => text.trim())
			.filter(Boolean);
	const invite = texts('url').flatMap((url) => parseInvite(url) ?? [])[0];
	const addresses = toAddresses(texts, invite?.address);
	const isOurs = texts('prodid').includes(PRODUCT);
	const name = [
		...[...texts('fn'), ...texts('n').map(toNaturalOrder), ...texts('nickname')],
		...[...texts('org'), ...addresses]
	].find((text) => cut(text) !== '');
	const isGroup = texts('kind', 'x-addressbookserver-kind').some((kind) => /^group$/i.test(kind));
	if (name === undefined) return null;
	const photo = pictures.map(toPhoto).find((one) => one !== null) ?? null;
	return {
		...{ uid: bareUid(texts('uid')[0] ?? ''), isGroup, name: cut(name), addresses },
		isOurs,
		alias: isOurs ? cut(texts('nickname')[0] ?? '') : '',
		office: invite?.office ?? '',
		notes: texts('note').join('\n\n').slice(0, VCARD_LIMITS.notesCharacters),
		facts: toFacts(texts),
		photo: takesPhoto ? photo : null,
		hasPhoto: photo !== null,
		groups: toGroups(texts('categories')),
		members: texts('member', 'x-addressbookserver-member')
			.slice(0, VCARD_LIMITS.members)
			.map(bareUid)
	};
}

const PICTURE = /^(?:[\w-]+\.)?PHOTO[;:]/i;

type Texts = (...names: readonly string[]) => readonly string[];

function toAddresses(texts: Texts, invited: Address | undefined): readonly Address[] {
	const spoken = [...texts('email'), ...texts('impp', 'x-defms')]
		.map((text) => text.replace(/^(?:web\+defms|defms|mailto|xmpp|x-apple):/i, '').trim())
		.flatMap((text) => parseMailAddress(text)?.address ?? text);
	const emails = new Set(texts('email').flatMap((text) => parseOrdinary(bareEmail(text)) ?? []));
	const all = spoken.flatMap((text) => {
		const ours = parseMailAddress(text)?.address;
		if (ours !== undefined) return [ours];
		const ordinary = parseOrdinary(bareEmail(text));
		return ordinary !== null && emails.has(ordinary) ? [ordinary] : [];
	});
	const found = invited === undefined ? all : [...all, invited];
	return [...new Set(found)].slice(0, VCARD_LIMITS.addresses);
}

/** `Mira <mira@example.org>`, as some programs write it there. */
function bareEmail(text: string): string {
	return (/<([^<>]+)>$/.exec(text)?.[1] ?? text).replace(/^mailto:/i, '').trim();
}

/** `null`: it cannot be read, and the card is right without it. */
function readLine(line: string, isFour: boolean): Property | null {
	if (line.length > VCARD_LIMITS.lineCharacters) return null;
	// At each parameter ical.js looks for the end of all of them.
	if (!HEAD.test(line.slice(0, HEAD_CHARACTERS))) return null;
	try {
		const set = isFour ? ICAL.design.vcard : ICAL.design.vcard3;
		const read: unknown = ICAL.parse.property(isFour ? line : modernise(line), set);
		if (!Array.isArray(read)) return null;
		const parts: unknown[] = read;
		const [name, , , ...values] = parts;
		return typeof name === 'string' ? { name, values } : null;
	} catch {
		// A line that no reader understands takes no other with it.
		return null;
	}
}

const ENCODINGS = /^(?:QUOTED-PRINTABLE|BASE64|B|8BIT|7BIT)$/i;

/** A line of 2.1 as 3.0 has it: bare parameters named, quoted-printable undone. */
function modernise(line: string): string {
	const colon = line.indexOf(':');
	const [name = '', ...params] = line.slice(0, colon).split(';');
	const named = params.map((param) => {
		if (param.includes('=')) return param;
		return ENCODINGS.test(param) ? `ENCODING=${param}` : `TYPE=${param}`;
	});
	const isQuoted = named.some((param) => /^ENCODING=QUOTED-PRINTABLE$/i.test(param));
	const value = line.slice(colon + 1);
	if (!isQuoted) return [[name, ...named].join(';'), value].join(':');
	const charset = named.find((param) => /^CHARSET=/i.test(param))?.slice('CHARSET='.length);
	const kept = named.filter((param) => !/^(?:ENCODING|CHARSET)=/i.test(param));
	const text = unquote(value, charset ?? 'utf-8').replaceAll(/\r\n|\r|\n/g, '\\n');
	return [[name, ...kept].join(';'), text].join(':');
}

/** RFC 2045 §6.7; what is no escape stays as it is. */
function unquote(text: string, charset: string): string {
	const bytes: number[] = [];
	for (const piece of text.match(/=[0-9a-f]{2}|[^=]+|=/gi) ?? []) {
		if (piece.length === 3 && piece.startsWith('=')) {
			bytes.push(Number.parseInt(piece.slice(1), 16));
		} else for (const byte of new TextEncoder().encode(piece)) bytes.push(byte);
	}
	const all = Uint8Array.from(bytes);
	try {
		return new TextDecoder(charset, { fatal: true }).decode(all);
	} catch {
		// No such charset, or other bytes than it has: then as older programs wrote.
		return new TextDecoder('windows-1252').decode(all);
	}
}

/** Lists within lists, as a name of five parts is one. */
function toText(value: unknown): string {
	if (typeof value === 'string') return value;
	if (!Array.isArray(value)) return '';
	const parts: unknown[] = value;
	return parts
		.map((part) => (Array.isArray(part) ? part.map(toText).join(' ') : toText(part)))
		.join(';');
}

/** "family;given;…" as one says it. */
function toNaturalOrder(text: string): string {
	const [family = '', given = ''] = text.split(';');
	return `${given} ${family}`;
}

/** A name has one line; as long as names are is for the address book to say. */
function cut(text: string): string {
	return toName(text.slice(0, VCARD_LIMITS.factCharacters).replaceAll(/;+/g, ' '));
}

function bareUid(text: string): string {
	return text
		.slice(0, VCARD_LIMITS.idCharacters)
		.replace(/^(?:urn:uuid:|mailto:)/i, '')
		.toLowerCase();
}

/** What Google puts everybody into says nothing. */
const EVERYBODY = /^\*? ?(?:my ?contacts|starred)$/i;

function toGroups(texts: readonly string[]): readonly string[] {
	const names = texts.map(cut).filter((name) => name !== '' && !EVERYBODY.test(name));
	return [...new Set(names)].slice(0, VCARD_LIMITS.groups);
}

function toFacts(texts: Texts): readonly CardFact[] {
	const facts = FACT_KINDS.flatMap((kind) =>
		texts(kind)
			.filter((text) => kind !== 'url' || parseInvite(text) === null)
			.map((text) => ({ kind, text: toFact(text) }))
			.filter(({ text }) => text !== '')
	);
	const once = new Map(facts.map((fact) => [`${fact.kind} ${fact.text}`, fact]));
	return [...once.values()].slice(0, VCARD_LIMITS.facts);
}

function toFact(text: string): string {
	const parts = text
		.replace(/^tel:/i, '')
		.split(';')
		.map((part) => part.trim());
	return toName(parts.filter(Boolean).join(', ').slice(0, VCARD_LIMITS.factCharacters));
}

/** Before its value; parameters are not longer. */
const HEAD_CHARACTERS = 1_000;
const HEAD = /^(?:[^":]|"[^"]*")*:/;

/** Of 3.0 base64, of 4.0 a `data:` URI. One that stands elsewhere is not fetched: that would tell who reads. */
function toPhoto(line: string): Uint8Array<ArrayBuffer> | null {
	const head = HEAD.exec(line.slice(0, HEAD_CHARACTERS))?.[0] ?? line;
	const text = line.slice(head.length).replace(/^data:[^,]{0,100};base64\\?,/i, '');
	if (text === '') return null;
	try {
		const decoded = atob(text);
		const bytes = new Uint8Array(decoded.length);
		for (let at = 0; at < bytes.length; at++) bytes[at] = decoded.charCodeAt(at);
		return bytes;
	} catch {
		// It stands elsewhere, or is half a picture: none.
		return null;
	}
}
