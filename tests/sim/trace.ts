/** What happened, in order: a hash over all of it, and the end of it to read. */

const MASK = 0xffffffff;
const TAIL_LINES = 120;

export class Trace {
	readonly #tail: (readonly [now: number, what: string])[] = [];
	readonly #onLine: ((line: string) => void) | null;
	#low = 0xdeadbeef;
	#high = 0x41c6ce57;
	#count = 0;

	/** @param onLine told each line as it is written */
	constructor(onLine: ((line: string) => void) | null = null) {
		this.#onLine = onLine;
	}

	note(now: number, what: string): void {
		this.#count++;
		this.#mix(now % 2 ** 32);
		for (let i = 0; i < what.length; i++) this.#mix(what.charCodeAt(i));
		this.#tail[this.#count % TAIL_LINES] = [now, what];
		this.#onLine?.(toLine(now, what));
	}

	get count(): number {
		return this.#count;
	}

	/** 64 bits in hex: equal where the same things happened in the same order at the same times. */
	get hash(): string {
		return [this.#high, this.#low]
			.map((lane) => (lane >>> 0).toString(16).padStart(8, '0'))
			.join('');
	}

	/** The last lines, oldest first. */
	tail(): string[] {
		const start = this.#count + 1;
		return Array.from({ length: TAIL_LINES }, (_, i) => this.#tail[(start + i) % TAIL_LINES])
			.filter((noted) => noted !== undefined)
			.map(([now, what]) => toLine(now, what));
	}

	#mix(value: number): void {
		this.#low = Math.imul(this.#low ^ value, 0x9e3779b1) & MASK;
		this.#high = Math.imul((this.#high ^ value) + (this.#low >>> 16), 0x85ebca77) & MASK;
	}
}

function toLine(now: number, what: string): string {
	return `${new Date(now).toISOString()} ${what}`;
}
