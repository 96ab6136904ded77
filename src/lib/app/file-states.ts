/** How much of each attachment of a thread is here. */

import { fetchedPart } from '../mailbox/file-blocks.ts';
import type { FileFacts, FileState } from '../mailbox/thread-view.ts';
import type { BlockStore } from '../post/ports.ts';
import type { KnockRecord, MessageRecord } from '../post/records.ts';

/** By `fileKey`. */
export type FileStates = ReadonlyMap<string, FileFacts>;

export const NO_FILES: FileStates = new Map();

const NOBODY: FileFacts['given'] = new Map();

export function fileKey(messageId: string, index: number): string {
	return `${messageId}/${String(index)}`;
}

export function factsOf(states: FileStates, key: string): FileFacts {
	return states.get(key) ?? { state: { at: 'here' }, given: NOBODY };
}

export function withFile(
	states: FileStates,
	key: string,
	state: FileState,
	given: FileFacts['given'] = factsOf(states, key).given
): FileStates {
	return new Map([...states, [key, { state, given }]]);
}

/** One's own files were sealed here; what was seen whole stays so. */
export async function measureFiles(
	blocks: BlockStore,
	messages: readonly MessageRecord[],
	knocks: readonly KnockRecord[],
	before: FileStates
): Promise<FileStates> {
	const states = new Map<string, FileFacts>();
	for (const { id, isMine, mail } of messages) {
		for (const [index, file] of mail.attachments.entries()) {
			const key = fileKey(id, index);
			const known = before.get(key);
			const isHere = isMine || known?.state.at === 'here';
			const part = isHere ? 1 : await fetchedPart(blocks, file);
			states.set(key, { state: toState(part, knocks, known), given: known?.given ?? NOBODY });
		}
	}
	return states;
}

/**
 * A part is being fetched as long as a notice waits for it; without one the reader may ask. From whom it
 * comes, only news of the fetching itself say.
 */
function toState(
	part: number | 'damaged',
	knocks: readonly KnockRecord[],
	before: FileFacts | undefined
): FileState {
	if (part === 1) return { at: 'here' };
	if (part === 'damaged') return { at: 'failed', problem: 'damaged' };
	const known = before?.state;
	if (known?.at === 'failed') return known;
	if (knocks.length === 0 && known?.at !== 'fetching') return { at: 'absent' };
	const holders = known?.at === 'fetching' ? known.holders : 0;
	return { at: 'fetching', progress: part, holders };
}
