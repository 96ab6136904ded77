/** Contacts: whom this user knows, with the newest card that was verified of each. */

import { comparePairs, type Bundle, type Card, type RootRecord } from '../wire/identity.ts';
import { cardDecoder, rootRecordDecoder } from '../wire/identity.ts';
import { admitCard, verifyBundleParts, type VerifiedBundle } from '../identity/chain.ts';
import { isOutdated, isSealable } from '../identity/prekey.ts';
import type { Tier } from '../trust/policy.ts';
import { addressToRootKey, type Address } from '../wire/ids.ts';
import type { Person } from '../threads/thread.ts';
import { accept, refuse, type Refusal, type Result } from '../wire/refusal.ts';
import { readRow, type LookUp } from './look-up.ts';
import { Unreachable, type Change, type Desk, type Signalled } from './ports.ts';
import type { ContactKeys, ContactRecord } from './records.ts';
import { countRefusals } from './refusals.ts';
import { putSlot, slotIdOf } from './registration.ts';

/** A contact whose card is here. */
export interface Correspondent {
	readonly address: Address;
	readonly root: Uint8Array;
	readonly rootRecord: RootRecord;
	readonly card: Card;
	readonly keys: Required<ContactKeys>;
	readonly contact: ContactRecord;
}

export function newContact(
	desk: Pick<Desk, 'random' | 'now'>,
	fields: Pick<ContactRecord, 'address' | 'name' | 'tier' | 'origin' | 'offices'> &
		Partial<ContactRecord>
): ContactRecord {
	return { mySlot: desk.random(32), peers: [], createdAt: desk.now(), ...fields };
}

export function putContact(contact: ContactRecord): Change {
	return { table: 'contact', key: [contact.address], put: contact };
}

/** With the slot that a contact is told; an unknown one is told none. */
export function putContactWithSlot(contact: ContactRecord): Change[] {
	const slot = {
		secret: contact.mySlot,
		kind: 'contact',
		of: contact.address,
		isRegistered: false
	} as const;
	return [putContact(contact), putSlot(slot)];
}

/** `null` while no card of theirs is here, or not the key that it names: nothing can be sealed to them. */
export function toCorrespondent(contact: ContactRecord): Correspondent | null {
	const { keys, address } = contact;
	const cards = cardsOf(contact);
	if (keys?.xwing === undefined || cards === null) return null;
	const root = addressToRootKey(address);
	return { address, root, ...cards, keys: { ...keys, xwing: keys.xwing }, contact };
}

/** Enough to know their hand by; `null` while no card of theirs is here. */
export function cardsOf({
	keys
}: Pick<ContactRecord, 'keys'>): Pick<Correspondent, 'rootRecord' | 'card'> | null {
	if (keys === undefined) return null;
	const rootRecord = rootRecordDecoder.decode(keys.record);
	const card = cardDecoder.decode(keys.card);
	return rootRecord.ok && card.ok ? { rootRecord: rootRecord.value, card: card.value } : null;
}

/** As a thread wraps to it; tells it our slot for it. */
export function toPerson({ root, keys, contact }: Correspondent): Person {
	const { record, card, xwing } = keys;
	return { root, record, card, xwing, contact: slotIdOf(contact.mySlot) };
}

/**
 * The contact with a card: from storage, else from the offices that may know it. `null` where none
 * answers or none has it. A newly found card is stored. Where the prekey is outdated, a newer card is
 * looked for first; if there is none, the known one it is (protocol §2), unless nobody answers and its
 * private part may be gone.
 */
export async function findCorrespondent(
	desk: Desk,
	address: Address,
	offices: readonly string[],
	options: Signalled & LookUp = {}
): Promise<Correspondent | null> {
	const remembered = await readRow(desk.store, 'contact', [address], options);
	const isKnown = remembered !== null && toCorrespondent(remembered) !== null;
	// Another tab may have been given the card since, and an office may not be there to be asked.
	const isLook = !isKnown && options.recalled !== undefined;
	const stored = isLook ? await desk.store.get('contact', [address]) : remembered;
	const known = stored === null ? null : toCorrespondent(stored);
	if (known !== null && !isLookDue(known, desk.now())) return known;
	const candidates = [...new Set([...(stored?.offices ?? []), ...offices])];
	const asked = await askOffices(desk, address, candidates, options);
	return asked ?? (known !== null && isUsable(known, desk.now()) ? known : null);
}

/** Asks nobody. `null` where no card is here, or the private part of its prekey may be gone. */
export async function knownCorrespondent(
	{ store, now }: Pick<Desk, 'store' | 'now'>,
	address: Address
): Promise<Correspondent | null> {
	const stored = await store.get('contact', [address]);
	const known = stored === null ? null : toCorrespondent(stored);
	return known !== null && isUsable(known, now()) ? known : null;
}

/** Looks for a newer card of a contact, for a sender whose seal was answered by a newer pair. */
export function refreshCorrespondent(
	desk: Desk,
	{ address, offices }: ContactRecord,
	options: Signalled = {}
): Promise<Correspondent | null> {
	return askOffices(desk, address, offices, options);
}

