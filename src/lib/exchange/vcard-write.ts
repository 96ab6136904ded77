/**
 * People as vCard 4.0 (RFC 6350), for other programs. An address of ours stands as EMAIL, which every
 * program keeps and shows, and as IMPP, which says what it is. Nothing secret goes along: no key, no
 * invite, and not how far somebody is trusted.
 */

import ICAL from 'ical.js';
import { parseMailAddress } from '../wire/ids.ts';
import { toBase64 } from './base64.ts';

/** Cards of ours begin so: in them a nickname is the user's own name for somebody. */
export const PRODUCT = '-//DEFMS//People//EN';

export interface CardToWrite {
	/** Stays the same for the same person. */
	readonly uid: string;
	/** As the user calls them. */
	readonly name: string;
	/** Where that is not what they call themselves. */
	readonly nickname?: string;
	/** Whole, with the words before the @; the first is written to. */
	readonly addresses: readonly string[];
	readonly notes: string;
	readonly photo: { readonly type: string; readonly bytes: Uint8Array } | null;
	readonly groups: readonly string[];
}

/** One card after the other, with lines as RFC 6350 §3.2 folds them. */
export function writeCards(cards: readonly CardToWrite[]): string {
	return cards.map((card) => `${writeCard(card)}\r\n`).join('');
}

function writeCard({ uid, name, nickname, addresses, notes, photo, groups }: CardToWrite): string {
	const picture = photo && `data:${photo.type};base64,${toBase64(photo.bytes)}`;
	const properties: readonly (readonly [string, string, ...string[]])[] = [
		['version', 'text', '4.0'],
		['prodid', 'text', PRODUCT],
		['uid', 'text', uid],
		['fn', 'text', name === '' ? (addresses[0] ?? '') : name],
		...(nickname === undefined ? [] : [['nickname', 'text', nickname] as const]),
		...addresses.map((address) => ['email', 'text', address] as const),
		...addresses
			.filter((address) => parseMailAddress(address) !== null)
			.map((address) => ['impp', 'uri', `web+defms:${address}`] as const),
		...(notes === '' ? [] : [['note', 'text', notes] as const]),
		...(groups.length === 0 ? [] : [['categories', 'text', ...groups] as const]),
		...(picture === null ? [] : [['photo', 'uri', picture] as const])
	];
	const card = properties.map(([property, type, ...values]) => [property, {}, type, ...values]);
	return ICAL.stringify.component(['vcard', card, []], ICAL.design.vcard);
}
