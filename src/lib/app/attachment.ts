/** The content of an attachment: brought here if need be, opened, checked, as one `Blob`. */

import type { Account } from '../post/account.ts';
import { watched, type FileProgress } from '../post/collect.ts';
import { fetchFile, type Holders } from '../post/fetching.ts';
import { FileUnavailable, openFile } from '../post/files.ts';
import { holdersOf, type Peers } from '../post/holders.ts';
import { StorageFull, type Desk } from '../post/ports.ts';
import type { MessageRecord } from '../post/records.ts';
import type { Attachment } from '../wire/mail.ts';
import { ProgressWatch } from './bringing.ts';
import { SourceGone, type Source } from './sealing.ts';
import type { AttachmentOutcome, BringOutcome } from './view.ts';

export interface OpenOptions {
	readonly signal: AbortSignal;
	readonly onProgress: (progress: FileProgress) => void;
}

/** Chunks are gathered in pieces of this size, which the browser may lay on disk: 16 MiB. */
const PIECE_BYTES = 16 * 1024 * 1024;

/** What a page may hold of one file where it cannot be streamed. */
export const BLOB_BYTES = 512 * 1024 * 1024;

/** Throws broken storage and defects only. */
export async function openAttachment(
	desk: Desk,
	account: Account,
	peers: Peers,
	message: MessageRecord,
	index: number,
	options: OpenOptions
): Promise<AttachmentOutcome> {
	const file = message.mail.attachments[index];
	if (file !== undefined && file.size > BLOB_BYTES) return { ok: false, problem: 'too-large' };
	const brought = await bringAttachment(desk, account, peers, message, index, options);
	if (!brought.ok || file === undefined) return brought.ok ? NOBODY : brought;
	return heeding(options.signal, async () => ({
		ok: true,
		blob: await toBlob(desk, file, options.signal)
	}));
}

export const NOBODY = { ok: false, problem: 'no-holder' } as const;

/** As `openAttachment`, but what it brings stays where it is. */
export async function bringAttachment(
	desk: Desk,
	account: Account,
	peers: Peers,
	message: MessageRecord,
	index: number,
	options: OpenOptions
): Promise<BringOutcome> {
	const file = message.mail.attachments[index];
	if (file === undefined) return NOBODY;
	const watch = new ProgressWatch(desk.now, options.onProgress);
	const onProgress = (progress: FileProgress) => watch.take(progress);
	const outcome = await heeding(options.signal, async () => {
		await bring(desk, account, peers, message, file, { ...options, onProgress });
		return { ok: true } as const;
	});
	watch.end();
	return outcome;
}

/** What the caller stopped, and what is not to be had, as an outcome. */
export async function heeding<T>(
	signal: AbortSignal,
	work: () => Promise<T>
): Promise<T | Extract<AttachmentOutcome, { ok: false }>> {
	try {
		return await work();
	} catch (error) {
		if (signal.aborted) return { ok: false, problem: 'cancelled' };
		if (error instanceof FileUnavailable) return { ok: false, problem: error.problem };
		if (error instanceof StorageFull) return { ok: false, problem: 'storage-full' };
		throw error;
	}
}

/** The content as a source for a new draft; throws `SourceGone` where no holder has it. */
export function attachmentSource(
	desk: Desk,
	account: Account,
	peers: Peers,
	message: MessageRecord,
	file: Attachment
): Source {
	return {
		size: file.size,
		async *read() {
			try {
				await bring(desk, account, peers, message, file, {});
				yield* openFile(desk, desk.blocks, file);
			} catch (error) {
				if (error instanceof FileUnavailable) throw new SourceGone(error.problem, { cause: error });
				throw error;
			}
		}
	};
}

async function bring(
	desk: Desk,
	account: Account,
	peers: Peers,
	message: MessageRecord,
	file: Attachment,
	options: Partial<OpenOptions>
): Promise<void> {
	const holders = await allHolders(desk, account, peers, message);
	await fetchFile(desk.blocks, file, holders, watched(message.thread, file, options));
}

/** Connected members, and every office that may have a message's files: the writer's, and ours. */
export async function allHolders(
	desk: Desk,
	account: Account,
	peers: Peers,
	message: MessageRecord
): Promise<Holders> {
	const { from, thread } = message;
	const contact = await desk.store.get('contact', [from]);
	const knocks = (await desk.store.list('knock')).filter((knock) => knock.thread === thread);
	const named = [...(contact?.offices ?? []), ...knocks.flatMap((knock) => knock.holders)];
	return holdersOf(desk, peers, message, [...named, account.record.office]);
}

async function toBlob(desk: Desk, file: Attachment, signal: AbortSignal): Promise<Blob> {
	const pieces: Blob[] = [];
	let parts: Uint8Array<ArrayBuffer>[] = [];
	let size = 0;
	for await (const part of openFile(desk, desk.blocks, file, { signal })) {
		parts.push(Uint8Array.from(part));
		size += part.length;
		if (size < PIECE_BYTES) continue;
		pieces.push(new Blob(parts));
		parts = [];
		size = 0;
	}
	return new Blob([...pieces, ...parts], { type: file.type });
}
