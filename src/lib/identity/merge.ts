/**
 * The card of an identity whose devices published at once (protocol §2): the later card stands, and
 * whoever sees both publishes a merged one. All of it follows from the set of own cards alone, so
 * that two devices that have seen the same make the same of it.
 */

import { equal } from '../wire/bytes.ts';
import { encodeFields } from '../wire/codec.ts';
import { comparePairs, type CardPair } from '../wire/identity.ts';
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

/**
 * `null` for no cards. Field by field: the value that the latest card gave it; a card gives a field
 * its value where it had another one before. A card whose
 * predecessors are not given counts as the first of its line, and gives all its values.
 */
export function mergeOwnCards(cards: readonly OwnCard[]): MergeStep | null {
	const byId = collectCards(cards);
	const ordered = [...byId.values()].sort(earlierFirst);
	const newest = ordered.at(-1);
	if (newest === undefined) return null;
	const pasts = new Map(ordered.map(({ id, upon }) => [id, pastOf(byId, upon)]));
	const content = mergeContents(ordered, pasts, newest);
	// Two cards with one pair: others hold either, and only a newer one brings them together.
	const isTied = comparePairs(ordered.at(-2)?.pair ?? NO_PAIR, newest.pair) === 0;
	if (!isTied && isSame(content, newest.content)) return { kind: 'settled', newest };
	const taken = new Set(ordered.flatMap(({ upon }) => upon));
	const tips = ordered.map(({ id }) => id).filter((id) => !taken.has(id));
	return { kind: 'due', upon: tips, content };
}

const NO_PAIR: CardPair = { rootSeq: 0, seq: 0 };

type Cards = ReadonlyMap<string, OwnCard>;
/** Of each card, the ids of all before it. */
type Pasts = ReadonlyMap<string, ReadonlySet<string>>;

/** Two devices may make the same card, byte for byte, upon different ones. */
function collectCards(cards: readonly OwnCard[]): Cards {
	const byId = new Map<string, OwnCard>();
	for (const card of cards) {
		const known = byId.get(card.id)?.upon ?? [];
		byId.set(card.id, { ...card, upon: [...new Set([...known, ...card.upon])] });
	}
	return byId;
}

function pastOf(cards: Cards, upon: readonly string[]): ReadonlySet<string> {
	const past = new Set<string>();
	const open = [...upon];
	for (let id = open.pop(); id !== undefined; id = open.pop()) {
		if (past.has(id)) continue;
		past.add(id);
		open.push(...(cards.get(id)?.upon ?? []));
	}
	return past;
}

function mergeContents(ordered: readonly OwnCard[], pasts: Pasts, newest: OwnCard): CardContent {
	const given = <K extends keyof CardContent>(field: K): CardContent[K] =>
		(giverOf(field, ordered, pasts) ?? newest).content[field];
	const [aliases, avatar] = [given('aliases'), given('avatar')];
	return {
		name: given('name'),
		...(aliases !== undefined && { aliases }),
		...(avatar !== undefined && { avatar }),
		auth: given('auth'),
		prekey: given('prekey'),
		offices: given('offices'),
		policy: given('policy')
	};
}

/**
 * The card whose value of this field stands: the latest that gave it another value than it had before.
 * In this order no card comes before one that it knew, so nothing that was replaced knowingly comes back.
 */
function giverOf(
	field: keyof CardContent,
	ordered: readonly OwnCard[],
	pasts: Pasts
): OwnCard | null {
	const givers: OwnCard[] = [];
	for (const card of ordered) {
		const before = givers.findLast(({ id }) => pasts.get(card.id)?.has(id));
		const isGiven =
			before === undefined ||
			!isSame({ value: card.content[field] }, { value: before.content[field] });
		if (isGiven) givers.push(card);
	}
	return givers.at(-1) ?? null;
}

/** By pair; those with one pair by CID, so that every device calls the same one the later. */
function earlierFirst(a: OwnCard, b: OwnCard): number {
	return comparePairs(a.pair, b.pair) || (a.id < b.id ? -1 : 1);
}

function isSame(a: object, b: object): boolean {
	return equal(encodeFields({ ...a }), encodeFields({ ...b }));
}
