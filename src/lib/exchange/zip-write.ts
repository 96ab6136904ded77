/**
 * A zip as a stream, its files stored as they are (PKWARE APPNOTE 6.3.10), in the form that most programs
 * read: 64 bits (ZIP64) and sizes behind the bytes only where there is no other way.
 *
 * | what             | fields                                                                             |
 * | ---------------- | ---------------------------------------------------------------------------------- |
 * | each file        | local header (4.3.7), bytes; a large one: data descriptor (4.3.9)                  |
 * | at the end, each | central header (4.3.12)                                                            |
 * | the end          | of a large zip: ZIP64 end (4.3.14), where that is (4.3.15); end of the central     |
 * |                  | directory (4.3.16)                                                                 |
 */

import { concat, utf8 } from '../wire/bytes.ts';

/**
 * Up to so many bytes a file is held until it is whole, so that its sizes and its sum stand before it: some
 * programs cannot read what is stored with a data descriptor.
 */
const MAX_HELD_BYTES = 16 * 1024 * 1024;
const VERSION_STORED = 10;
const VERSION_ZIP64 = 45;
/** The name is UTF-8 (4.4.4). */
const UTF8_NAME = 0x0800;
/** Sizes and sum come after the bytes (4.4.4). */
const DESCRIBED_AFTER = 0x0008;
const EXTRA_ZIP64 = 0x0001;
/** A time does not fit into DOS' years before the first of these, nor after the last one. */
const DOS_YEARS = { first: 1980, last: 2107 } as const;
/** "Look into the field of 64 bits." */
const IN_ZIP64_16 = 0xffff;
const IN_ZIP64_32 = 0xffff_ffff;

/** What local and central header have in common. */
interface Head {
	readonly name: Uint8Array;
	readonly time: Uint8Array;
	readonly isDescribedAfter: boolean;
}

interface Sized {
	readonly crc: number;
	readonly size: number;
}

interface Written extends Head, Sized {
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
		const at = this.#at;
		const named = { name: utf8(path), time: dosTime(changed) };
		const held: Uint8Array[] = [];
		let [crc, size, isHeld] = [0, 0, true];
		for await (const piece of source) {
			crc = crc32(piece, crc);
			size += piece.length;
			held.push(Uint8Array.from(piece)); // theirs to use again
			if (isHeld && size <= MAX_HELD_BYTES) continue;
			if (isHeld) await this.#write(localHeader({ ...named, isDescribedAfter: true }, null));
			isHeld = false;
			for (const one of held.splice(0)) await this.#write(one);
		}
		const head = { ...named, isDescribedAfter: !isHeld };
		if (isHeld) await this.#write(localHeader(head, { crc, size }));
		else await this.#write(record([4, 0x0807_4b50], [4, crc], [8, size], [8, size]));
		for (const one of held) await this.#write(one);
		this.#files.push({ ...head, crc, size, at });
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

/** @param sized `null`: it is described after, and may be larger than 32 bits can say */
function localHeader(head: Head, sized: Sized | null): Uint8Array {
	const isLarge = sized === null;
	const extra = isLarge ? zip64Extra([0, 0]) : new Uint8Array();
	const { crc, size } = sized ?? { crc: 0, size: IN_ZIP64_32 };
	return concat(
		record([4, 0x0403_4b50], [2, isLarge ? VERSION_ZIP64 : VERSION_STORED]),
		described(head),
		record([4, crc], [4, size], [4, size], [2, head.name.length], [2, extra.length]),
		head.name,
		extra
	);
}

function centralHeader(file: Written): Uint8Array {
	const { name, crc, size, at, isDescribedAfter } = file;
	// In this order, each only where 32 bits cannot say it (4.5.3).
	const large = [size, size, at].filter((number) => number >= IN_ZIP64_32);
	const extra = large.length === 0 ? new Uint8Array() : zip64Extra(large);
	const version = isDescribedAfter || large.length > 0 ? VERSION_ZIP64 : VERSION_STORED;
	const sizes = record([4, crc], [4, upTo32(size)], [4, upTo32(size)]);
	// No comment, the first disk, no attributes.
	const rest = record([2, 0], [2, 0], [2, 0], [4, 0], [4, upTo32(at)]);
	return concat(
		record([4, 0x0201_4b50], [2, version], [2, version]),
		described(file),
		sizes,
		record([2, name.length], [2, extra.length]),
		rest,
		name,
		extra
	);
}

/** Flags, method (stored as it is), time. */
function described({ isDescribedAfter, time }: Head): Uint8Array {
	return concat(record([2, UTF8_NAME | (isDescribedAfter ? DESCRIBED_AFTER : 0)], [2, 0]), time);
}

function zip64Extra(numbers: readonly number[]): Uint8Array {
	const fields = numbers.map((number) => [8, number] as const);
	return record([2, EXTRA_ZIP64], [2, 8 * numbers.length], ...fields);
}

function upTo32(number: number): number {
	return Math.min(number, IN_ZIP64_32);
}

/** @param at where the central directory begins */
function ending(count: number, at: number, size: number): Uint8Array {
	const few = Math.min(count, IN_ZIP64_16);
	const sizes = record([4, upTo32(size)], [4, upTo32(at)], [2, 0]);
	const end = concat(record([4, 0x0605_4b50], [2, 0], [2, 0], [2, few], [2, few]), sizes);
	if (count < IN_ZIP64_16 && size < IN_ZIP64_32 && at < IN_ZIP64_32) return end;
	const disks = record([4, 0], [4, 0]);
	const versions = record([2, VERSION_ZIP64], [2, VERSION_ZIP64]);
	const counts = record([8, count], [8, count], [8, size], [8, at]);
	const zip64 = concat(record([4, 0x0606_4b50], [8, 44]), versions, disks, counts);
	const locator = record([4, 0x0706_4b50], [4, 0], [8, at + size], [4, 1]);
	return concat(zip64, locator, end);
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
