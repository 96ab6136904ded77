/**
 * Earlier messages for those who came after them ("with history"): sealed again by a member, by whose
 * word alone they are what the writer wrote. Those on the record prove themselves.
 */

import type { ArchiveBody } from '../wire/body.ts';
import { cidOfObject, encodeFields } from '../wire/codec.ts';
import { bytesToMessageId, MESSAGE_ID_BYTES, type MessageId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Mail } from '../wire/mail.ts';
import type { ShownMessage } from './thread.ts';

export type ArchivedMessage = ArchiveBody['messages'][number];

/** What a body holds besides its messages: certificate, signature, 64 authenticators. */
const HEAD_BYTES = 8 * 1024;

/** Those of these that are shown, in their order, in portions that fit into one entry each. */
export function archiveOf(messages: readonly ShownMessage[]): ArchivedMessage[][] {
	const portions: ArchivedMessage[][] = [];
	let left = 0;
	for (const { root, mail, record, status, withdrawn } of messages) {
		if (status.kind === 'refused' || withdrawn) continue;
		const message = { root, mail, ...(record.kind === 'on' && { record: record.testimony.sig }) };
		const bytes = sizeInBody(message);
		if (bytes === null) continue;
		const last = portions.at(-1);
		if (last === undefined || bytes > left || last.length === LIMITS.references) {
			portions.push([message]);
			left = LIMITS.bodyBytes - HEAD_BYTES - bytes;
		} else {
			last.push(message);
			left -= bytes;
		}
	}
	return portions;
}

/** Could it be handed on to newcomers, signed or not? What cannot is too large to be written. */
export function fitsArchive(message: ArchivedMessage): boolean {
	const bytes = sizeInBody({ ...message, record: message.record ?? new Uint8Array(64) });
	return bytes !== null && bytes <= LIMITS.bodyBytes - HEAD_BYTES;
}

/** `null`: fields that nobody knows nest so deep that two levels more are too many for a reader. */
function sizeInBody(message: ArchivedMessage): number | null {
	try {
		return encodeFields({ messages: [message] }).length;
	} catch (problem) {
		// Its writer chose them, and must not keep the other messages from whoever comes.
		if (problem instanceof RangeError) return null;
		throw problem;
	}
}

/** The same for everybody who archives the same text: the original's id is not told. */
export function archivedId({ root, mail }: { root: Uint8Array; mail: Mail }): MessageId {
	const { digest } = cidOfObject(encodeFields({ root, mail })).multihash;
	return bytesToMessageId(digest.slice(0, MESSAGE_ID_BYTES));
}
