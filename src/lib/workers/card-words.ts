/** What a page and the worker that reads its address books say to each other: a batch for each `next`. */

import type { CardBatch } from '../exchange/vcard-batches.ts';

export type CardOrder =
	| { readonly type: 'open'; readonly files: readonly Blob[]; readonly takesPhotos: boolean }
	| { readonly type: 'next' };

export type CardAnswer =
	| { readonly type: 'batch'; readonly batch: CardBatch }
	| { readonly type: 'end' }
	/** A file was moved, changed or deleted meanwhile, or this program has a fault. */
	| { readonly type: 'failed'; readonly isGone: boolean; readonly text: string };
