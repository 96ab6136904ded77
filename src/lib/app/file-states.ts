/** How much of each attachment of a thread is here. */

import { fetchedPart } from '../mailbox/file-blocks.ts';
import type { FileState } from '../mailbox/thread-view.ts';
import type { BlockStore } from '../post/ports.ts';
import type { KnockRecord, MessageRecord } from '../post/records.ts';

/** By `fileKey`. */
export type FileStates = ReadonlyMap<string, FileState>;

export const NO_FILES: FileStates = new Map();

export function fileKey(messageId: string, index: number): string {
	return `${messageId}/${String(index)}`;
}

export function withFile(states: FileStates, key: string, state: FileState): FileStates {
	return new Map([...states, [key, state]]);
}

/** One's own files were sealed here; what was seen whole stays so. */
export async function measureFiles(
	blocks: BlockStore,
	messages: readonly MessageRecord[],
	knocks: readonly KnockRecord[],
	before: FileStates
): Promise<FileStates> {
	const states = new Map<string, FileState>();
	for (const { id, isMine, mail } of messages) {
		for (const [index, file] of mail.attachments.entries()) {
			const key = fileKey(id, index);
			const known = before.get(key);
			const isHere = isMine || known?.at === 'here';
			const part = isHere ? 1 : await fetchedPart(blocks, file);
			states.set(key, toState(part, knocks, known));
		}
	}
	return states;
}

/** A part is being fetched as long as a notice waits for it; without one the reader may ask. */
function toState(
	part: number,
	knocks: readonly KnockRecord[],
	before: FileState | undefined
): FileState {
	if (part === 1) return { at: 'here' };
	if (before?.at === 'failed') return before;
	const holders = new Set(knocks.flatMap((knock) => knock.holders)).size;
	return holders > 0 ? { at: 'fetching', progress: part, holders } : { at: 'absent' };
}
