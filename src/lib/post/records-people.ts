/** What the user's address book holds besides contacts. None of it is anybody else's business. */

/** `[id]`: what the user noted of somebody. The id is a contact's address, or `p` and 16 hex digits. */
export interface PersonRecord extends PersonMarks {
	readonly id: string;
	/** Of one who is no contact; of a contact empty, for its row has it. */
	readonly name: string;
	/** Ordinary addresses, the first one preferred. */
	readonly emails: readonly string[];
	readonly notes: string;
	/** What else a vCard said, as lines of vCard 4.0 (RFC 6350), to be given back. */
	readonly card?: string;
	/** Unix ms. */
	readonly updatedAt: number;
}

/** Of a contact, and of a person without an address of ours. */
export interface PersonMarks {
	/** Which picture its row in `photo` holds: another picture has another version. */
	readonly photo?: string;
}

/** `[id]`: its picture, small and square, as this program made it. */
export interface PhotoRecord {
	readonly version: string;
	readonly type: string;
	readonly bytes: Uint8Array;
}
