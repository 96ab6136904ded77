/** What a page and a worker that reads its files say to each other: a batch for each `next`. */

import type { Position, SourceFile } from '../exchange/mail-source.ts';

/** `from`: what was read before. */
export interface MailFiles {
	readonly files: readonly SourceFile[];
	readonly from: Position;
}

export interface CardBooks {
	readonly files: readonly Blob[];
	readonly takesPhotos: boolean;
}

export type BatchOrder<What> =
	{ readonly type: 'open'; readonly what: What } | { readonly type: 'next' };

export type BatchAnswer<Batch> =
	| { readonly type: 'batch'; readonly batch: Batch }
	| { readonly type: 'end' }
	/** A file was moved, changed or deleted meanwhile, or this program has a fault. */
	| { readonly type: 'failed'; readonly isGone: boolean; readonly text: string };
