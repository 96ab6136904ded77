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
	#rest: Uint8Array = new Uint8Array(0);

	constructor(maxBytes: number) {
		this.#maxBytes = maxBytes;
	}

	/** The frames that this piece completes; `too-large` ends the stream: it cannot be resumed. */
	push(piece: Uint8Array): Result<Uint8Array[]> {
		this.#rest = this.#rest.length === 0 ? piece : concat(this.#rest, piece);
		const frames: Uint8Array[] = [];
		let offset = 0;
		while (this.#rest.length - offset >= FRAME_HEAD_BYTES) {
			const size = new DataView(this.#rest.buffer, this.#rest.byteOffset + offset).getUint32(0);
			if (size > this.#maxBytes) return refuse('too-large');
			const end = offset + FRAME_HEAD_BYTES + size;
			if (end > this.#rest.length) break;
			frames.push(this.#rest.slice(offset + FRAME_HEAD_BYTES, end));
			offset = end;
		}
		this.#rest = this.#rest.subarray(offset);
		return accept(frames);
	}

	/** Are there bytes of an unfinished frame? At the stream's end that means it was cut. */
	get isCut(): boolean {
		return this.#rest.length > 0;
	}
}

/** All frames of a whole body; `wrong-shape` where it ends inside one. */
export function readFrames(body: Uint8Array, maxBytes: number): Result<Uint8Array[]> {
	const reader = new FrameReader(maxBytes);
	const frames = reader.push(body);
	return frames.ok && reader.isCut ? refuse('wrong-shape') : frames;
}
