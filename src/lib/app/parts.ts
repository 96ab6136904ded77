import type { Account } from '../post/account.ts';
import type { Peers } from '../post/holders.ts';
import type { Desk } from '../post/ports.ts';
import type { Shelf } from './shelf.svelte.ts';

/** What the state on screen is made of, and its verbs work with; they wait for it. */
export interface Parts {
	readonly desk: Promise<Desk>;
	/** Never settles while there is no identity. */
	readonly account: Promise<Account>;
	readonly shelf: Shelf;
	/** `null`: no node runs in this tab. */
	readonly peers: () => Peers;
}
