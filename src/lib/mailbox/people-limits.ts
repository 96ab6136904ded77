/** What fits into the user's address book. In a file of its own: screens tell while one types. */

export const GROUP_CHARACTERS = 60;
/** All groups stand in one row, which each change writes anew. */
export const GROUPS_MAX = 200;
/** Far more than one letter goes to (`LIMITS.members`); an address book of a club has that many. */
export const GROUP_MEMBERS_MAX = 500;

export const ALIAS_CHARACTERS = 60;
/** Some ten pages. */
export const NOTES_CHARACTERS = 20_000;
/** A square of 192 points takes 5 to 15 KiB as WebP. */
export const PHOTO_BYTES = 64 * 1024;

/** Addresses of one person: two or three, more after a long life. */
export const PERSON_ADDRESSES_MAX = 16;
/** Entries besides contacts. All of them are in memory where people are listed, some 300 bytes each. */
export const BOOK_MAX = 20_000;
