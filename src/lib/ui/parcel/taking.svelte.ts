import type { App } from '../../app/view.ts';
import type { TakenParcel } from '../../app/view-parcels.ts';
import { attempt } from '../shared/toasts.svelte.ts';

type State =
	| { readonly at: 'waiting' }
	| { readonly at: 'taking'; readonly name: string; readonly progress: number }
	| { readonly at: 'taken'; readonly name: string; readonly taken: TakenParcel };

/** The parcel that is being taken in, or was last: wherever it was dropped, its page shows it. */
class Taking {
	#state = $state.raw<State>({ at: 'waiting' });
	#stop = new AbortController();

	get state(): State {
		return this.#state;
	}

	async take({ parcels }: Pick<App, 'parcels'>, file: Blob, name: string): Promise<void> {
		this.stop();
		const stop = new AbortController();
		this.#stop = stop;
		this.#state = { at: 'taking', name, progress: 0 };
		const taken = await attempt(() =>
			parcels.take(file, {
				signal: stop.signal,
				onProgress: (progress) => {
					if (this.#stop === stop) this.#state = { at: 'taking', name, progress };
				}
			})
		);
		if (this.#stop !== stop) return;
		this.#state = taken === null ? { at: 'waiting' } : { at: 'taken', name, taken };
	}

	stop(): void {
		this.#stop.abort();
	}

	forget(): void {
		if (this.#state.at === 'taken') this.#state = { at: 'waiting' };
	}
}

export const taking = new Taking();

/** The first file of a drop or a choice that is named as parcels are. */
export function parcelAmong(files: Iterable<File>): File | null {
	return [...files].find(({ name }) => name.toLowerCase().endsWith('.defms')) ?? null;
}
