/**
 * The log of a thread in a few bytes for each entry, so that a replica opens without reading every row
 * again. What a plain message says is not in it: of that there are the id and who wrote it. All other
 * entries (epochs, joins, archives and what is not readable) stand in it by name, to be read.
 *
 * The bytes are entry after entry, in the order of the log; counts are LEB128.
 *
 * | field | of | |
 * |---|---|---|
 * | kind | all | 0: to be read · 1: message · 2: message to a blind recipient |
 * | item | all | 32, the SHA-256 in its CID |
 * | id | messages | 16, of the message |
 * | writer | messages | index in `writers` |
 * | epoch | messages | how many entries before this one |
 * | parents | messages | their number; each: how many entries before this one |
 */

import type { CID } from 'multiformats/cid';
import { toHex } from '../wire/bytes.ts';
import { sha256ToObjectCid } from '../wire/codec.ts';
import { cidToEntryId, MESSAGE_ID_BYTES, type EntryId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { nodeAt, placeOf, type LogNode, type LogView } from './log.ts';
import { PackedMessage } from './packed-node.ts';

/** Whoever wrote, with the sequence of the root record that the entry's epoch lists. */
export interface Writer {
	readonly root: Uint8Array;
	readonly seq: number;
}

export interface Packed {
	readonly writers: readonly Writer[];
	readonly entries: Uint8Array;
}

export interface UnpackedEntry {
	readonly id: EntryId;
	readonly cid: CID;
	/** `null`: to be read. */
	readonly message: UnpackedMessage | null;
}

export interface UnpackedMessage {
	/** 16 bytes. */
	readonly id: Uint8Array;
	readonly isBlind: boolean;
	readonly writer: Writer;
	/** Places in the log. */
	readonly epoch: number;
	readonly parents: readonly number[];
}

const READ = 0;
const MESSAGE = 1;
const BLIND = 2;
const ITEM_BYTES = 32;

/** What came upon it is packed by adding to it. */
export interface PackedLog extends Packed {
	/** How many entries it has; how many of them are to be read. */
	readonly size: number;
	readonly read: number;
}

const NOTHING_PACKED: PackedLog = { writers: [], entries: new Uint8Array(), size: 0, read: 0 };

/** The whole of it. Takes time for what came since it was packed last. */
export function packLog(view: LogView): PackedLog {
	const { log, length } = view;
	const before = log.packed !== null && log.packed.size <= length ? log.packed : NOTHING_PACKED;
	if (before.size === length) return before;
	const bytes = new Bytes(before.entries, 64 * (length - before.size));
	const writers = new Writers(before.writers);
	let { read } = before;
	for (let place = before.size; place < length; place++) {
		const node = nodeAt(view, place);
		const message = toMessage(view, node);
		bytes.put(message === null ? READ : message.isBlind ? BLIND : MESSAGE);
		bytes.putAll(node.cid.multihash.digest);
		if (message === null) read++;
		else putMessage(bytes, place, message, writers.indexOf(message.writer));
	}
	log.packed = { writers: writers.inOrder, entries: bytes.taken(), size: length, read };
	return log.packed;
}

function putMessage(
	bytes: Bytes,
	place: number,
	{ id, epoch, parents }: UnpackedMessage,
	writer: number
): void {
	bytes.putAll(id);
	for (const count of [writer, place - epoch, parents.length]) bytes.putCount(count);
	for (const parent of parents) bytes.putCount(place - parent);
}

function toMessage(view: LogView, { header, content, parents }: LogNode): UnpackedMessage | null {
	if (header.t !== 'entry' || content.kind !== 'entry' || content.body.t !== 'message') return null;
	const { body, seq } = content;
	const epoch = placeOf(view, cidToEntryId(header.epoch));
	if (epoch === null) return null;
	const isBlind = body instanceof PackedMessage ? body.isBlind : body.mail.blind === true;
	return { id: body.id, isBlind, writer: { root: body.cert.root, seq }, epoch, parents };
}

/** `null`: not what `packLog` makes. */
export function unpackLog({ writers, entries }: Packed): UnpackedEntry[] | null {
	const reader = new Reader(entries);
	const unpacked: UnpackedEntry[] = [];
	try {
		while (!reader.isAtEnd) {
			const kind = reader.take();
			const cid = sha256ToObjectCid(reader.takeAll(ITEM_BYTES));
			const message = kind === READ ? null : readMessage(reader, kind, writers, unpacked.length);
			unpacked.push({ id: cidToEntryId(cid), cid, message });
		}
	} catch (error) {
		if (error instanceof RangeError) return null; // it is made anew from the entries
		throw error;
	}
	return unpacked;
}

function readMessage(
	reader: Reader,
	kind: number,
	writers: readonly Writer[],
	place: number
): UnpackedMessage {
	if (kind !== MESSAGE && kind !== BLIND) throw new RangeError('no such kind');
	const id = reader.takeAll(MESSAGE_ID_BYTES);
	const writer = writers[reader.takeCount()];
	const epoch = reader.takePlace(place);
	const count = reader.takeCount();
	if (writer === undefined || count < 1 || count > LIMITS.parents)
		throw new RangeError('no message');
	const parents = Array.from({ length: count }, () => reader.takePlace(place));
	return { id, isBlind: kind === BLIND, writer, epoch, parents };
}

/** Each once, in the order in which they came. */
class Writers {
	readonly inOrder: Writer[];
	readonly #indices = new Map<string, number>();

	constructor(known: readonly Writer[]) {
		this.inOrder = [...known];
		for (const [index, writer] of known.entries()) this.#indices.set(nameOf(writer), index);
	}

	indexOf(writer: Writer): number {
		const known = this.#indices.get(nameOf(writer));
		if (known !== undefined) return known;
		this.#indices.set(nameOf(writer), this.inOrder.length);
		return this.inOrder.push(writer) - 1;
	}
}

function nameOf({ root, seq }: Writer): string {
	return `${toHex(root)}/${String(seq)}`;
}

/** Bytes that grow at their end. */
class Bytes {
	#bytes: Uint8Array<ArrayBuffer>;
	#size = 0;

	constructor(first: Uint8Array, room: number) {
		this.#bytes = new Uint8Array(first.length + room);
		this.putAll(first);
	}

	put(byte: number): void {
		this.#makeRoom(1);
		this.#bytes[this.#size++] = byte;
	}

	putAll(bytes: Uint8Array): void {
		this.#makeRoom(bytes.length);
		this.#bytes.set(bytes, this.#size);
		this.#size += bytes.length;
	}

	putCount(count: number): void {
		let rest = count;
		for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) this.put((rest & 0x7f) | 0x80);
		this.put(rest);
	}

	taken(): Uint8Array<ArrayBuffer> {
		return this.#bytes.slice(0, this.#size);
	}

	#makeRoom(more: number): void {
		if (this.#size + more <= this.#bytes.length) return;
		const grown = new Uint8Array(2 * (this.#size + more));
		grown.set(this.#bytes);
		this.#bytes = grown;
	}
}

/** Throws a `RangeError` where the bytes end too early. */
class Reader {
	readonly #bytes: Uint8Array;
	#at = 0;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	get isAtEnd(): boolean {
		return this.#at === this.#bytes.length;
	}

	take(): number {
		const byte = this.#bytes[this.#at++];
		if (byte === undefined) throw new RangeError('it ends here');
		return byte;
	}

	takeAll(size: number): Uint8Array<ArrayBuffer> {
		const end = this.#at + size;
		if (end > this.#bytes.length) throw new RangeError('it ends here');
		const taken = this.#bytes.slice(this.#at, end);
		this.#at = end;
		return taken;
	}

	/** Below 2²⁸. */
	takeCount(): number {
		let count = 0;
		for (let shift = 0; shift < 28; shift += 7) {
			const byte = this.take();
			count |= (byte & 0x7f) << shift;
			if (byte < 0x80) return count;
		}
		throw new RangeError('too large');
	}

	/** So many before this one. */
	takePlace(place: number): number {
		const back = this.takeCount();
		if (back < 1 || back > place) throw new RangeError('no such place');
		return place - back;
	}
}
