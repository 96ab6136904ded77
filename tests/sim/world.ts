/**
 * The world of one run: one thing happens at a time, and the dice say which is next. Whatever leaves a
 * party (a write, a request, an answer, a piece of a stream) parks itself with a label and goes on
 * when it is drawn; when nothing is parked, time passes.
 */

import type { Dice } from './dice.ts';
import { Clock } from './clock.ts';
import { Trace } from './trace.ts';

/** One process: a page, a worker, a relay's run, or the network. After its end nothing of it goes on. */
export class Life {
	readonly name: string;
	#isOver = false;
	readonly #onEnd: (() => void)[] = [];

	constructor(name: string) {
		this.name = name;
	}

	get isOver(): boolean {
		return this.#isOver;
	}

	onEnd(work: () => void): void {
		if (this.#isOver) work();
		else this.#onEnd.push(work);
	}

	end(): void {
		if (this.#isOver) return;
		this.#isOver = true;
		for (const work of this.#onEnd.splice(0)) work();
	}
}

/** A promise of a process that is gone: its code never goes on, not even into a `finally`. */
export function never(): Promise<never> {
	return new Promise(() => undefined);
}

/** The same, but it never settles once the life is over. */
export async function whileAlive<T>(life: Life, promise: Promise<T>): Promise<T> {
	try {
		const value = await promise;
		return life.isOver ? await never() : value;
	} catch (error) {
		if (life.isOver) return never();
		throw error;
	}
}

/** What went wrong in a run, in words for whoever reads the report. */
export class Broken extends Error {
	override readonly name = 'Broken';
}

interface Parked {
	readonly life: Life;
	readonly label: string;
	readonly resume: () => void;
}

/** Far more than any story takes: one that takes more runs in a circle. */
const MOST_STEPS = 60_000;
/** Promises have had their say when a whole turn of the event loop is over. */
const settle = setImmediate;

export class World {
	readonly dice: Dice;
	readonly clock: Clock;
	readonly trace: Trace;
	/** How likely it is that time passes although something could happen: deadlines then race. */
	impatience = 0;
	/** Who carries what is on its way between parties: it outlives them all. */
	readonly ether = new Life('ether');
	#parked: Parked[] = [];
	#failure: unknown = null;

	constructor(dice: Dice, start: number, onLine?: (line: string) => void) {
		this.dice = dice;
		this.clock = new Clock(start);
		this.trace = new Trace(onLine);
	}

	note(what: string): void {
		this.trace.note(this.clock.now, what);
	}

	/** Waits until the dice draw it; never goes on if the life ends before. */
	turn(life: Life, label: string): Promise<void> {
		if (life.isOver) return never();
		return new Promise((resume) => this.#parked.push({ life, label, resume }));
	}

	/** @param signal ends it early; then it resolves all the same */
	sleep(life: Life, ms: number, label: string, signal?: AbortSignal): Promise<void> {
		const { promise, resolve } = Promise.withResolvers<undefined>();
		const wake = () => {
			this.clock.clear(timer);
			signal?.removeEventListener('abort', wake);
			if (life.isOver) return;
			this.note(`${life.name} wakes: ${label}`);
			resolve(undefined);
		};
		const timer = this.clock.setTimeout(wake, ms);
		signal?.addEventListener('abort', wake);
		if (signal?.aborted === true) wake();
		return promise;
	}

	/** What was parked of it is let go. */
	end(life: Life): void {
		this.note(`${life.name} ends`);
		life.end();
		this.#parked = this.#parked.filter((parked) => parked.life !== life);
	}

	/** The run is lost; the first reason counts. */
	fail(error: unknown): void {
		this.#failure ??= error;
	}

	/** Labels of what waits, for reports. */
	parked(): string[] {
		return this.#parked.map(({ life, label }) => `${life.name}: ${label}`);
	}

	/** Lives until the story has ended; throws what went wrong in it. */
	async run(story: () => Promise<void>): Promise<void> {
		let ending: { readonly error?: unknown } | null = null;
		const uninstall = this.clock.install();
		// As the browser's: what the app itself calls a defect.
		const { reportError } = globalThis;
		Object.assign(globalThis, { reportError: (error: unknown) => this.fail(error) });
		try {
			story().then(
				() => (ending = {}),
				(error: unknown) => (ending = { error })
			);
			for (let step = 0; ; step++) {
				await new Promise((resolve) => settle(resolve));
				if (this.#failure !== null) throw this.#failure;
				if (ending !== null) return throwIfFailed(ending);
				if (step === MOST_STEPS) throw new Broken(`not over after ${MOST_STEPS} steps`);
				if (!this.#step()) throw new Broken('stuck: nothing is parked and no timer is set');
			}
		} finally {
			uninstall();
			Object.assign(globalThis, { reportError });
		}
	}

	/** `false`: nothing can happen any more. */
	#step(): boolean {
		const count = this.#parked.length;
		const isImpatient = this.dice.chance(this.impatience) && !this.clock.isEmpty;
		if (count === 0 || isImpatient) return this.clock.advance();
		const index = this.dice.below(count);
		const drawn = this.#parked[index];
		const last = this.#parked.pop();
		if (drawn === undefined || last === undefined) return false;
		if (index < this.#parked.length) this.#parked[index] = last;
		this.note(`${drawn.life.name}: ${drawn.label}`);
		drawn.resume();
		return true;
	}
}

function throwIfFailed(ending: { readonly error?: unknown }): void {
	if ('error' in ending) throw ending.error;
}
