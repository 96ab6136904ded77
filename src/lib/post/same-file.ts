/**
 * A file that stands in its thread already (protocol §4): whoever has that content there uses its key and
 * manifest again, and nothing is sealed or stored a second time. It is handed over like any other: the
 * office may have let go of it since, and who had it may have deleted it.
 */

import { createSha256 } from '../crypto/sha.ts';
import { equal } from '../wire/bytes.ts';
import { cidToBlockId, type ThreadId } from '../wire/ids.ts';
import type { Attachment } from '../wire/mail.ts';
import { listBlocks } from './manifest.ts';
import type { Desk, Signalled } from './ports.ts';
import type { DraftFile } from './records.ts';

/** A source that can be read more than once. */
export interface Rereadable {
	readonly size: number;
	read(): AsyncIterable<Uint8Array>;
}

/**
 * `null`: none of the thread's files is the same and whole here. The source is read only where one has
 * its length.
 */
export async function findSame(
	desk: Pick<Desk, 'store' | 'blocks' | 'now'>,
	thread: ThreadId,
	source: Rereadable,
	{ signal }: Signalled = {}
): Promise<NonNullable<DraftFile['sealed']> | null> {
	const candidates = await wholeFiles(desk, thread, source.size);
	if (candidates.length === 0) return null;
	const whole = createSha256();
	for await (const piece of source.read()) {
		signal?.throwIfAborted();
		whole.update(piece);
	}
	const digest = whole.digest();
	const same = candidates.find(({ sha256 }) => equal(sha256, digest));
	if (same === undefined) return null;
	const { key, manifest, sha256 } = same;
	return { key, manifest: cidToBlockId(manifest), sha256, isReused: true };
}

/**
 * Of own messages, for nobody has checked what a stranger says a file's digest is: a lie would put the
 * stranger's content in place of ours. And of those that stay: what ends or was taken back takes its
 * files along.
 */
async function wholeFiles(
	{ store, blocks }: Pick<Desk, 'store' | 'blocks'>,
	thread: ThreadId,
	size: number
): Promise<Attachment[]> {
	const files: Attachment[] = [];
	for (const message of await store.list('message', [thread])) {
		const { mail, isMine, isWithdrawn, refused, endsAt, keptBy } = message;
		// Of what was brought from elsewhere the blocks are this mailbox's alone.
		if (!isMine || message.legacy !== undefined) continue;
		if (isWithdrawn === true || refused !== undefined || endsAt !== undefined) continue;
		// Passed on, or blind: others of the thread may not have the blocks under these names.
		if (keptBy !== undefined || mail.blind === true) continue;
		for (const file of mail.attachments) {
			if (file.size !== size) continue;
			const { kind, chunks } = await listBlocks((id) => blocks.get(id), file);
			if (kind === 'whole' && (await blocks.missing(chunks)).length === 0) files.push(file);
		}
	}
	return files;
}
