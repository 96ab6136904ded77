import { namesFor, waysOf } from '../mailbox/labels.ts';
import { hitRows } from '../mailbox/rows.ts';
import type { Desk } from '../post/ports.ts';
import type { IndexState } from '../workers/search-words.ts';
import type { Answer, Searching } from './searching.ts';
import type { Shelf } from './shelf.svelte.ts';
import type { Completions, Found, Range, Search } from './view-search.ts';

/** Threads that are asked for at once. */
const LIMIT = 50;
/** After a change, before what is asked is asked again: more changes may follow. */
const AGAIN_MS = 250;

/** What the reader looks for. The search itself, and its index, are loaded with the first question. */
export class SearchState implements Search {
	readonly #desk: Promise<Desk>;
	readonly #shelf: Shelf;
	#searching = $state.raw<Searching | null>(null);
	#loading = false;
	#text = $state('');
	#limit = LIMIT;
	#answer = $state.raw<Answer | null>(null);
	#index = $state.raw<IndexState | null>(null);
	#isAskedSoon = false;
	readonly #found = $derived.by(() => this.#toFound());
	readonly #needles = $derived(
		this.#text === '' ? [] : (this.#searching?.needlesOf(this.#text) ?? [])
	);

	constructor({ desk, shelf }: { readonly desk: Promise<Desk>; readonly shelf: Shelf }) {
		this.#desk = desk;
		this.#shelf = shelf;
	}

	get text(): string {
		return this.#text;
	}

	get found(): Found | null {
		return this.#found;
	}

	get progress() {
		if (this.#index === null || !this.#index.isWorking) return null;
		const { indexed, total } = this.#index;
		return { indexed, total };
	}

	ask(text: string): void {
		this.#text = text.trim();
		this.#limit = LIMIT;
		if (this.#text === '') this.#answer = null;
		else this.#askNow();
	}

	more(): void {
		if (this.#answer?.hasMore !== true) return;
		this.#limit = this.#answer.hits.length + LIMIT;
		this.#askNow();
	}

	complete(text: string, caret: number): Completions {
		const { people, labels } = this.#shelf;
		if (this.#searching === null || people === null) return { start: 0, end: 0, options: [] };
		return this.#searching.complete(text, caret, people, waysOf(labels.value ?? []));
	}

	hitsIn(text: string): readonly Range[] {
		return this.#searching?.hitsIn(text, this.#needles) ?? [];
	}

	hitIn(threadId: string): string | null {
		if (this.#text === '') return null;
		return this.#answer?.hits.find(({ thread }) => thread === threadId)?.id ?? null;
	}

	warm(): void {
		void this.#load();
	}

	async #load(): Promise<void> {
		if (this.#loading) return;
		this.#loading = true;
		const [desk, { Searching }] = await Promise.all([this.#desk, import('./searching.ts')]);
		this.#searching = new Searching({
			desk,
			onAnswer: (answer) => {
				if (this.#text !== '') this.#answer = answer;
			},
			onState: (state) => this.#indexIs(state),
			onChange: () => this.#askSoon()
		});
		this.#askNow();
	}

	#indexIs(state: IndexState): void {
		const before = this.#index;
		this.#index = state;
		if (before?.isReady !== true || before.indexed !== state.indexed) this.#askSoon();
	}

	#askSoon(): void {
		if (this.#text === '') return;
		if (this.#isAskedSoon) return;
		this.#isAskedSoon = true;
		setTimeout(() => {
			this.#isAskedSoon = false;
			this.#askNow();
		}, AGAIN_MS);
	}

	#askNow(): void {
		if (this.#text === '') return;
		const { people, threads, labels } = this.#shelf;
		if (this.#searching === null) void this.#load();
		else if (this.#index?.isReady !== true) return;
		else if (people === null || threads === null) this.#askSoon();
		else {
			this.#searching.ask(
				this.#text,
				{ people, threads, labelsOf: namesFor(labels.value ?? []) },
				this.#limit
			);
		}
	}

	#toFound(): Found | null {
		const { look, threads } = this.#shelf;
		if (this.#answer === null || look === null || threads === null) return null;
		const { text, hits, hasMore, problems } = this.#answer;
		return { text, rows: hitRows({ ...look, threads }, hits), hasMore, problems };
	}
}
