/** One message as the screens see it: `view.ts` says how such facts are. */

import type { Attachment } from './view-attachments.ts';
import type { Person } from './view-contacts.ts';

export interface Message {
	readonly id: string;
	readonly from: Person;
	readonly to: readonly Person[];
	readonly cc: readonly Person[];
	/** Filled in the writer's own archive, and with myself in a copy that came to me blind. */
	readonly bcc: readonly Person[];
	readonly date: number;
	readonly isUnread: boolean;
	/** Signed by its writer, so that it can be exported as a proof. */
	readonly isOnRecord: boolean;
	/** Its writer took it back; here it had come already, or it is mine. */
	readonly isWithdrawn: boolean;
	/** Until when it is kept; null: always. */
	readonly endsAt: number | null;
	/** When it ended, and `body` went; null: it has not. */
	readonly endedAt: number | null;
	/** Mine, and somebody has not got it yet. */
	readonly mayWithdraw: boolean;
	readonly body: Body;
	readonly attachments: readonly Attachment[];
	/** One per recipient, for messages of mine; else empty. */
	readonly recipients: readonly Delivery[];
	readonly doubt: Doubt | null;
	/** It came from another mail program, and never was end-to-end encrypted. */
	readonly isLegacy: boolean;
	/** Why it is here as a file alone; null: it is not. */
	readonly legacyProblem: 'unreadable' | 'too-large' | null;
	/** From before I was added: this member passed it on, and nothing else says who wrote it. */
	readonly keptBy: Person | null;
}

export type Body =
	| { readonly at: 'here'; readonly text: string; readonly html: string | null }
	| { readonly at: 'fetching'; readonly progress: number; readonly holders: number }
	| {
			readonly at: 'absent';
			readonly reason: 'withdrawn' | 'no-holder' | 'sealed-too-late' | 'damaged';
	  };

/** Why a message may not be from whom it says. */
export type Doubt =
	| { readonly kind: 'revoked-key'; readonly name: string; readonly since: number }
	/** It came as signed for the record, and the signature is not its writer's. */
	| { readonly kind: 'wrong-signature'; readonly name: string };

type OnItsWay = 'written' | 'kept' | 'noticed';

/**
 * protocol.md §6: `written → kept → noticed → delivered → read | refused | expired | withdrawn`; then
 * perhaps `ended`: the recipient says that its copy is gone, as its end date asked.
 */
export type DeliveryState =
	OnItsWay | 'delivered' | 'read' | 'refused' | 'expired' | 'withdrawn' | 'ended';

export interface Delivery {
	readonly person: Person;
	readonly state: DeliveryState;
	/** Holders that keep the message for this recipient, our own devices not counted. */
	readonly holders: number;
	/** When each state was reached, as far as it was. */
	readonly times: { readonly [state in DeliveryState]?: number };
	/** With `refused`. */
	readonly refusal: Refusal | null;
}

export type Refusal = 'blocked' | 'removed' | 'not-a-member' | 'too-large' | 'too-much' | 'policy';
