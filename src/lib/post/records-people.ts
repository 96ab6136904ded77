/** What the user's address book holds besides contacts. None of it is anybody else's business. */

import type { Address } from '../wire/ids.ts';

/**
 * `[id]`: what the user noted of somebody. An id names an entry of the address book: it is the address of a
 * contact, an ordinary address, or the id of several that are one person (`BookRecord`).
 */
export interface PersonRecord {
	/** That id. */
	readonly address: string;
	readonly notes: string;
	/** Unix ms. */
	readonly updatedAt: number;
}

/** Of an entry. */
export interface PersonMarks {
	/** Which picture its row in `photo` holds: another picture has another version. */
	readonly photo?: string;
}

/** `[id]`: the picture of an entry, small and square, as this program made it. */
export interface PhotoRecord {
	readonly version: string;
	readonly type: string;
	readonly bytes: Uint8Array;
}

/** `[id]`: an entry of the address book that is no contact. */
export type BookRecord = OrdinaryRecord | MergedRecord;

/** Somebody with an ordinary mail address. */
export interface OrdinaryRecord extends PersonMarks {
	readonly kind: 'ordinary';
	/** The address, as `parseOrdinary` gives it. */
	readonly id: Address;
	/** As the user calls them; never empty. */
	readonly name: string;
	readonly createdAt: number;
}

/**
 * Entries that are one person, as this user says. They stay what they are under it, with their names, notes
 * and pictures, and how far each address is trusted stays with that address.
 */
export interface MergedRecord extends PersonMarks {
	readonly kind: 'merged';
	/** `p` and 16 hex digits: no address. */
	readonly id: string;
	/** Ids of two entries or more; the first lends its name. */
	readonly parts: readonly string[];
	/** Where the user calls them otherwise. */
	readonly name?: string;
	readonly createdAt: number;
}
