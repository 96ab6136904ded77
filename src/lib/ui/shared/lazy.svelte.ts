/**
 * A part of the screen that the first one does without: fetched when it is first read, or before, when
 * nothing else is to be done.
 */
export class Lazy<T> {
	#here = $state.raw<T | null>(null);
	#problem = $state.raw<unknown>(null);
	#loading: Promise<void> | null = null;
	readonly #load: () => Promise<T>;

	constructor(load: () => Promise<T>) {
		this.#load = load;
	}

	/** `null`: on its way. Throws where it could not be fetched; reading it once more tries again. */
	get current(): T | null {
		if (this.#problem !== null) {
			const problem = this.#problem;
			queueMicrotask(() => (this.#problem = null));
			throw problem instanceof Error ? problem : new Error('a part of the app is missing');
		}
		if (this.#here === null) void this.prefetch();
		return this.#here;
	}

	/** Never rejects. */
	prefetch(): Promise<void> {
		this.#loading ??= this.#load().then(
			(loaded) => {
				this.#here = loaded;
			},
			(problem: unknown) => {
				this.#loading = null;
				this.#problem = problem;
			}
		);
		return this.#loading;
	}
}
