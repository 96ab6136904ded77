import { createContext, untrack } from 'svelte';
import type { Place, Row } from '../../app/view.ts';
import type { Marks } from '../../app/view-organise.ts';
import type { Template } from '../../app/view-templates.ts';
import type { Selection } from '../mail/selection.svelte.ts';

/** The list on screen, as commands meet it. */
export interface ListOnStage {
	readonly place: Place;
	/** In their order; empty while loading. */
	readonly rows: readonly Row[];
	readonly selection: Selection;
	/** The row that has the focus, if one has. */
	focusedId(): string | null;
	focus(id: string): void;
	search(): void;
}

/** The open conversation, as commands meet it. */
export interface ThreadOnStage {
	readonly id: string;
	readonly marks: Marks;
	/** Opens an answer below it. */
	answer(kind: 'reply' | 'replyAll'): void;
	forward(): void;
}

/** A message that is being written, as commands meet it. */
export interface ComposerOnStage {
	/** At the cursor; nothing that was typed gives way to it. */
	insert(template: Template): void;
	/** Asks which. */
	chooseTemplate(): void;
	saveTemplate(): void;
}

/** What lies over everything else, made by commands. */
export type Overlay =
	| { readonly kind: 'palette' }
	| { readonly kind: 'keys' }
	| { readonly kind: 'snooze' | 'label'; readonly ids: readonly string[] };

/** What is there to act on: whoever shows a list or a conversation says so here. */
export class Stage {
	#list = $state.raw<ListOnStage | null>(null);
	#thread = $state.raw<ThreadOnStage | null>(null);
	#overlay = $state.raw<Overlay | null>(null);
	/** The one that had the focus last is the last. */
	#composers = $state.raw<readonly ComposerOnStage[]>([]);
	#awaited: { readonly id: string; readonly work: (thread: ThreadOnStage) => void } | null = null;

	get list(): ListOnStage | null {
		return this.#list;
	}

	get thread(): ThreadOnStage | null {
		return this.#thread;
	}

	get composer(): ComposerOnStage | null {
		return this.#composers.at(-1) ?? null;
	}

	get overlay(): Overlay | null {
		return this.#overlay;
	}

	/** Returns the way off. */
	showList(list: ListOnStage): () => void {
		this.#list = list;
		return () => {
			if (this.#list === list) this.#list = null;
		};
	}

	showThread(thread: ThreadOnStage): () => void {
		this.#thread = thread;
		const awaited = this.#awaited;
		this.#awaited = null;
		// An effect shows it, which is not to run again for what the work reads.
		if (awaited?.id === thread.id) untrack(() => awaited.work(thread));
		return () => {
			if (this.#thread === thread) this.#thread = null;
		};
	}

	/** Also each time when it gets the focus. */
	showComposer(composer: ComposerOnStage): () => void {
		const without = () => this.#composers.filter((one) => one !== composer);
		if (this.composer !== composer) this.#composers = [...without(), composer];
		return () => {
			this.#composers = without();
		};
	}

	/** Now if it is the open one, else once it is; whatever other conversation opens first ends the wait. */
	whenOpen(id: string, work: (thread: ThreadOnStage) => void): void {
		this.#awaited = null;
		if (this.#thread?.id === id) work(this.#thread);
		else this.#awaited = { id, work };
	}

	open(overlay: Overlay): void {
		this.#overlay = overlay;
	}

	/** Another that was opened since stays. */
	close(overlay: Overlay): void {
		if (this.#overlay === overlay) this.#overlay = null;
	}
}

export const [getStage, setStage] = createContext<Stage>();
