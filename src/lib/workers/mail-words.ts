/** What a page and the worker that reads its mail files say to each other: a batch for each `next`. */

import type { Batch } from '../exchange/brought-batches.ts';
import type { Position, SourceFile } from '../exchange/mail-source.ts';

export type MailOrder =
	| { readonly type: 'open'; readonly files: readonly SourceFile[]; readonly from: Position }
	| { readonly type: 'next' };

export type MailAnswer =
	| { readonly type: 'batch'; readonly batch: Batch }
	| { readonly type: 'end' }
	/** A file was moved, changed or deleted meanwhile, or this program has a fault. */
	| { readonly type: 'failed'; readonly isGone: boolean; readonly text: string };
