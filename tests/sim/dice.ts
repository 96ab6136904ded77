/** Chance in one run: all of it comes from a seed, so that the run can be played again. */

/** sfc32 (PractRand's small fast counting generator): 128 bits of state, and fast. */
export class Dice {
	readonly #seed: string;
	#a: number;
	#b: number;
	#c: number;
	#counter = 1;

	constructor(seed: string) {
		this.#seed = seed;
		[this.#a, this.#b, this.#c] = scatter(seed);
		for (let i = 0; i < 12; i++) this.next();
	}

	/** 32 bits. */
	next(): number {
		const sum = (this.#a + this.#b + this.#counter) | 0;
		this.#counter = (this.#counter + 1) | 0;
		this.#a = this.#b ^ (this.#b >>> 9);
		this.#b = (this.#c + (this.#c << 3)) | 0;
		this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
		return sum >>> 0;
	}

	/** A whole number from 0 to `count` − 1. */
	below(count: number): number {
		return Math.floor((this.next() / 2 ** 32) * count);
	}

	/** A whole number, both ends included. */
	between(low: number, high: number): number {
		return low + this.below(high - low + 1);
	}

	chance(probability: number): boolean {
		return probability > 0 && this.next() < probability * 2 ** 32;
	}

	/** Throws where there is nothing to pick from. */
	pick<T>(items: readonly T[]): T {
		const picked = items[this.below(items.length)];
		if (picked === undefined) throw new RangeError('nothing to pick from');
		return picked;
	}

	/** Each item with this chance, in their order. */
	some<T>(items: readonly T[], probability: number): T[] {
		return items.filter(() => this.chance(probability));
	}

	bytes(size: number): Uint8Array<ArrayBuffer> {
		const bytes = new Uint8Array(size);
		for (let i = 0; i < size; i += 4) {
			const word = this.next();
			for (let k = 0; k < 4 && i + k < size; k++) bytes[i + k] = word >>> (8 * k);
		}
		return bytes;
	}

	/** A stream of its own: what is drawn from it moves nothing here. */
	fork(name: string): Dice {
		return new Dice(`${this.#seed}/${name}`);
	}
}

function scatter(text: string): [number, number, number] {
	const lanes: [number, number, number] = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35];
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		lanes[0] = Math.imul(lanes[0] ^ code, 0x01000193);
		lanes[1] = Math.imul(lanes[1] ^ code, 0x5bd1e995) ^ (lanes[0] >>> 13);
		lanes[2] = Math.imul(lanes[2] + code, 0x27d4eb2f) ^ (lanes[1] >>> 15);
	}
	return lanes;
}
