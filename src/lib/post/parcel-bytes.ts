/**
 * The bytes of a parcel, written and read as a stream (format: wire/parcel.ts). Memory stays at one
 * chunk and one frame whatever the parcel's size; nothing is believed before its tag is checked.
 */

import { openEnvelope, sealEnvelope, type OpenedEnvelope } from '../crypto/envelope.ts';
import { openChunk, sealChunk } from '../crypto/sealed-file.ts';
import { Secret } from '../crypto/secret.ts';
import { SIZES, type Suite } from '../crypto/suite.ts';
import { concat } from '../wire/bytes.ts';
import { frame, FrameReader } from '../wire/frame.ts';
import { LIMITS } from '../wire/limits.ts';
import { encodeObject } from '../wire/office.ts';
import {
	PARCEL_START_BYTES,
	parcelDecoder,
	readStartOfParcel,
	startOfParcel,
	type Parcel
} from '../wire/parcel.ts';
import { accept, refuse, type Result } from '../wire/refusal.ts';
import type { Account } from './account.ts';
import type { Correspondent } from './contacts.ts';
import type { Ground, Signalled } from './ports.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const SEALED_CHUNK_BYTES = LIMITS.chunkBytes + SIZES.tag;

/** Objects in, the file out. Throws what the source throws, and AbortError. */
export async function* writeParcel(
	ground: Ground,
	account: Account,
	recipient: Correspondent,
	madeMs: number,
	objects: AsyncIterable<Uint8Array>,
	{ signal }: Signalled = {}
): AsyncGenerator<Bytes> {
	const key = ground.random(SIZES.key);
	yield startOfParcel(await sealHead(ground, account, recipient, { key, made: madeMs }));
	const secret = new Secret(Uint8Array.from(key));
	let index = 0;
	for await (const chunk of cut(padded(frames(objects)), LIMITS.chunkBytes)) {
		signal?.throwIfAborted();
		yield await sealChunk(ground.suite, secret, index++, chunk);
	}
}

async function sealHead(
	ground: Ground,
	{ record, sender }: Account,
	{ root, card, keys }: Correspondent,
	own: Pick<Parcel, 'key' | 'made'>
): Promise<Uint8Array> {
	const fields = { ...own, record: record.record, card: record.card };
	const sealed = await sealEnvelope(ground, {
		purpose: 'parcel',
		recipient: { root, prekey: card.prekey, xwing: keys.xwing },
		sender,
		context: [],
		payload: encodeObject('parcel', fields)
	});
	// The card was verified when it was stored, and our own fields are within their bounds.
	if (!sealed.ok) throw new Error(`a parcel's head: ${sealed.reason}`);
	return sealed.value;
}

async function* frames(objects: AsyncIterable<Uint8Array>): AsyncGenerator<Bytes> {
	for await (const object of objects) yield frame(object);
}

/** Followed by zeros: the size of a parcel shows as little of what is in it as its class does. */
async function* padded(pieces: AsyncIterable<Bytes>): AsyncGenerator<Bytes> {
	let size = 0;
	for await (const piece of pieces) {
		size += piece.length;
		yield piece;
	}
	for (let left = padmeBytes(size) - size; left > 0; left -= LIMITS.chunkBytes) {
		yield new Uint8Array(Math.min(left, LIMITS.chunkBytes));
	}
}

/** As crypto/pad.ts, of any length: no reader checks it. */
function padmeBytes(size: number): number {
	const exponent = Math.floor(Math.log2(Math.max(2, size)));
	const kept = Math.floor(Math.log2(exponent)) + 1;
	const step = 2 ** Math.max(0, exponent - kept);
	return Math.ceil(size / step) * step;
}

export interface OpenedParcel {
	/** Under which keys it was sealed: who holds them is for `vouch` to say. */
	readonly envelope: OpenedEnvelope;
	readonly head: Parcel;
	/** The frames, as far as they are whole; a refusal ends them. */
	readonly objects: AsyncIterable<Result<Uint8Array>>;
}

/**
 * Refuses as `readStartOfParcel`; `no-wrap-for-me`: it is somebody else's, or of a prekey that is
 * gone; and what envelope and payload refuse.
 */
export async function readParcel(
	suite: Suite,
	{ reader }: Account,
	source: AsyncIterable<Uint8Array>
): Promise<Result<OpenedParcel>> {
	const pieces = new Pieces(source);
	const start = readStartOfParcel(await pieces.take(PARCEL_START_BYTES));
	if (!start.ok) return start;
	const envelope = await openEnvelope(suite, reader, 'parcel', [], start.value);
	if (envelope === null) return refuse('no-wrap-for-me');
	if (!envelope.ok) return envelope;
	const head = parcelDecoder.decode(envelope.value.payload);
	if (!head.ok) return head;
	const secret = new Secret(Uint8Array.from(head.value.key));
	const objects = readObjects(suite, secret, pieces);
	return accept({ envelope: envelope.value, head: head.value, objects });
}

async function* readObjects(
	suite: Suite,
	key: Secret,
	pieces: Pieces
): AsyncGenerator<Result<Uint8Array>> {
	const reader = new FrameReader(LIMITS.frameBytes);
	for (let index = 0; ; index++) {
		const sealed = await pieces.take(SEALED_CHUNK_BYTES);
		if (sealed.length === 0) return;
		const plain = await openChunk(suite, key, index, sealed);
		const whole = plain === null ? refuse('wrong-tag') : reader.push(plain);
		if (!whole.ok) {
			yield whole;
			return;
		}
		for (const object of whole.value) yield accept(object);
	}
}

/** The same bytes in pieces of exactly `size`, the last one shorter. */
async function* cut(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Bytes> {
	const pieces = new Pieces(source);
	try {
		for (;;) {
			const piece = await pieces.take(size);
			if (piece.length > 0) yield piece;
			if (piece.length < size) return;
		}
	} finally {
		await pieces.close();
	}
}

/** A stream, taken in pieces of the asker's size. */
class Pieces {
	readonly #source: AsyncIterator<Uint8Array>;
	#rest: Uint8Array = new Uint8Array(0);

	constructor(source: AsyncIterable<Uint8Array>) {
		this.#source = source[Symbol.asyncIterator]();
	}

	/** Fewer only at the end. */
	async take(size: number): Promise<Bytes> {
		const parts: Uint8Array[] = [];
		for (let missing = size; missing > 0;) {
			if (this.#rest.length === 0) {
				const next = await this.#source.next();
				if (next.done === true) break;
				this.#rest = next.value;
			}
			const part = this.#rest.subarray(0, missing);
			this.#rest = this.#rest.subarray(part.length);
			parts.push(part);
			missing -= part.length;
		}
		return concat(...parts);
	}

	async close(): Promise<void> {
		await this.#source.return?.();
	}
}
