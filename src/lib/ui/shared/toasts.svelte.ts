import type { Undo } from '../../app/view.ts';

export interface Toast {
	readonly id: number;
	readonly sentence: string;
	readonly tone: 'plain' | 'bad';
	readonly action: { readonly word: string; readonly run: () => void } | null;
}

/** Long enough to read the sentence and reach the button (WCAG 2.2.1: the clock also pauses). */
const SHOWN_MS = 8_000;

/** The one line that says what has just happened, with a way back. */
class Toasts {
	#all = $state.raw<readonly Toast[]>([]);
	#timers = new Map<number, number>();
	#lastId = 0;
	#undo = $state.raw<Undo | null>(null);

	get all(): readonly Toast[] {
		return this.#all;
	}

	say(sentence: string, action: Toast['action'] = null, tone: Toast['tone'] = 'plain'): void {
		this.#lastId += 1;
		const toast = { id: this.#lastId, sentence, tone, action };
		// One at a time: a heap of them would cover the mail.
		for (const old of this.#all) this.#stop(old.id);
		this.#all = [toast];
		this.resume(toast.id);
	}

	undoable(sentence: string, undo: Undo): void {
		this.#undo = undo;
		this.say(sentence, { word: 'Undo', run: () => this.undo() });
	}

	/** Takes back what was done last, once; also when the line that offered it is gone. */
	undo(): void {
		const undo = this.#undo;
		this.#undo = null;
		if (undo === null) return;
		for (const toast of this.#all) this.dismiss(toast.id);
		void attempt(undo).then((done) => {
			if (done !== null) this.say('Undone');
		});
	}

	get canUndo(): boolean {
		return this.#undo !== null;
	}

	dismiss(id: number): void {
		this.#stop(id);
		this.#all = this.#all.filter((toast) => toast.id !== id);
	}

	/** While it is pointed at or focused it stays. */
	pause(id: number): void {
		this.#stop(id);
	}

	resume(id: number): void {
		this.#stop(id);
		this.#timers.set(
			id,
			window.setTimeout(() => {
				this.dismiss(id);
			}, SHOWN_MS)
		);
	}

	#stop(id: number): void {
		window.clearTimeout(this.#timers.get(id));
		this.#timers.delete(id);
	}
}

export const toasts = new Toasts();

/**
 * Runs a verb of the app. It rejects only when storage is broken: the reader is told, and what was
 * there before is still there, because a change is stored whole or not at all.
 */
export async function attempt<T>(verb: () => Promise<T>): Promise<T | null> {
	try {
		return await verb();
	} catch (error) {
		console.error(error);
		toasts.say(
			isNoRoom(error)
				? 'There was no room on this device for that. Nothing was changed.'
				: 'That could not be stored on this device. Nothing else was changed.',
			{
				word: 'Try again',
				run: () => void attempt(verb)
			},
			'bad'
		);
		return null;
	}
}

/** For what the screen does unasked: where there is no room, the bar above it says so already. */
export async function attemptUnasked(verb: () => Promise<unknown>): Promise<void> {
	await attempt(() =>
		verb().catch((error: unknown) => {
			if (!isNoRoom(error)) throw error;
		})
	);
}

export function isNoRoom(error: unknown): boolean {
	return error instanceof Error && error.name === 'StorageFull';
}
