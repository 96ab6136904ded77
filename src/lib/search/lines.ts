/** Many short texts in one long one, each ended by a line feed: an array of strings at a fraction of its memory. */

export class Lines {
	readonly text: string;
	/** Where each begins, and the end. */
	readonly #starts: Uint32Array;

	/** @param starts where each begins, and the end */
	constructor(text: string, starts: Uint32Array) {
		this.text = text;
		this.#starts = starts;
	}

	static of(lines: readonly string[]): Lines {
		const text = lines.map((line) => `${line}\n`).join('');
		return Lines.read(text, lines.length) ?? new Lines('', new Uint32Array(1));
	}

	/** `null`: there are not so many in it, or more. */
	static read(text: string, count: number): Lines | null {
		if (count > text.length) return null;
		const starts = new Uint32Array(count + 1);
		for (let at = 0, line = 0; line < count;) {
			const feed = text.indexOf('\n', at);
			if (feed < 0) return null;
			at = feed + 1;
			starts[++line] = at;
		}
		return starts[count] === text.length ? new Lines(text, starts) : null;
	}

	get length(): number {
		return this.#starts.length - 1;
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
