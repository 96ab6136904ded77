/** Rows of what this user writes: drafts, and what of it is still on its way (see `records.ts`). */

import type { Address, BlockId, EntryId, MessageId, ThreadId } from '../wire/ids.ts';
import type { CardPair } from '../wire/identity.ts';
import type { RingKey } from './ports.ts';
import type { History } from './records.ts';
import type { SendProblem } from './send.ts';

/** One recipient of one outbox record: all that is needed to knock, sealed at the time of writing. */
export interface KnockOut {
	readonly to: Address;
	readonly url: string;
	readonly slot: Uint8Array;
	readonly token?: Uint8Array;
	/** Is it the public slot? Then the notice introduces its writer. */
	readonly isPublic: boolean;
	readonly done: Uint8Array;
	readonly knock: Uint8Array;
	/** 4,096 bytes and the card's pair to which it is sealed; absent until that card is here. */
	readonly sealed?: Uint8Array;
	readonly pair?: CardPair;
	/** The recipient has it, and destroyed the secret that opens it: it is to be sealed again. */
	readonly isTooLate?: true;
	/** What they said could not be read, and they were asked again: not a second time. */
	readonly isAskedAgain?: true;
	readonly state:
		'waiting' | 'handed-over' | 'noticed' | 'delivered' | 'refused' | 'expired' | 'withdrawn';
}

/** A message on its way. It ends when every recipient has confirmed, refused or expired. */
export interface OutboxRecord {
	readonly id: string;
	/** The thread in whose archive the message shows; for a side thread that of the main copy. */
	readonly shownIn: ThreadId;
	readonly thread: ThreadId;
	/** Absent: somebody left or was removed, and nothing was written. */
	readonly message?: MessageId;
	/** What a holder must get: entries since the last message of ours, the newest last. */
	readonly entries: readonly EntryId[];
	/**
	 * The first so many of them are for a holder in part, without others' texts; and for these people,
	 * who were added later. Others have them from their writers.
	 */
	readonly past?: { readonly count: number; readonly for: readonly Address[] };
	/** The epoch in which the message is sealed. */
	readonly epoch: EntryId;
	/** At most 280 bytes for those to whom the writer is a stranger. */
	readonly introduction: string;
	/** Attachment blocks by CID, in rows of versions up to 0.3; since then `files` names them. */
	readonly blocks: readonly string[];
	/** Attachments whose blocks go out with it: their manifests list them, however many they are. */
	readonly files?: readonly OutboxFile[];
	/**
	 * How many of entries, then `blocks`, then the blocks of `files` the own post office has; an upload
	 * goes on from here.
	 */
	readonly kept: number;
	readonly isKept: boolean;
	/** Taken back: nothing of it is handed over; whoever fetched it before may still confirm it. */
	readonly isWithdrawn?: true;
	/** When the message ends, Unix ms: told in its notices. */
	readonly ends?: number;
	/** In place of a message: those of the recipient's that have ended here, and when, Unix ms. */
	readonly ended?: readonly { readonly id: Uint8Array; readonly at: number }[];
	/** Blocks that the own office is to let go of. */
	readonly drops?: readonly BlockId[];
	/** It came, or would have come, too late, and was sealed again: that is done once. */
	readonly isResealed?: true;
	readonly knocks: readonly KnockOut[];
	/** Unix ms, greater than that of every earlier message of the thread. */
	readonly createdAt: number;
}

export interface OutboxFile {
	readonly manifest: string;
	readonly size: number;
	/** It stood in the thread before: the office may have it, and is asked. Absent in rows up to 0.4. */
	readonly isReused?: true;
}

/** So many milliseconds after it is sent, or at a time, Unix ms. */
export type DraftEnd = { readonly after: number } | { readonly at: number };

export interface DraftFile {
	readonly id: string;
	readonly name: string;
	readonly type: string;
	readonly size: number;
	/** Set when its blocks are in the block store. */
	readonly sealed?: {
		readonly key: Uint8Array;
		readonly manifest: string;
		readonly sha256: Uint8Array;
		/** In rows of versions up to 0.3: all its blocks. The manifest lists them. */
		readonly blocks?: readonly string[];
		/** It stood in the thread already, and was not sealed again. */
		readonly isReused?: true;
	};
}

export interface DraftRecord {
	readonly id: string;
	readonly kind: 'new' | 'reply' | 'replyAll' | 'forward';
	readonly thread?: ThreadId;
	readonly answers?: MessageId;
	readonly to: readonly string[];
	readonly cc: readonly string[];
	readonly bcc: readonly string[];
	readonly subject: string;
	readonly html: string;
	/** Of plain text: what its writer typed; else made of the HTML, for readers without it. */
	readonly text: string;
	/**
	 * Is it sent without HTML? Then `html` is what the text would be as such, or the text as it was before
	 * it became plain, until it is changed. Absent: no.
	 */
	readonly isPlain?: boolean;
	readonly files: readonly DraftFile[];
	/** The lines that the app put below it when it began; absent: none. */
	readonly signature?: string;
	/** Is it to be signed, so that anyone can prove who wrote it? Absent: no. */
	readonly isOnRecord?: boolean;
	/** Until when the message is to be kept; absent: always, or as the thread says. */
	readonly ends?: DraftEnd | undefined;
	/** For a new thread: until when all that is written there is kept. */
	readonly threadEnds?: DraftEnd | undefined;
	/** The ring's key under which this row stands, once what it says is to end. */
	readonly under?: RingKey;
	/** For those whom an answer adds; absent: as chosen last in this thread, else none. */
	readonly history?: History;
	/** It goes out then, Unix ms, and can be taken back until then (`post/held.ts`); absent: a draft. */
	readonly heldUntil?: number;
	/** It was to go out, and could not: why. Absent: it was not, or its writer has changed it since. */
	readonly heldBack?: SendProblem;
	readonly savedAt: number;
}
