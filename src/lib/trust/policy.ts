/** First contact: facts about a notice → what becomes of it (protocol §6.8). Pure. */

import type { Refusal } from '../wire/refusal.ts';

export type Tier = 'trusted' | 'known' | 'unknown' | 'blocked';

export interface NoticeFacts {
	/** How this user sees the writer; null: never heard of. */
	readonly tier: Tier | null;
	/** Is it about a thread that stands in this mailbox already? */
	readonly isKnownThread: boolean;
	/** The invite token inside the sealed notice, held against the invites that this user gave out. */
	readonly token: 'valid' | 'spent' | 'none';
}

export type Verdict =
	/** Fetch it; `makesContact`: the writer becomes a contact, because the user invited them. */
	| { readonly kind: 'inbox'; readonly makesContact: boolean }
	/** Show who asks, fetch nothing. */
	| { readonly kind: 'requests' }
	| { readonly kind: 'refused'; readonly reason: Refusal };

export function judge({ tier, isKnownThread, token }: NoticeFacts): Verdict {
	if (tier === 'blocked') return { kind: 'refused', reason: 'blocked' };
	if (tier === 'known' || tier === 'trusted') return { kind: 'inbox', makesContact: false };
	if (token === 'valid') return { kind: 'inbox', makesContact: true };
	if (isKnownThread) return { kind: 'inbox', makesContact: false };
	return { kind: 'requests' };
}
