/** One file of many mails, written as a stream: an mbox, or a zip of .eml files. */

import { configure, ZipWriter } from '@zip.js/zip.js/lib/zip-core-custom.js';
import { toMbox } from '../exchange/mbox.ts';
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

/** The page's policy lets no worker be made of a text, which is how this library makes its own. */
configure({ useWebWorkers: false });

export function createZipFile(sink: WritableStream<Uint8Array>): MailArchive {
	const zip = new ZipWriter(sink, { level: 0 });
	let count = 0;
	return {
		async add({ mail }, source) {
			const name = `${String(++count).padStart(6, '0')} ${fileName(mail.subject)}.eml`;
			const lastModDate = new Date(Math.max(Date.UTC(1980, 0, 2), mail.date));
			await zip.add(name, toStream(source), { lastModDate });
		},
		async close() {
			await zip.close();
		},
		abort: () => sink.abort().catch(() => undefined) // it is locked by the zip, which ends with it
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

function toStream(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
	const pieces = source[Symbol.asyncIterator]();
	return new ReadableStream<Uint8Array>({
		async pull(controller) {
			let next = await pieces.next();
			// A stream waits for a piece that is not empty.
			while (next.done !== true && next.value.length === 0) next = await pieces.next();
			if (next.done === true) controller.close();
			else controller.enqueue(next.value);
		},
		async cancel() {
			await pieces.return?.();
		}
	});
}
