/** Sealing a file while its draft is still being written: with progress, stoppable, leaving nothing behind. */

import { leaveBlocks } from '../mailbox/leftovers.ts';
import { sealFile, type SealedFile } from '../post/files.ts';
import { StorageFull, type BlockStore, type Desk } from '../post/ports.ts';
import type { DraftFile } from '../post/records.ts';
import type { BlockId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';

/** Where the bytes come from; read once. */
export interface Source {
	readonly size: number;
	read(): AsyncIterable<Uint8Array>;
}

export type SealOutcome =
	| { readonly ok: true; readonly sealed: NonNullable<DraftFile['sealed']> }
	| {
			readonly ok: false;
			readonly problem: 'vanished' | 'storage-full' | 'too-large' | 'cancelled';
	  };

export interface SealOptions {
	readonly signal: AbortSignal;
	/** 0 to 1. */
	readonly onProgress: (progress: number) => void;
}

export async function seal(
	desk: Desk,
	source: Source,
	{ signal, onProgress }: SealOptions
): Promise<SealOutcome> {
	if (source.size > LIMITS.fileBytes) return { ok: false, problem: 'too-large' };
	const written: BlockId[] = [];
	try {
		const sealed = await sealFile(desk, recording(desk.blocks, written), source.read(), {
			signal,
			onProgress: (bytes) => onProgress(bytes / Math.max(1, source.size))
		});
		// A file that grew or shrank while it was read is not the one that was chosen.
		if (sealed.size !== source.size) return await fail(desk, written, 'vanished');
		return { ok: true, sealed: toRow(sealed) };
	} catch (error) {
		if (signal.aborted) return fail(desk, written, 'cancelled');
		if (error instanceof StorageFull) return fail(desk, written, 'storage-full');
		if (error instanceof SourceGone) return fail(desk, written, 'vanished');
		throw error;
	}
}

/** What was written already is nobody's; at once, for a full disk needs the room. */
async function fail(
	desk: Desk,
	written: readonly BlockId[],
	problem: Extract<SealOutcome, { ok: false }>['problem']
): Promise<SealOutcome> {
	try {
		await desk.blocks.remove(written);
	} catch {
		// They stay for now; the sweep tries again.
		await leaveBlocks(desk, written);
	}
	return { ok: false, problem };
}

function recording(blocks: BlockStore, written: BlockId[]): Pick<BlockStore, 'put'> {
	return {
		put: async (list) => {
			await blocks.put(list);
			written.push(...list.map(({ id }) => id));
		}
	};
}

function toRow({ key, manifest, sha256 }: SealedFile): NonNullable<DraftFile['sealed']> {
	return { key, manifest, sha256 };
}

/** Thrown by our own sources where what they read is not there any more. */
export class SourceGone extends Error {
	override readonly name = 'SourceGone';
}

/**
 * Reads by a reader, since not every browser iterates streams (WebKit). Whatever it throws is the
 * file's doing: for a deleted one Chromium's stream says `TypeError: network error` and no more.
 */
export function fileSource(file: Blob): Source {
	return {
		size: file.size,
		async *read() {
			const reader = file.stream().getReader();
			try {
				for (;;) {
					const { done, value } = await reader.read().catch((cause: unknown) => {
						throw new SourceGone('the file cannot be read any more', { cause });
					});
					if (done) return;
					yield value;
				}
			} finally {
				await reader.cancel().catch(() => undefined); // it has ended or failed already
			}
		}
	};
}
