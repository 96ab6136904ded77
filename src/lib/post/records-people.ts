/** What the user's address book holds besides contacts. None of it is anybody else's business. */

import type { Address } from '../wire/ids.ts';

/** `[address]`: what the user noted of a contact. */
export interface PersonRecord {
	readonly address: Address;
	readonly notes: string;
	/** Unix ms. */
	readonly updatedAt: number;
}

/** Of a contact. */
export interface PersonMarks {
	/** Which picture its row in `photo` holds: another picture has another version. */
	readonly photo?: string;
}

/** `[address]`: a contact's picture, small and square, as this program made it. */
export interface PhotoRecord {
	readonly version: string;
	readonly type: string;
	readonly bytes: Uint8Array;
}
