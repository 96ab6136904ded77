/**
 * The card of an identity whose devices published at once (protocol §2): the later card stands, and
 * whoever sees both publishes a merged one. All of it follows from the set of own cards alone, so
 * that two devices that have seen the same make the same of it.
 */

import { equal } from '../wire/bytes.ts';
import { encodeFields } from '../wire/codec.ts';
import { comparePairs, type Card, type CardPair } from '../wire/identity.ts';
import type { CardFields } from './card.ts';

/** What a card says, besides whose it is and when. */
export type CardContent = Omit<CardFields, 'root' | 'pair'>;

/** A card that some own device published, as the devices tell it each other. */
export interface OwnCard {
	/** CID of the card as signed, as text. */
	readonly id: string;
	/** The newest cards that its device knew when it made this one: what it took in. */
	readonly upon: readonly string[];
	readonly pair: CardPair;
	readonly content: CardContent;
}

export type MergeStep =
	/** The newest card says all that any device said. */
	| { readonly kind: 'settled'; readonly newest: OwnCard }
	/** To be published by the device that sees this, upon all of these. */
	| { readonly kind: 'due'; readonly upon: readonly string[]; readonly content: CardContent };

type Cards = ReadonlyMap<string, OwnCard>;

/** `null` for no cards. A card whose predecessors are not given counts as the first of its line. */
export function mergeOwnCards(cards: readonly OwnCard[]): MergeStep | null {
	const byId: Cards = new Map(cards.map((card) => [card.id, card]));
	const taken = new Set(cards.flatMap(({ upon }) => upon));
	const tips = [...byId.values()].filter(({ id }) => !taken.has(id)).sort(earlierFirst);
	const newest = tips.at(-1);
	if (newest === undefined) return null;
	const content = mergeTips(byId, tips, newest);
	// Two cards with one pair: others hold either, and only a newer one brings them together.
	const isTie = tips.some((tip) => tip !== newest && comparePairs(tip.pair, newest.pair) === 0);
	return isTie || !isSame(content, newest.content)
		? { kind: 'due', upon: tips.map(({ id }) => id), content }
		: { kind: 'settled', newest };
}

/** The earliest tip, and into it each later one, from the newest card that both sides have taken in. */
function mergeTips(cards: Cards, tips: readonly OwnCard[], newest: OwnCard): CardContent {
	const [first = newest, ...later] = tips;
	let { content } = first;
	let seen = pastOf(cards, first);
	for (const tip of later) {
		const past = pastOf(cards, tip);
		const shared = [...seen.intersection(past)].flatMap((id) => cards.get(id) ?? []);
		const base = shared.sort(earlierFirst).at(-1);
		content = mergeContent(base?.content ?? null, content, tip.content);
		seen = seen.union(past);
	}
	return content;
}

/**
 * Field by field: what only the earlier card changed is kept, of what both changed the later one's
 * stands. Where no common card is known, the later one stands whole.
 */
export function mergeContent(
	base: CardContent | null,
	earlier: CardContent,
	later: CardContent
): CardContent {
	if (base === null) return later;
	const pick = <K extends keyof CardContent>(field: K): CardContent[K] =>
		isSame({ value: base[field] }, { value: later[field] }) ? earlier[field] : later[field];
	const [aliases, avatar] = [pick('aliases'), pick('avatar')];
	return {
		name: pick('name'),
		...(aliases !== undefined && { aliases }),
		...(avatar !== undefined && { avatar }),
		auth: pick('auth'),
		prekey: pick('prekey'),
		offices: pick('offices'),
		policy: pick('policy')
	};
}

export function contentOf(card: Card): CardContent {
	const { name, aliases, avatar, auth, prekey, offices, policy } = card;
	return { name, aliases, ...(avatar && { avatar }), auth, prekey, offices, policy };
}

/** By pair; those with one pair by CID, so that every device calls the same one the later. */
function earlierFirst(a: OwnCard, b: OwnCard): number {
	return comparePairs(a.pair, b.pair) || (a.id < b.id ? -1 : 1);
}

/** This card and all that it took in. */
function pastOf(cards: Cards, { id }: OwnCard): Set<string> {
	const past = new Set<string>();
	const open = [id];
	for (let next = open.pop(); next !== undefined; next = open.pop()) {
		if (past.has(next)) continue;
		past.add(next);
		open.push(...(cards.get(next)?.upon ?? []));
	}
	return past;
}

function isSame(a: object, b: object): boolean {
	return equal(encodeFields({ ...a }), encodeFields({ ...b }));
}