/** Whoever one may write to next: so that sending has not to ask (protocol §2). */
export async function refreshOutdated(desk: Desk, options: Signalled = {}): Promise<void> {
	for (const contact of await desk.store.list('contact')) {
		options.signal?.throwIfAborted();
		const known = contact.tier === 'blocked' ? null : toCorrespondent(contact);
		if (known === null || !isLookDue(known, desk.now())) continue;
		await refreshCorrespondent(desk, contact, options);
	}
}

/** A sleeper's card stays outdated: it is asked for again every 6 hours, not with every mail. */
const LOOK_MS = 6 * 60 * 60 * 1000;

function isLookDue({ card, contact: { askedAt } }: Correspondent, nowMs: number): boolean {
	const wasAsked = askedAt !== undefined && Math.abs(nowMs - askedAt) < LOOK_MS;
	return isOutdated(card.prekey, nowMs) && !wasAsked;
}

function isUsable({ card, contact: { askedAt } }: Correspondent, nowMs: number): boolean {
	return isSealable(card.prekey, askedAt ?? null, nowMs);
}

async function askOffices(
	desk: Desk,
	address: Address,
	offices: readonly string[],
	options: Signalled
): Promise<Correspondent | null> {
	for (const url of offices) {
		const bundle = await askOffice(desk, url, address, options);
		const learned = bundle === null ? null : await learnBundle(desk, address, bundle);
		if (learned !== null) return learned;
	}
	return null;
}

async function askOffice(
	desk: Desk,
	url: string,
	address: Address,
	options: Signalled
): Promise<Bundle | null> {
	try {
		return await desk.offices(url).find(address, options);
	} catch (problem) {
		if (problem instanceof Unreachable) return null; // another office may know it
		throw problem;
	}
}

/**
 * A card that its owner handed over: stored where it is newer than the known one, or brings the key
 * that was missing, and its owner is a contact here. No office has answered for it.
 */
export async function learnHanded(
	desk: Desk,
	address: Address,
	bundle: Pick<Bundle, 'record' | 'card' | 'xwing'>
): Promise<void> {
	const verified = await verifyBundleParts(desk.suite, address, bundle);
	if (!verified.ok) return;
	const reasons: Refusal[] = [];
	await desk.store.update('contact', [address], (row) => {
		if (row === null) return [];
		const taken = takeCard(row, verified.value);
		reasons.splice(0, reasons.length, ...(taken.ok ? [] : [taken.reason]));
		return taken.ok ? [putContact({ ...row, ...taken.value })] : [];
	});
	await countRefusals(desk, reasons);
}

/** `null` where it gives us nothing to seal to: a lying directory can only withhold. */
async function learnBundle(
	desk: Desk,
	address: Address,
	bundle: Bundle
): Promise<Correspondent | null> {
	const verified = await verifyBundleParts(desk.suite, address, bundle);
	if (!verified.ok) return null;
	const { name } = verified.value.card;
	const fields = { address, name, tier: 'unknown', origin: 'thread', offices: [] } as const;
	const stranger = newContact(desk, fields);
	const outcome: { row: ContactRecord; reasons: Refusal[] } = { row: stranger, reasons: [] };
	await desk.store.update('contact', [address], (row) => {
		const base = row ?? stranger;
		const taken = takeCard(base, verified.value);
		outcome.reasons = taken.ok ? [] : [taken.reason];
		outcome.row = { ...base, ...(taken.ok && taken.value), askedAt: desk.now() };
		return row === null && !taken.ok ? [] : [putContact(outcome.row)];
	});
	await countRefusals(desk, outcome.reasons);
	return toCorrespondent(outcome.row);
}

/**
 * What a verified card changes in a contact. Refuses `older-than-known` and `conflict`: the held card
 * stays, and whoever made two with one pair is not believed silently.
 */
function takeCard(
	{ keys: held, invitedTo }: Pick<ContactRecord, 'keys' | 'invitedTo'>,
	verified: VerifiedBundle
): Result<Pick<ContactRecord, 'name' | 'keys' | 'offices'>> {
	const { pair, card, recordBytes, cardBytes, xwing } = verified;
	const isOlder = invitedTo !== undefined && comparePairs(pair, invitedTo.pair) < 0;
	if (held === undefined && isOlder) return refuse('older-than-known');
	const admitted = admitCard(held ? toSigned(held) : null, verified);
	if (!admitted.ok) return admitted;
	const keys = { record: recordBytes, card: cardBytes, xwing, pair };
	return accept({ name: card.name, keys, offices: card.offices.map(({ url }) => url) });
}

/** As the card's chain compares it. */
export function toSigned({ pair, record, card }: ContactKeys) {
	return { pair, recordBytes: record, cardBytes: card };
}

/** Moves a contact to a tier; a known or trusted one is told a slot of its own. */
export async function setTier(desk: Desk, address: Address, tier: Tier): Promise<void> {
	await desk.store.update('contact', [address], (contact) => {
		if (contact === null) return [];
		const moved = { ...contact, tier };
		const isTold = tier === 'known' || tier === 'trusted';
		const wasTold = contact.tier === 'known' || contact.tier === 'trusted';
		return isTold && !wasTold ? putContactWithSlot(moved) : [putContact(moved)];
	});
}
