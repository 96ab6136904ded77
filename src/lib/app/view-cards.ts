/** Address books of other programs; a part of `view.ts`, and under its rules. */

import type { Person, Undo } from './view.ts';

export interface CardFiles {
	/** What files of vCards would bring. Nothing is written. */
	read(files: readonly File[], options: CardsWork): Promise<CardsReading>;
	/**
	 * Brings what was read. `together`: ids of those whom the user takes for one with somebody who is here.
	 */
	bring(
		read: CardsRead,
		together: ReadonlySet<number>,
		options: CardsBringing
	): Promise<CardsBrought>;
}

export interface CardsWork {
	readonly signal: AbortSignal;
	/** 0 to 1. */
	readonly onProgress: (progress: number) => void;
}

export interface CardsBringing extends CardsWork {
	/** A small square of a picture that may be anything; null: it is none. */
	readonly toPhoto: (bytes: Uint8Array<ArrayBuffer>) => Promise<Blob | null>;
	/** What telephone numbers and the like are called in the notes. */
	readonly words: Readonly<Record<'tel' | 'adr' | 'org' | 'title' | 'bday' | 'url', string>>;
}

export type CardsReading =
	| { readonly ok: true; readonly it: CardsRead }
	/** `no-cards`: there is no vCard in it; `vanished`: a file was moved or changed while it was read. */
	| { readonly ok: false; readonly problem: 'stopped' | 'vanished' | 'no-cards' };

export interface CardsRead {
	/** In the order of the file. */
	readonly people: readonly CardPreview[];
	/** Names of groups that they are in. */
	readonly groups: readonly string[];
	readonly leftOut: CardsLeftOut;
	/** Handed back to `bring`. */
	readonly files: readonly File[];
}

export interface CardPreview {
	readonly id: number;
	readonly name: string;
	readonly addresses: readonly string[];
	/** One that is nobody's yet. */
	readonly hasNewAddress: boolean;
	/**
	 * `adds`: notes, a picture or groups to somebody who is here; `same`: nothing new; `alike`: it may be one
	 * with somebody who is here.
	 */
	readonly outcome: 'new' | 'adds' | 'same' | 'alike';
	readonly known: readonly Person[];
}

export interface CardsLeftOut {
	/** Nobody can write to them. */
	readonly withoutAddress: number;
	/** Too large, or no card at all. */
	readonly unreadable: number;
	readonly tooMany: number;
}

export interface CardsBrought {
	readonly end: 'done' | 'stopped' | 'storage-full' | 'vanished';
	readonly added: number;
	readonly changed: number;
	/** People for whom there was no room, and groups. */
	readonly leftOut: number;
	readonly groupsLeftOut: number;
	/** All of it. */
	readonly undo: Undo;
}
