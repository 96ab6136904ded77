/** Numbers to bytes and back, for what is written and read by the megabyte. */

const FIRST_BYTES = 2 ** 16;

export class ByteWriter {
	#bytes = new Uint8Array(FIRST_BYTES);
	#length = 0;

	/** LEB128 of a whole number from 0 to 2³² − 1. */
	varint(value: number): void {
		this.#reserve(5);
		let rest = value;
		while (rest > 0x7f) {
			this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
			rest >>>= 7;
		}
		this.#bytes[this.#length++] = rest;
	}

	bytes(bytes: Uint8Array): void {
		this.#reserve(bytes.length);
		this.#bytes.set(bytes, this.#length);
		this.#length += bytes.length;
	}

	/** Little-endian. */
	doubles(values: Float64Array): void {
		this.#reserve(8 * values.length);
		const view = new DataView(this.#bytes.buffer, this.#length);
		for (const [i, value] of values.entries()) view.setFloat64(8 * i, value, true);
		this.#length += 8 * values.length;
	}

	get length(): number {
		return this.#length;
	}

	done(): Uint8Array<ArrayBuffer> {
		return this.#bytes.slice(0, this.#length);
	}

	#reserve(more: number): void {
		if (this.#length + more <= this.#bytes.length) return;
		const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more));
		grown.set(this.#bytes.subarray(0, this.#length));
		this.#bytes = grown;
	}
}

/** Beyond the end, or where a varint is none, everything is empty or 0, and `isAtEnd` is never true. */
export class ByteReader {
	readonly #bytes: Uint8Array;
	#at = 0;
	#isSound = true;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	varint(): number {
		let value = 0;
		for (let shift = 0; shift < 35; shift += 7) {
			const byte = this.#bytes[this.#at++];
			if (byte === undefined) break;
			value += (byte & 0x7f) * 2 ** shift;
			if (byte < 0x80) return value < 2 ** 32 ? value : this.#fail();
		}
		return this.#fail();
	}

	/** Each takes at least a byte, so that a hostile count reserves nothing. */
	varints(count: number): Uint32Array {
		if (!this.#has(count)) return new Uint32Array(0);
		const values = new Uint32Array(count);
		for (let i = 0; i < count; i++) values[i] = this.varint();
		return values;
	}

	bytes(length: number): Uint8Array {
		if (!this.#has(length)) return new Uint8Array(0);
		const bytes = this.#bytes.subarray(this.#at, this.#at + length);
		this.#at += length;
		return bytes;
	}

	doubles(count: number): Float64Array {
		const bytes = this.bytes(8 * count);
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		return Float64Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
	}

	get isAtEnd(): boolean {
		return this.#isSound && this.#at === this.#bytes.length;
	}

	#has(length: number): boolean {
		if (this.#isSound && this.#at + length <= this.#bytes.length) return true;
		this.#fail();
		return false;
	}

	#fail(): 0 {
		this.#isSound = false;
		return 0;
	}
}
