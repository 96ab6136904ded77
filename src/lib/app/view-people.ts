/** What the screens see of the user's own address book, besides the contacts; a part of `view.ts`. */

import type { Undo } from './view.ts';

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
