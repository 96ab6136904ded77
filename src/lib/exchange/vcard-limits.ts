/** Bounds of what is read of an address book: whoever made the file may not be a friend. */
export const VCARD_LIMITS = {
	/** People in all files that were chosen; the others are counted only. */
	cards: 10_000,
	/** What they say in all, pictures aside: it is in memory while the user looks at it. */
	characters: 20_000_000,
	/** Of one card, its picture included; one from a camera takes 3 MB, in base64 a third more. */
	cardBytes: 12 * 1024 * 1024,
	/** Lines of one card, when they are unfolded. */
	lines: 500,
	/** Of such a line, if it is no picture. */
	lineCharacters: 100_000,
	/** Of one person; more are left out. */
	addresses: 16,
	notesCharacters: 20_000,
	/** A telephone number, a street, and so on, that goes into the notes. */
	factCharacters: 300,
	facts: 40,
	groups: 16,
	/** Of a group. */
	members: 500,
	idCharacters: 300
} as const;
