/** The own account as it is now: other tabs rename it and renew its keys while this one works. */

import { openAccount, type Account } from '../post/account.ts';
import type { Desk } from '../post/ports.ts';

/**
 * An account whose fields are always those of the row as last read. Steps take it once and go on with
 * it for hours.
 */
export interface OwnAccount {
	readonly account: Account;
	/** Reads the row again where another has been written; true: it has changed. */
	refresh(): Promise<boolean>;
}

/** `null` where no identity was made in this profile yet. */
export async function openOwnAccount(desk: Desk): Promise<OwnAccount | null> {
	const opened = await openAccount(desk);
	return opened === null ? null : follow(desk, opened);
}

function follow(desk: Desk, opened: Account): OwnAccount {
	let now = opened;
	return {
		account: {
			get record() {
				return now.record;
			},
			get root() {
				return now.root;
			},
			get card() {
				return now.card;
			},
			get cardSigner() {
				return now.cardSigner;
			},
			get auth() {
				return now.auth;
			},
			get me() {
				return now.me;
			},
			get sender() {
				return now.sender;
			},
			get reader() {
				return now.reader;
			},
			get bundle() {
				return now.bundle;
			}
		},
		async refresh() {
			const next = await openAccount(desk);
			if (next === null) return false;
			const { pair, prekeys } = now.record;
			const isSame =
				next.record.pair.seq === pair.seq &&
				next.record.pair.rootSeq === pair.rootSeq &&
				next.record.prekeys.length === prekeys.length;
			now = next;
			return !isSame;
		}
	};
}
