/** Many short texts in one long one, each ended by a line feed: an array of strings at a fraction of its memory. */

export class Lines {
	readonly text: string;
	/** Where each begins, and the end. */
	readonly #starts: Uint32Array;

	constructor(text: string, count: number) {
		this.text = text;
		const starts = new Uint32Array(count + 1);
		let [at, line] = [0, 0];
		while (at < text.length && line < count) {
			const end = text.indexOf('\n', at);
			if (end < 0) break;
			at = end + 1;
			starts[++line] = at;
		}
		this.#starts = starts.subarray(0, line + 1);
	}

	static of(lines: readonly string[]): Lines {
		return new Lines(lines.map((line) => `${line}\n`).join(''), lines.length);
	}

	get length(): number {
		return this.#starts.length - 1;
	}

	/** Is that all that the text says? */
	get isWhole(): boolean {
		return this.#starts.at(-1) === this.text.length;
	}

	at(index: number): string {
		const [start = 0, next = 1] = [this.#starts[index], this.#starts[index + 1]];
		return this.text.slice(start, next - 1);
	}

	/** Of lines that ascend: the first that is not before this text; `length` if none. */
	firstFrom(text: string): number {
		let [low, high] = [0, this.length];
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (this.at(middle) < text) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	*[Symbol.iterator](): Generator<string> {
		for (let index = 0; index < this.length; index++) yield this.at(index);
	}
}
