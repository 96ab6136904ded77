/** Mail out of the app: one message or many, byte for byte as it came where it came from elsewhere. */

import { exportMessage } from '../exchange/export-message.ts';
import { fetchedPart } from '../mailbox/file-blocks.ts';
import { inOrder, isShown } from '../post/digest.ts';
import { fetchFile } from '../post/fetching.ts';
import { FileUnavailable, openFile } from '../post/files.ts';
import type { Account } from '../post/account.ts';
import type { Peers } from '../post/holders.ts';
import type { Desk } from '../post/ports.ts';
import type { LegacyRecord, MessageRecord } from '../post/records.ts';
import type { MessageId, ThreadId } from '../wire/ids.ts';
import type { Attachment } from '../wire/mail.ts';
import { allHolders } from './attachment.ts';
import type { MailArchive } from './mail-archive.ts';
import type { TakeOutcome } from './view-mail-files.ts';

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

export interface TakePorts {
	readonly desk: Desk;
	readonly account: Account;
	readonly peers: Peers;
}

interface TakeOptions {
	readonly signal: AbortSignal;
	readonly onProgress: (messages: number) => void;
}

/**
 * @param threads `null`: all but the trash
 * Throws what `sink` throws, and broken storage.
 */
export async function takeMail(
	ports: TakePorts,
	threads: readonly ThreadId[] | null,
	as: 'mbox' | 'zip',
	sink: WritableStream<Uint8Array>,
	options: TakeOptions
): Promise<TakeOutcome> {
	const tally = { messages: 0, missingFiles: 0, ending: 0, isStopped: false };
	const { createMboxFile, createZipFile } = await import('./mail-archive.ts');
	const file = as === 'mbox' ? createMboxFile(sink) : createZipFile(sink);
	try {
		for (const id of threads ?? (await threadsOf(ports.desk))) {
			await takeThread(ports, id, file, tally, options);
		}
		await file.close();
	} catch (error) {
		await file.abort();
		if (!options.signal.aborted) throw error;
		tally.isStopped = true;
	}
	return tally;
}

async function threadsOf({ store }: Desk): Promise<ThreadId[]> {
	const rows = await store.list('thread');
	return rows
		.filter(({ place, count, sideOf }) => place !== 'trash' && count > 0 && sideOf === undefined)
		.sort((a, b) => a.latest.date - b.latest.date)
		.map(({ id }) => id);
}

async function takeThread(
	ports: TakePorts,
	id: ThreadId,
	file: MailArchive,
	tally: { messages: number; missingFiles: number; ending: number },
	{ signal, onProgress }: TakeOptions
): Promise<void> {
	const all = inOrder((await ports.desk.store.list('message', [id])).filter(isShown));
	for (const message of all) {
		signal.throwIfAborted();
		// Whoever wrote it with an end asked that no copy outlives that.
		if (message.endsAt !== undefined || message.endedAt !== undefined) tally.ending++;
		else {
			const { whole, missing } = await withFilesHere(ports, message);
			tally.missingFiles += missing;
			const source = exportMessage(whole, all, (_, each) =>
				openFile(ports.desk, ports.desk.blocks, each)
			);
			await file.add(whole, source);
			onProgress(++tally.messages);
		}
	}
}

interface WithFiles {
	readonly whole: MessageRecord;
	/** Files that nobody has now: it goes without them, and the reader is told. */
	readonly missing: number;
}

/** What is written cannot be taken back, so that files are here before their message is begun. */
async function withFilesHere(ports: TakePorts, message: MessageRecord): Promise<WithFiles> {
	if (message.legacy !== undefined) return withOriginalHere(ports, message, message.legacy);
	const { mail } = message;
	if (mail.attachments.length === 0) return { whole: message, missing: 0 };
	const { desk, account, peers } = ports;
	const holders = await allHolders(desk, account, peers, message);
	const attachments: Attachment[] = [];
	for (const each of mail.attachments) {
		try {
			await fetchFile(desk.blocks, each, holders);
			attachments.push(each);
		} catch (error) {
			if (!(error instanceof FileUnavailable)) throw error;
		}
	}
	const missing = mail.attachments.length - attachments.length;
	return { whole: { ...message, mail: { ...mail, attachments } }, missing };
}

/** An original of which a part is lost is made anew of what is left of the message. */
async function withOriginalHere(
	{ desk: { blocks } }: TakePorts,
	message: MessageRecord,
	{ rest, parts }: LegacyRecord
): Promise<WithFiles> {
	const isHere = async (file: Attachment) => (await fetchedPart(blocks, file)) === 1;
	const { legacy: _lost, ...row } = message;
	const all = row.mail.attachments;
	const here = await Promise.all(all.map(isHere));
	const isWhole = (await isHere(rest)) && parts.every(({ attachment }) => here[attachment]);
	if (isWhole) return { whole: message, missing: 0 };
	const attachments = all.filter((_, at) => here[at]);
	const missing = Math.max(1, all.length - attachments.length);
	return { whole: { ...row, mail: { ...row.mail, attachments } }, missing };
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
