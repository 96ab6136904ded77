/** Contacts: whom this user knows, with the newest card that was verified of each. */

import { comparePairs, type Bundle, type Card, type RootRecord } from '../wire/identity.ts';
import { cardDecoder, rootRecordDecoder } from '../wire/identity.ts';
import { verifyBundleParts } from '../identity/chain.ts';
import type { Tier } from '../trust/policy.ts';
import { addressToRootKey, type Address } from '../wire/ids.ts';
import type { Person } from '../threads/thread.ts';
import { Unreachable, type Change, type Desk, type Signalled } from './ports.ts';
import type { ContactKeys, ContactRecord } from './records.ts';
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
	desk: Desk,
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

/** `null` while no card of theirs is here. */
export function toCorrespondent(contact: ContactRecord): Correspondent | null {
	const { keys, address } = contact;
	if (keys?.xwing === undefined) return null;
	const rootRecord = rootRecordDecoder.decode(keys.record);
	const card = cardDecoder.decode(keys.card);
	if (!rootRecord.ok || !card.ok) return null;
	const root = addressToRootKey(address);
	const complete = { ...keys, xwing: keys.xwing };
	return { address, root, rootRecord: rootRecord.value, card: card.value, keys: complete, contact };
}

/** As a thread wraps to it; tells it our slot for it. */
export function toPerson({ root, keys, contact }: Correspondent): Person {
	const { record, card, xwing } = keys;
	return { root, record, card, xwing, contact: slotIdOf(contact.mySlot) };
}

/**
 * The contact with a card: from storage, else from the offices that may know it. `null` where none
 * answers or none has it. A newly found card is stored.
 */
export async function findCorrespondent(
	desk: Desk,
	address: Address,
	offices: readonly string[],
	options: Signalled = {}
): Promise<Correspondent | null> {
	const stored = await desk.store.get('contact', [address]);
	const known = stored === null ? null : toCorrespondent(stored);
	if (known !== null) return known;
	const candidates = [...new Set([...(stored?.offices ?? []), ...offices])];
	for (const url of candidates) {
		const bundle = await askOffice(desk, url, address, options);
		const learned = bundle === null ? null : await learnBundle(desk, address, bundle, stored);
		if (learned !== null) return learned;
	}
	return null;
}

/** Looks for a newer card of a contact, for a sender whose seal was answered by a newer pair. */
export async function refreshCorrespondent(
	desk: Desk,
	contact: ContactRecord,
	options: Signalled = {}
): Promise<Correspondent | null> {
	for (const url of contact.offices) {
		const bundle = await askOffice(desk, url, contact.address, options);
		if (bundle !== null) return learnBundle(desk, contact.address, bundle, contact);
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

async function learnBundle(
	desk: Desk,
	address: Address,
	bundle: Bundle,
	stored: ContactRecord | null
): Promise<Correspondent | null> {
	const verified = await verifyBundleParts(desk.suite, address, bundle);
	if (!verified.ok) return null; // a lying directory can only withhold
	const { card } = verified.value;
	const pair = { rootSeq: card.rootSeq, seq: card.seq };
	const atLeast = stored?.keys?.pair ?? stored?.invitedTo?.pair;
	if (atLeast !== undefined && comparePairs(pair, atLeast) < 0) return null;
	const keys = { record: bundle.record, card: bundle.card, xwing: bundle.xwing, pair };
	const offices = card.offices.map((office) => office.url);
	const base =
		stored ??
		newContact(desk, { address, name: card.name, tier: 'unknown', origin: 'thread', offices });
	const contact = { ...base, name: card.name, keys, offices };
	await desk.store.commit([putContact(contact)]);
	return toCorrespondent(contact);
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
