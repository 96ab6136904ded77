/**
 * A zip as a stream, its files stored as they are (PKWARE APPNOTE 6.3.10). How large a file is shows when it
 * is written: so sizes and sum stand after it, all sizes have 64 bits, and no zip is too large.
 *
 * | what             | fields                                                                             |
 * | ---------------- | ---------------------------------------------------------------------------------- |
 * | each file        | local header (4.3.7), bytes, data descriptor (4.3.9)                               |
 * | at the end, each | central header (4.3.12)                                                            |
 * | the end          | ZIP64 end (4.3.14), where that is (4.3.15), end of the central directory (4.3.16)  |
 */

import { concat, utf8 } from '../wire/bytes.ts';

const VERSION_ZIP64 = 45;
/** Sizes and sum come after the bytes; the name is UTF-8 (4.4.4). */
const FLAGS = 0x0808;
const EXTRA_ZIP64 = 0x0001;
/** A time does not fit into DOS' years before the first of these, nor after the last one. */
const DOS_YEARS = { first: 1980, last: 2107 } as const;
/** "Look into the field of 64 bits." */
const IN_ZIP64_16 = 0xffff;
const IN_ZIP64_32 = 0xffff_ffff;

interface Written {
	readonly name: Uint8Array;
	readonly time: Uint8Array;
	readonly crc: number;
	readonly size: number;
	/** Where its local header begins. */
	readonly at: number;
}

export class ZipWriter {
	readonly #sink: WritableStreamDefaultWriter<Uint8Array>;
	readonly #files: Written[] = [];
	#at = 0;

	constructor(sink: WritableStream<Uint8Array>) {
		this.#sink = sink.getWriter();
	}

	/** Resolves when the sink took all of it. Throws what `source` or the sink throws; then only `abort` is left. */
	async add(path: string, changed: Date, source: AsyncIterable<Uint8Array>): Promise<void> {
		const [name, time, at] = [utf8(path), dosTime(changed), this.#at];
		await this.#write(localHeader(name, time));
		let crc = 0;
		let size = 0;
		for await (const piece of source) {
			crc = crc32(piece, crc);
			size += piece.length;
			await this.#write(Uint8Array.from(piece)); // theirs to use again
		}
		await this.#write(record([4, 0x0807_4b50], [4, crc], [8, size], [8, size]));
		this.#files.push({ name, time, crc, size, at });
	}

	async close(): Promise<void> {
		const at = this.#at;
		for (const file of this.#files) await this.#write(centralHeader(file));
		await this.#write(ending(this.#files.length, at, this.#at - at));
		await this.#sink.close();
	}

	/** What was written so far is no zip. */
	async abort(): Promise<void> {
		await this.#sink.abort();
	}

	async #write(bytes: Uint8Array): Promise<void> {
		this.#at += bytes.length;
		await this.#sink.write(bytes);
	}
}

function localHeader(name: Uint8Array, time: Uint8Array): Uint8Array {
	const extra = record([2, EXTRA_ZIP64], [2, 16], [8, 0], [8, 0]);
	const sizes = record([4, 0], [4, IN_ZIP64_32], [4, IN_ZIP64_32]);
	const lengths = record([2, name.length], [2, extra.length]);
	const start = record([4, 0x0403_4b50], [2, VERSION_ZIP64], [2, FLAGS], [2, 0]);
	return concat(start, time, sizes, lengths, name, extra);
}

function centralHeader({ name, time, crc, size, at }: Written): Uint8Array {
	const extra = record([2, EXTRA_ZIP64], [2, 24], [8, size], [8, size], [8, at]);
	const versions = record([2, VERSION_ZIP64], [2, VERSION_ZIP64]);
	const start = concat(record([4, 0x0201_4b50]), versions, record([2, FLAGS], [2, 0]), time);
	const sizes = record([4, crc], [4, IN_ZIP64_32], [4, IN_ZIP64_32]);
	// No comment, the first disk, no attributes.
	const rest = record([2, 0], [2, 0], [2, 0], [4, 0], [4, IN_ZIP64_32]);
	return concat(start, sizes, record([2, name.length], [2, extra.length]), rest, name, extra);
}

/** @param at where the central directory begins */
function ending(count: number, at: number, size: number): Uint8Array {
	const disks = record([4, 0], [4, 0]);
	const versions = record([2, VERSION_ZIP64], [2, VERSION_ZIP64]);
	const counts = record([8, count], [8, count], [8, size], [8, at]);
	const zip64 = concat(record([4, 0x0606_4b50], [8, 44]), versions, disks, counts);
	const locator = record([4, 0x0706_4b50], [4, 0], [8, at + size], [4, 1]);
	const sizes = record([4, IN_ZIP64_32], [4, IN_ZIP64_32], [2, 0]);
	const end = record([4, 0x0605_4b50], [2, 0], [2, 0], [2, IN_ZIP64_16], [2, IN_ZIP64_16]);
	return concat(zip64, locator, end, sizes);
}

/** Local time, to two seconds (4.4.6). */
function dosTime(date: Date): Uint8Array {
	const { first, last } = DOS_YEARS;
	if (!(date.getFullYear() >= first)) return dosTime(new Date(first, 0));
	if (date.getFullYear() > last) return dosTime(new Date(last, 11, 31, 23, 59, 58));
	const time = (date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1);
	const day = ((date.getFullYear() - first) << 9) | ((date.getMonth() + 1) << 5) | date.getDate();
	return record([2, time], [2, day]);
}

/** Numbers in so many bytes each, the least first. */
function record(...fields: readonly (readonly [bytes: 2 | 4 | 8, value: number])[]): Uint8Array {
	const view = new DataView(new ArrayBuffer(fields.reduce((sum, [bytes]) => sum + bytes, 0)));
	let at = 0;
	for (const [bytes, value] of fields) {
		if (bytes === 2) view.setUint16(at, value, true);
		else if (bytes === 4) view.setUint32(at, value, true);
		else view.setBigUint64(at, BigInt(value), true);
		at += bytes;
	}
	return new Uint8Array(view.buffer);
}

const CRC_OF_BYTE = Int32Array.from({ length: 256 }, (_, byte) => {
	let crc = byte;
	for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
	return crc;
});

/** CRC-32 of what came before and of these bytes. */
function crc32(bytes: Uint8Array, before: number): number {
	let crc = ~before;
	// Not `of`: that is ten times slower over bytes.
	for (let at = 0; at < bytes.length; at++) {
		crc = (crc >>> 8) ^ (CRC_OF_BYTE[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
	}
	return ~crc >>> 0;
}
