/** Range reconciliation as the session needs it; `threads/reconcile` does it. */

import type { Result } from '../wire/refusal.ts';

/** Items are 32 bytes each, in any order. */
export interface Compare {
	/** The first message over these items. */
	open(items: readonly Uint8Array[]): Promise<Uint8Array>;
	/** What the peer's message says about these items; a reason where it is no message. */
	answer(items: readonly Uint8Array[], message: Uint8Array): Promise<Result<Compared>>;
}

/** Each difference is learnt by one side, in one answer. */
export interface Compared {
	/** To be sent back; `null`: this message leaves nothing open. */
	readonly reply: Uint8Array | null;
	/** The peer has these, we do not. */
	readonly lacking: readonly Uint8Array[];
	/** We have these, the peer does not. */
	readonly offered: readonly Uint8Array[];
}
