/** Marks: messages as the index knows them in this browser, as numbers. */

import type { MessagePlace } from '../mailbox/ports.ts';

/** Table code, thread and message, the two blinded to 16 bytes each (`store/rows.ts`). */
const THREAD_AT = 1;
const MESSAGE_AT = 17;

/**
 * 53 bits of the place. Nobody else can choose them, for the place is blinded under this browser's key;
 * by chance two of 100,000 messages have the same once in two million mailboxes, and the later of them
 * is then not found.
 */
export function placeToMark(place: MessagePlace): number {
	const view = new DataView(place.buffer, place.byteOffset, place.length);
	const high = (view.getUint32(THREAD_AT) ^ view.getUint32(MESSAGE_AT)) >>> 0;
	const low = (view.getUint32(THREAD_AT + 4) ^ view.getUint32(MESSAGE_AT + 4)) >>> 11;
	return high * 2 ** 21 + low;
}
