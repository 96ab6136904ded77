/** Mail out of the app: one message as a file, byte for byte as it came where it came from elsewhere. */

import { exportMessage } from '../mailbox/export-message.ts';
import { fetchFile } from '../post/fetching.ts';
import { FileUnavailable, openFile } from '../post/files.ts';
import type { Account } from '../post/account.ts';
import type { Peers } from '../post/holders.ts';
import type { Desk } from '../post/ports.ts';
import type { MessageRecord } from '../post/records.ts';
import type { MessageId, ThreadId } from '../wire/ids.ts';
import type { Attachment } from '../wire/mail.ts';
import { allHolders } from './attachment.ts';

/** The browser may lay pieces of this size on disk: 16 MiB. */
const PIECE_BYTES = 16 * 1024 * 1024;

/** `null`: it is not here, or a file of it is not to be had now. */
export async function messageFile(
	desk: Desk,
	account: Account,
	peers: Peers,
	thread: ThreadId,
	id: MessageId
): Promise<Blob | null> {
	const message = await desk.store.get('message', [thread, id]);
	if (message === null) return null;
	const all = await desk.store.list('message', [thread]);
	const open = (of: MessageRecord, file: Attachment) => openBrought(desk, account, peers, of, file);
	try {
		return await toBlob(exportMessage(message, all, open), 'message/rfc822');
	} catch (error) {
		if (error instanceof FileUnavailable) return null;
		throw error;
	}
}

/** Brought here first, if need be. */
async function* openBrought(
	desk: Desk,
	account: Account,
	peers: Peers,
	message: MessageRecord,
	file: Attachment
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	if (message.legacy === undefined && !message.isMine) {
		await fetchFile(desk.blocks, file, await allHolders(desk, account, peers, message));
	}
	yield* openFile(desk, desk.blocks, file);
}

async function toBlob(source: AsyncIterable<Uint8Array>, type: string): Promise<Blob> {
	const pieces: Blob[] = [];
	let parts: Uint8Array<ArrayBuffer>[] = [];
	let size = 0;
	for await (const part of source) {
		parts.push(Uint8Array.from(part));
		size += part.length;
		if (size < PIECE_BYTES) continue;
		pieces.push(new Blob(parts));
		parts = [];
		size = 0;
	}
	return new Blob([...pieces, ...parts], { type });
}
