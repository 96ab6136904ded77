/**
 * Time that passes only when the world lets it: the clock of every party, and all timers. While it is
 * installed, the global timers are its own.
 */

interface Timer {
	at: number;
	readonly work: () => void;
	/** `null`: rings once. */
	readonly everyMs: number | null;
}

const NAMES = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const;

export class Clock {
	/** Unix milliseconds. */
	now: number;
	readonly #timers = new Map<number, Timer>();
	#next = 1;

	constructor(now: number) {
		this.now = now;
	}

	setTimeout(work: () => void, ms = 0): number {
		return this.#set({ at: this.now + Math.max(0, Math.ceil(ms)), work, everyMs: null });
	}

	setInterval(work: () => void, ms: number): number {
		return this.#set({ at: this.now + ms, work, everyMs: Math.max(1, ms) });
	}

	clear(handle: number | undefined): void {
		if (handle !== undefined) this.#timers.delete(handle);
	}

	get isEmpty(): boolean {
		return this.#timers.size === 0;
	}

	/**
	 * Goes to the next timer that rings once, and rings it. Intervals that fell due on the way ring
	 * before it, once each, as after a machine has slept. `false` where nothing is set.
	 */
	advance(): boolean {
		const [once, interval] = [this.#earliest(false), this.#earliest(true)];
		const target = once ?? interval;
		if (target === null) return false;
		this.now = Math.max(this.now, target.timer.at);
		if (once === null) {
			this.#ring(target);
			return true;
		}
		for (const [handle, timer] of this.#timers) {
			if (timer.everyMs !== null && timer.at <= this.now) this.#ring({ handle, timer });
		}
		// An interval's work may have called it off.
		if (this.#timers.has(once.handle)) this.#ring(once);
		return true;
	}

	/** Makes the global timers its own; returns the way back. */
	install(): () => void {
		const saved = NAMES.map((name) => [name, globalThis[name]] as const);
		Object.assign(globalThis, {
			setTimeout: (work: () => void, ms?: number) => this.setTimeout(work, ms),
			clearTimeout: (handle?: number) => this.clear(handle),
			setInterval: (work: () => void, ms: number) => this.setInterval(work, ms),
			clearInterval: (handle?: number) => this.clear(handle)
		});
		return () => Object.assign(globalThis, Object.fromEntries(saved));
	}

	#set(timer: Timer): number {
		const handle = this.#next++;
		this.#timers.set(handle, timer);
		return handle;
	}

	#earliest(isInterval: boolean): { readonly handle: number; readonly timer: Timer } | null {
		let best: { readonly handle: number; readonly timer: Timer } | null = null;
		for (const [handle, timer] of this.#timers) {
			if ((timer.everyMs !== null) !== isInterval) continue;
			if (best === null || timer.at < best.timer.at) best = { handle, timer };
		}
		return best;
	}

	#ring({ handle, timer }: { readonly handle: number; readonly timer: Timer }): void {
		if (timer.everyMs === null) this.#timers.delete(handle);
		else timer.at = this.now + timer.everyMs;
		timer.work();
	}
}
