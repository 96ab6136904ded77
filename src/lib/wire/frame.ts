/**
 * Frames of a byte stream: 4 bytes length, big-endian, then one object. The same on the peer stream
 * and in the bodies of HTTP requests and answers.
 */

import { concat } from './bytes.ts';
import { accept, refuse, type Result } from './refusal.ts';

export const FRAME_HEAD_BYTES = 4;

export function frame(payload: Uint8Array): Uint8Array<ArrayBuffer> {
	const framed = new Uint8Array(FRAME_HEAD_BYTES + payload.length);
	new DataView(framed.buffer).setUint32(0, payload.length);
	framed.set(payload, FRAME_HEAD_BYTES);
	return framed;
}

/** Cuts a stream that arrives in any pieces into frames. One for each stream; not reusable. */
export class FrameReader {
	readonly #maxBytes: number;
	/** Not cut yet. Joined only when a frame is whole, so that small pieces are copied once. */
	#pieces: Uint8Array[] = [];
	#heldBytes = 0;
	/** What the next frame needs with its head, as far as the head is known. */
	#neededBytes = FRAME_HEAD_BYTES;

	constructor(maxBytes: number) {
		this.#maxBytes = maxBytes;
	}

	/** The frames that this piece completes; `too-large` ends the stream: it cannot be resumed. */
	push(piece: Uint8Array): Result<Uint8Array[]> {
		if (piece.length > 0) this.#pieces.push(piece);
		this.#heldBytes += piece.length;
		const frames: Uint8Array[] = [];
		while (this.#heldBytes >= this.#neededBytes) {
			if (this.#neededBytes === FRAME_HEAD_BYTES) {
				const size = this.#readSize();
				if (size > this.#maxBytes) return refuse('too-large');
				this.#neededBytes = FRAME_HEAD_BYTES + size;
				if (size > 0) continue;
			}
			frames.push(this.#take(this.#neededBytes).subarray(FRAME_HEAD_BYTES));
			this.#neededBytes = FRAME_HEAD_BYTES;
		}
		return accept(frames);
	}

	#readSize(): number {
		const [first] = this.#pieces;
		const isInOne = first !== undefined && first.length >= FRAME_HEAD_BYTES;
		const head = isInOne ? first : concat(...this.#pieces);
		if (!isInOne) this.#pieces = [head];
		return new DataView(head.buffer, head.byteOffset).getUint32(0);
	}

	/** The first so many bytes, over a buffer of their own. */
	#take(size: number): Uint8Array {
		const taken = new Uint8Array(size);
		let offset = 0;
		while (offset < size) {
			const piece = this.#pieces.shift();
			if (piece === undefined) throw new Error('as many bytes were counted');
			const part = piece.subarray(0, size - offset);
			taken.set(part, offset);
			offset += part.length;
			if (part.length < piece.length) this.#pieces.unshift(piece.subarray(part.length));
		}
		this.#heldBytes -= size;
		return taken;
	}

	/** Are there bytes of an unfinished frame? At the stream's end that means it was cut. */
	get isCut(): boolean {
		return this.#heldBytes > 0;
	}
}

/** All frames of a whole body; `wrong-shape` where it ends inside one. */
export function readFrames(body: Uint8Array, maxBytes: number): Result<Uint8Array[]> {
	const reader = new FrameReader(maxBytes);
	const frames = reader.push(body);
	return frames.ok && reader.isCut ? refuse('wrong-shape') : frames;
}
