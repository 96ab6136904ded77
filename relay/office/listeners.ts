/** Devices that listen for events of their address. */

import { BOUNDS } from './bounds.ts';

export interface Listener {
	/** The next event, or `null` when `patience` ends first. After the end always `null`. */
	next(patience: Promise<unknown>): Promise<Uint8Array | null>;
	readonly isEnded: boolean;
	end(): void;
}

export interface Listeners {
	readonly size: number;
	open(root: string): Listener;
	/** To every device of this address that listens now. */
	tell(root: string, event: Uint8Array): void;
	/** Ends them all: the address has a new root record. */
	close(root: string): void;
}

export function createListeners(): Listeners {
	const byRoot = new Map<string, Set<Ear>>();
	return {
		get size() {
			return [...byRoot.values()].reduce((sum, ears) => sum + ears.size, 0);
		},
		open(root) {
			const ears = byRoot.get(root) ?? new Set<Ear>();
			byRoot.set(root, ears);
			const [oldest] = ears;
			if (ears.size >= BOUNDS.listenersPerAddress) oldest?.end();
			const ear = new Ear(() => {
				ears.delete(ear);
				if (ears.size === 0 && byRoot.get(root) === ears) byRoot.delete(root);
			});
			ears.add(ear);
			return ear;
		},
		tell(root, event) {
			for (const ear of byRoot.get(root) ?? []) ear.hear(event);
		},
		close(root) {
			for (const ear of byRoot.get(root) ?? []) ear.end();
		}
	};
}

class Ear implements Listener {
	readonly #unread: Uint8Array[] = [];
	readonly #onEnd: () => void;
	#wake: () => void = () => undefined;
	#isEnded = false;

	constructor(onEnd: () => void) {
		this.#onEnd = onEnd;
	}

	get isEnded(): boolean {
		return this.#isEnded;
	}

	hear(event: Uint8Array): void {
		// One that does not read is cut off; when it comes back it is told all that waits.
		if (this.#unread.push(event) > BOUNDS.unreadEvents) this.end();
		this.#wake();
	}

	async next(patience: Promise<unknown>): Promise<Uint8Array | null> {
		if (this.#unread.length === 0 && !this.#isEnded) {
			const heard = new Promise<void>((resolve) => (this.#wake = resolve));
			await Promise.race([heard, patience]);
		}
		return this.#isEnded ? null : (this.#unread.shift() ?? null);
	}

	end(): void {
		if (this.#isEnded) return;
		this.#isEnded = true;
		this.#unread.length = 0;
		this.#onEnd();
		this.#wake();
	}
}
