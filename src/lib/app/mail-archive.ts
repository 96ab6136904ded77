/** One file of many mails, written as a stream: an mbox, or a zip of .eml files. */

import { toMbox } from '../exchange/mbox.ts';
import { ZipWriter } from '../exchange/zip-write.ts';
import type { MessageRecord } from '../post/records.ts';

export interface MailArchive {
	/** Resolves when all of it was handed to the sink. */
	add(message: MessageRecord, source: AsyncIterable<Uint8Array>): Promise<void>;
	close(): Promise<void>;
	/** What was written so far is no whole file. */
	abort(): Promise<void>;
}

export function createMboxFile(sink: WritableStream<Uint8Array>): MailArchive {
	const writer = sink.getWriter();
	return {
		async add({ from, mail }, source) {
			for await (const piece of toMbox(source, { from, date: mail.date })) {
				await writer.write(Uint8Array.from(piece));
			}
		},
		close: () => writer.close(),
		abort: () => writer.abort().catch(() => undefined) // it may have failed by itself
	};
}

export function createZipFile(sink: WritableStream<Uint8Array>): MailArchive {
	const zip = new ZipWriter(sink);
	let count = 0;
	return {
		async add({ mail }, source) {
			const name = `${String(++count).padStart(6, '0')} ${fileName(mail.subject)}.eml`;
			await zip.add(name, new Date(mail.date), source);
		},
		close: () => zip.close(),
		abort: () => zip.abort().catch(() => undefined) // it may have failed by itself
	};
}

/** What every file system takes. */
function fileName(subject: string): string {
	const plain = subject
		.replace(/[\p{C}\\/:*?"<>|]+/gu, ' ')
		.replace(/\s+/g, ' ')
		.trim();
	return plain.slice(0, 80).trim() || 'Message';
}
