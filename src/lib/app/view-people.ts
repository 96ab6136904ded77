/** What the screens see of the user's own address book, besides the contacts; a part of `view.ts`. */

import type { Attachment, Lookup, Person, Row, Undo } from './view.ts';

export interface Group {
	readonly id: string;
	readonly name: string;
	/**
	 * Addresses as `Contact.address` has them, by name; blocked people among them. Whoever is no contact
	 * any more is not named.
	 */
	readonly members: readonly string[];
}

/** Named groups of contacts. Nobody but this user sees them. */
export interface Groups {
	/** By name; null while loading. */
	readonly all: readonly Group[] | null;
	/** Its id; null: the name is empty, too long or taken, or there are too many groups or members. */
	create(name: string, members: readonly string[]): Promise<string | null>;
	/** False: as in `create`. */
	rename(id: string, name: string): Promise<boolean>;
	/** By address. Null: there would be too many; nothing was changed. */
	change(
		id: string,
		members: { readonly add?: readonly string[]; readonly remove?: readonly string[] }
	): Promise<Undo | null>;
	remove(id: string): Promise<Undo>;
}

/**
 * What the user noted and gathered of people. Nobody else learns any of it. Whoever has several addresses is
 * named by any of them.
 */
export interface AddressBook {
	/** For as long as it is shown; null: on its way, or gone. @param ref `Person.photo` */
	photoUrl(ref: string): string | null;
	/** As the user calls them from now on; empty: as they call themselves. Null: nothing was changed. */
	rename(address: string, name: string): Promise<Undo | null>;
	/** A small square picture (`ui/people/photo.ts` makes it); null: none. */
	setPhoto(address: string, picture: Blob | null): Promise<Undo | null>;
	notes(address: string): Notes;
	/** Conversations with them, newest first, the trash left out; null while loading. */
	conversations(address: string, limit: number): Conversations | null;
	/** What they sent, and what was sent to them. */
	files(address: string): Lookup<FilesShared>;
	moreFiles(address: string): Promise<void>;
	/**
	 * As vCards for other programs, with the user's names, notes and pictures. Null: all who are not blocked.
	 */
	saveCards(addresses: readonly string[] | null): Promise<Blob>;
	/** Somebody with an ordinary address. Null: they are here already, it is none, or the book is full. */
	addOrdinary(name: string, address: string): Promise<Undo | null>;
	/** Of somebody whose one address is ordinary. Null: there is no such person. */
	remove(address: string): Promise<Undo | null>;
	/** One person from now on, under the name of the first. Trust stays with each address. */
	merge(first: string, other: string, choice: MergeChoice): Promise<MergeOutcome>;
	/** Whom `split` would make of them: an address or more each, the first first. Null: they are one only. */
	partsOf(address: string): readonly PersonPart[] | null;
	/** As they were before they were merged. Null: they are one only. */
	split(address: string): Promise<Undo | null>;
}

export interface MergeChoice {
	/** Whose picture they have: one of both addresses; null: none. */
	readonly photoOf: string | null;
}

export type MergeOutcome =
	| { readonly ok: true; readonly undo: Undo }
	/** `gone`: somebody was faster, in another tab. */
	| { readonly ok: false; readonly problem: 'gone' | 'too-many-addresses' | 'notes-too-long' };

export interface PersonPart {
	readonly name: string;
	readonly addresses: readonly string[];
}

export interface Notes {
	/** Null while loading. */
	readonly text: string | null;
	/** False: a change is not stored yet (within 1 s). */
	readonly isSaved: boolean;
	edit(text: string): void;
	/** Stores it now. */
	flush(): Promise<void>;
}

export interface Conversations {
	/** At most as many as were asked for. */
	readonly rows: readonly Row[];
	readonly total: number;
}

export interface FilesShared {
	/** Those of the newest conversations first. */
	readonly files: readonly FileShared[];
	readonly hasMore: boolean;
}

export interface FileShared {
	readonly threadId: string;
	/** With `index`, as `Mail.openAttachment` takes it while this list is shown. */
	readonly messageId: string;
	readonly index: number;
	/** Of the conversation. */
	readonly subject: string;
	readonly from: Person;
	readonly date: number;
	readonly attachment: Attachment;
}
