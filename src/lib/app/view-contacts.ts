/** What the screens see of other people: `view.ts` says how such facts and verbs are. */

import type { Undo } from './view.ts';
import type { Recipient } from './view-writing.ts';

/** One badge per shape in look.md; `known` draws nothing. */
export type Badge = 'verified' | 'introduced' | 'known' | 'new' | 'ordinary' | 'doubtful';

export interface Person {
	/** Empty if none is known: the screen then shows the beginning of the address. */
	readonly name: string;
	readonly address: string;
	readonly isMe: boolean;
	readonly badge: Badge;
	/** Names the picture that the user gave them, for `AddressBook.photoUrl`. */
	readonly photo?: string;
}

/** What an invite link says. `token` is opaque and handed back to `begin` or `add`. */
export interface Invite {
	readonly name: string;
	readonly address: string;
	readonly token: string;
}

/** A person of the address book. `address` is the one to write to, and the badge is that address's. */
export interface Contact extends Person {
	/** What they call themselves: `name`, unless the user calls them otherwise. Empty: no card says it. */
	readonly cardName: string;
	readonly tier: 'trusted' | 'known' | 'unknown' | 'blocked';
	readonly connection: 'direct' | 'relay' | 'none';
	/** When a connection with one of its devices last ended or lives; null: never. */
	readonly lastSeen: number | null;
	/** Nobody here: an ordinary mail address, which letters do not reach. */
	readonly isOrdinary: boolean;
	/** All addresses of theirs, `address` among them; one, unless several were merged. */
	readonly addresses: readonly ContactAddress[];
}

/** How far one of several addresses is trusted says nothing of the others. */
export type ContactAddress = Pick<
	Contact,
	'address' | 'badge' | 'cardName' | 'tier' | 'connection' | 'lastSeen' | 'isOrdinary'
>;

export interface Contacts {
	/** By name, each person once; null while loading. */
	readonly all: readonly Contact[] | null;
	/** Reads a link or its fragment (`#i=…`); null when it is none or is damaged. */
	readInvite(link: string): Promise<Invite | null>;
	add(invite: Invite): Promise<AddOutcome>;
	block(address: string): Promise<Undo>;
	unblock(address: string): Promise<void>;
	/** What a typed recipient is; never asks the network. */
	recognise(text: string): Recipient;
}

export type AddOutcome = 'added' | 'already-there' | 'myself';
