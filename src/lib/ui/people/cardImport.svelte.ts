import type {
	CardFiles,
	CardsBringing,
	CardsBrought,
	CardsRead,
	CardsReading
} from '../../app/view-cards.ts';
import { NONE, toggled } from '../shared/sets.ts';
import { attempt, toasts } from '../shared/toasts.svelte.ts';
import { broughtSentence } from './cardSentences.ts';

type State =
	| { readonly at: 'closed' }
	| { readonly at: 'choosing'; readonly problem: 'vanished' | 'no-cards' | null }
	| { readonly at: 'reading'; readonly progress: number }
	| { readonly at: 'looking'; readonly read: CardsRead }
	| { readonly at: 'bringing'; readonly progress: number }
	| { readonly at: 'brought'; readonly brought: CardsBrought };

interface Parts {
	readonly cardFiles: CardFiles;
}

/** The address book that is being brought: wherever it was dropped, the dialog of People shows it. */
class CardImport {
	#state = $state.raw<State>({ at: 'closed' });
	/** Ids of people who are one with somebody. */
	#together = $state.raw(NONE);
	#stop = new AbortController();

	get state(): State {
		return this.#state;
	}

	get isOpen(): boolean {
		return this.#state.at !== 'closed';
	}

	isTogether(id: number): boolean {
		return this.#together.has(String(id));
	}

	toggle(id: number): void {
		this.#together = toggled(this.#together, String(id));
	}

	toggleAll(ids: readonly number[], isOn: boolean): void {
		this.#together = isOn ? new Set(ids.map(String)) : NONE;
	}

	open(): void {
		if (this.#state.at === 'closed') this.#state = { at: 'choosing', problem: null };
	}

	async read({ cardFiles }: Parts, files: readonly File[]): Promise<void> {
		if (files.length === 0 || this.#state.at === 'bringing') return;
		const before = this.#state;
		const stop = this.#begin();
		this.#state = { at: 'reading', progress: 0 };
		// Files that are dropped while the dialog says what was brought.
		if (before.at === 'brought') offerUndo(before.brought);
		const reading = await attempt(() =>
			cardFiles.read(files, {
				signal: stop.signal,
				onProgress: (progress) => {
					if (this.#stop === stop) this.#state = { at: 'reading', progress };
				}
			})
		);
		if (this.#stop !== stop || !this.#isAt('reading')) return;
		this.#together = NONE;
		this.#state = reading === null ? { at: 'closed' } : toState(reading);
	}

	async bring(
		{ cardFiles }: Parts,
		read: CardsRead,
		{ toPhoto, words }: Pick<CardsBringing, 'toPhoto' | 'words'>
	): Promise<void> {
		const stop = this.#begin();
		const together = new Set([...this.#together].map(Number));
		this.#state = { at: 'bringing', progress: 0 };
		const brought = await attempt(() =>
			cardFiles.bring(read, together, {
				...{ signal: stop.signal, toPhoto, words },
				onProgress: (progress) => {
					if (this.#state.at === 'bringing') this.#state = { at: 'bringing', progress };
				}
			})
		);
		if (this.#stop === stop && this.#isAt('bringing')) {
			this.#state = brought === null ? { at: 'closed' } : { at: 'brought', brought };
		} else if (brought !== null) offerUndo(brought);
	}

	/** What is here by then stays, and can be taken back. */
	stop(): void {
		this.#stop.abort();
	}

	/** While people are brought it stops them; the line below says then what was done. */
	close(): void {
		const state = this.#state;
		this.#stop.abort();
		this.#state = { at: 'closed' };
		if (state.at === 'brought') offerUndo(state.brought);
	}

	async undo(): Promise<void> {
		const state = this.#state;
		if (state.at !== 'brought') return;
		this.#state = { at: 'closed' };
		if ((await attempt(() => state.brought.undo().then(() => true))) === true) toasts.say('Undone');
	}

	/** By now: the reader may have closed it meanwhile. */
	#isAt(at: State['at']): boolean {
		return this.#state.at === at;
	}

	#begin(): AbortController {
		this.#stop.abort();
		this.#stop = new AbortController();
		return this.#stop;
	}
}

function offerUndo(brought: CardsBrought): void {
	if (brought.added + brought.changed > 0) toasts.undoable(broughtSentence(brought), brought.undo);
}

function toState(reading: CardsReading): State {
	if (reading.ok) return { at: 'looking', read: reading.it };
	const { problem } = reading;
	return { at: 'choosing', problem: problem === 'stopped' ? null : problem };
}

export const cardImport = new CardImport();

/** Those of a drop that are address books. */
export function cardsAmong(files: Iterable<File>): readonly File[] {
	return [...files].filter(
		({ name, type }) => /\.(?:vcf|vcard)$/i.test(name) || type === 'text/vcard'
	);
}
