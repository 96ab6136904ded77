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

/** Pieces of one frame before they are put together: the largest comes in 32 of 16 KiB. */
const MOST_PIECES = 256;

/** Cuts a stream that arrives in any pieces into frames. One for each stream; not reusable. */
export class FrameReader {
	readonly #maxBytes: number;
	/** What is left, in the pieces in which it came. */
	#pieces: Uint8Array[] = [];
	#length = 0;
	/** Nothing is complete before so many bytes are here. */
	#wanted = FRAME_HEAD_BYTES;

	constructor(maxBytes: number) {
		this.#maxBytes = maxBytes;
	}

	/** The frames that this piece completes; `too-large` ends the stream: it cannot be resumed. */
	push(piece: Uint8Array): Result<Uint8Array[]> {
		if (piece.length > 0) this.#pieces.push(piece);
		this.#length += piece.length;
		// Who sends single bytes must not make us hold an object for each.
		if (this.#pieces.length > MOST_PIECES) this.#pieces = [concat(...this.#pieces)];
		// A large frame comes in many pieces: they are put together once.
		if (this.#length < this.#wanted) return accept([]);
		const [only = piece] = this.#pieces;
		const bytes = this.#pieces.length < 2 ? only : concat(...this.#pieces);
		const frames: Uint8Array[] = [];
		let offset = 0;
		this.#wanted = FRAME_HEAD_BYTES;
		while (bytes.length - offset >= FRAME_HEAD_BYTES) {
			const size = new DataView(bytes.buffer, bytes.byteOffset + offset).getUint32(0);
			if (size > this.#maxBytes) return refuse('too-large');
			const end = offset + FRAME_HEAD_BYTES + size;
			if (end > bytes.length) {
				this.#wanted = FRAME_HEAD_BYTES + size;
				break;
			}
			frames.push(bytes.slice(offset + FRAME_HEAD_BYTES, end));
			offset = end;
		}
		const rest = bytes.subarray(offset);
		this.#pieces = rest.length === 0 ? [] : [rest];
		this.#length = rest.length;
		return accept(frames);
	}

	/** Are there bytes of an unfinished frame? At the stream's end that means it was cut. */
	get isCut(): boolean {
		return this.#length > 0;
	}
}

/** All frames of a whole body; `wrong-shape` where it ends inside one. */
export function readFrames(body: Uint8Array, maxBytes: number): Result<Uint8Array[]> {
	const reader = new FrameReader(maxBytes);
	const frames = reader.push(body);
	return frames.ok && reader.isCut ? refuse('wrong-shape') : frames;
}
