/** Names as they stand in a sentence. */
import { locale } from '../../words/language.ts';
import { plural } from '../../words/plural.ts';
import type { Badge, Contact, Me, Person } from '../../app/view.ts';

/** The name, or the beginning of the address where no name is known. */
export function fullName(person: Person): string {
	return person.name || shortAddress(person.address);
}

/** Oneself as one of the people. (`Me` may be a class: its getters do not survive a spread.) */
export function meAsPerson(me: Me): Person {
	return { name: me.name, address: me.address, isMe: true, badge: 'known' };
}

/** `Mira` for Mira Kessler; `you` for oneself. */
export function firstName(person: Person): string {
	if (person.isMe) return /* @wc-include */ 'you';
	return person.name ? firstWord(person.name) : shortAddress(person.address);
}

/** The first word that is no title: `Ada` of `Dr. Ada Roth`. */
export function firstWord(name: string): string {
	const words = name.trim().split(/\s+/u);
	return words.find((word) => !word.endsWith('.')) ?? words[0] ?? name;
}

/** `Mira, Tom`: first names, but full ones where two people share the first. */
export function shortNames(people: readonly Person[]): string[] {
	const firsts = people.map(firstName);
	return people.map((person, at) => {
		const first = firsts[at] ?? '';
		return firsts.filter((other) => other === first).length > 1 ? fullName(person) : first;
	});
}

const list = new Intl.ListFormat(locale, { type: 'conjunction' });

/** `Mira`, `Mira and Tom`, `Mira, Tom and Ines`. */
export function joinNames(names: readonly string[]): string {
	return list.format(names);
}

const row = new Intl.ListFormat(locale, { type: 'conjunction', style: 'narrow' });

/** As they stand in a row, where no sentence is: `Mira, Tom, Ines`, and in other scripts as those have it. */
export function inRow(parts: readonly string[]): string {
	return row.format(parts);
}

/** `mira@k51qzi5u…`: enough to tell two apart at a glance, never enough to trust. */
export function shortAddress(address: string): string {
	const [local = '', key = ''] = address.split('@');
	return key.length > 12 ? `${local}@${key.slice(0, 10)}…` : address;
}

/** Whoever has this address, among others or alone. */
export function withAddress(contacts: readonly Contact[], address: string): Contact | undefined {
	return contacts.find(({ addresses }) => addresses.some((one) => isSame(one.address, address)));
}

/** One address, under whatever name: the words before the @ of one of ours are one, and may have changed. */
export function isSame(address: string, other: string): boolean {
	return keyOf(address) === keyOf(other);
}

function keyOf(address: string): string {
	const isOurs = /\.ipns$/i.test(address);
	return isOurs ? address.slice(address.lastIndexOf('@') + 1) : address.toLowerCase();
}

/** One or two letters for the picture. Characters as people see them, not code units. */
export function initials(person: Person): string {
	if (person.isMe) return 'You';
	const words = fullName(person)
		.replace(/[^\p{L}\p{N}\s]/gu, ' ')
		.trim()
		.split(/\s+/u);
	const first = firstLetter(words[0] ?? '') || '?';
	const last = words.length > 1 ? firstLetter(words.at(-1) ?? '') : '';
	return (first + last).toLocaleUpperCase(locale);
}

/** At most this many are named in a sentence; of more, two. */
const NAMED = 2;

/** `Mira`, `Mira and Tom`, `Mira, Tom and 2 others`. */
export function fewNames(people: readonly Person[]): string {
	const names = shortNames(people);
	const rest = names.length - NAMED;
	if (rest <= 0) return joinNames(names);
	return joinNames([...names.slice(0, NAMED), plural(rest, ['# other', '# others'])]);
}

const letters = new Intl.Segmenter(locale, { granularity: 'grapheme' });

function firstLetter(word: string): string {
	for (const { segment } of letters.segment(word)) return segment;
	return '';
}

/** The eight hues of pictures, all of which carry white letters at 4.5:1. */
const HUES = [155, 300, 40, 350, 115, 255, 20, 70] as const;

/** A hue in degrees, the same for an address at every visit (FNV-1a, 32 bits). */
export function addressHue(address: string): number {
	let hash = 0x811c9dc5;
	for (let at = 0; at < address.length; at++) {
		hash = Math.imul(hash ^ address.charCodeAt(at), 0x01000193) >>> 0;
	}
	return HUES[hash % HUES.length] ?? HUES[0];
}

export function badgeSentence(badge: Badge): string {
	switch (badge) {
		case 'verified':
			return 'verified in person';
		case 'introduced':
			return 'introduced by someone you know';
		case 'known':
			return /* @wc-include */ 'known';
		case 'new':
			return 'first contact';
		case 'ordinary':
			return 'ordinary mail, came through a gateway';
		case 'doubtful':
			return 'doubtful: a key was revoked';
	}
}
