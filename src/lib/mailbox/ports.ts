/** What the local view needs of storage besides `post/ports.ts`. */

import type { MessageRecord } from '../post/records.ts';
import type { MessageId, ThreadId } from '../wire/ids.ts';

/** Where a message's row stands in this browser: opaque, the same for as long as there is storage. */
export type MessagePlace = Uint8Array<ArrayBuffer>;

/** All messages at once, as search has to see them: without opening a row, and many in one reading. */
export interface MessageShelf {
	/** Of every message that is stored, in no order; a thread's stand together. */
	places(): Promise<readonly MessagePlace[]>;
	/** Whether or not there is such a row. */
	placeOf(thread: ThreadId, message: MessageId): Promise<MessagePlace>;
	/** What all places of a thread's messages begin with. */
	threadPlace(thread: ThreadId): Promise<MessagePlace>;
	/** In their order; `null`: not there, or what it stood under was destroyed. Throws `RingAway`. */
	read(places: readonly MessagePlace[]): Promise<(MessageRecord | null)[]>;
}
