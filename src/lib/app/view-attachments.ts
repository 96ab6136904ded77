/** Attachments as the screens see them: a part of `view.ts`. */

import type { Person } from './view.ts';

export interface Attachment {
	readonly name: string;
	readonly type: string;
	readonly sizeBytes: number;
	/** The name by which the message's HTML shows it (RFC 2392). */
	readonly inline?: string;
	readonly state:
		| { readonly at: 'here' }
		/** `holders`: those that gave of it so far; 0: nobody who has it answers now. */
		| { readonly at: 'fetching'; readonly progress: number; readonly holders: number }
		| { readonly at: 'absent' }
		| {
				readonly at: 'failed';
				readonly problem: 'no-holder' | 'damaged' | 'storage-full' | 'too-large';
		  };
	/** An earlier message of the thread has it: it is stored and sent once. */
	readonly isRepeated?: boolean;
	/** Who gave how much of it while this tab looked; empty where nobody did. */
	readonly given: readonly Gift[];
}

export interface Gift {
	/** `null`: a post office. */
	readonly person: Person | null;
	readonly bytes: number;
}

export type AttachmentOutcome =
	| { readonly ok: true; readonly blob: Blob }
	| {
			readonly ok: false;
			/** `too-large`: for a page that cannot stream. */
			readonly problem: 'cancelled' | 'no-holder' | 'damaged' | 'storage-full' | 'too-large';
	  };

export type BringOutcome = { readonly ok: true } | Extract<AttachmentOutcome, { ok: false }>;

/** Takes the pieces of a file in their order; resolves when it takes the next. */
export interface Sink {
	write(piece: Uint8Array<ArrayBuffer>): Promise<void>;
}
