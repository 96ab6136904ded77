/** Attachments that stand in an earlier message of their thread: their bytes are here once (protocol §4). */

import type { MessageRecord } from '../post/records.ts';
import { cidToBlockId, type BlockId } from '../wire/ids.ts';
import type { Attachment } from '../wire/mail.ts';

/** @param messages of one thread, in the order in which they are shown */
export function repeatedFiles(
	messages: readonly Pick<MessageRecord, 'mail'>[]
): ReadonlySet<Attachment> {
	const seen = new Set<BlockId>();
	const repeated = new Set<Attachment>();
	for (const { mail } of messages) {
		for (const file of mail.attachments) {
			const name = cidToBlockId(file.manifest);
			if (seen.has(name)) repeated.add(file);
			seen.add(name);
		}
	}
	return repeated;
}
