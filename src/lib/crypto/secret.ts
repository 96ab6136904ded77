/** Secret bytes in a wrapper that no log, error report or JSON shows (protocol §3). */

const REDACTED = '<redacted>';
/** Node's `util.inspect` calls this; the symbol is registered, so that nothing of Node is imported. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** Holds the very bytes it is given: whoever makes one keeps no other reference to them. */
export class Secret {
	readonly #bytes: Uint8Array<ArrayBuffer>;

	constructor(bytes: Uint8Array<ArrayBuffer>) {
		this.#bytes = bytes;
	}

	get length(): number {
		return this.#bytes.length;
	}

	/** The bytes themselves, not a copy: for the primitive that needs them, never to be kept. */
	reveal(): Uint8Array<ArrayBuffer> {
		return this.#bytes;
	}

	/** Overwrites the bytes. JavaScript may hold copies: this shortens a life, it promises nothing. */
	erase(): void {
		this.#bytes.fill(0);
	}

	toString(): string {
		return REDACTED;
	}

	toJSON(): string {
		return REDACTED;
	}

	get [Symbol.toStringTag](): string {
		return REDACTED;
	}

	[INSPECT](): string {
		return REDACTED;
	}
}

export function equalSecret(a: Secret, b: Secret): boolean {
	return equalConstantTime(a.reveal(), b.reveal());
}

/** For MACs and secrets: the time taken depends on the lengths alone, as far as JavaScript allows. */
export function equalConstantTime(a: Uint8Array, b: Uint8Array): boolean {
	if (a.length !== b.length) return false;
	let difference = 0;
	for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
	return difference === 0;
}
