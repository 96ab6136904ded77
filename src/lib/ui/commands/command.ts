/** One command: the keys, the palette, menus and the sheet of keys are all made from the same table. */
import type { Component } from 'svelte';
import type { App } from '../../app/view.ts';
import type { Router } from '../shared/router.svelte.ts';
import type { Stage } from './stage.svelte.ts';

export interface Scene {
	readonly app: App;
	readonly router: Router;
	readonly stage: Stage;
	/** Conversations to act on, whatever is chosen or in focus. */
	readonly ids?: readonly string[];
	/** With `ids`: drafts beside them. */
	readonly draftIds?: readonly string[];
}

export type Section = 'Conversation' | 'Write' | 'List' | 'Go to' | 'Anywhere';

export interface Command {
	readonly id: string;
	readonly section: Section;
	/** As a verb: "Archive". */
	readonly words: string;
	/** The same for what is there now: "Take the star away". */
	readonly saying?: (scene: Scene) => string;
	/** Other words by which it is looked for. */
	readonly also?: string;
	/** Each a sequence, its keys apart by a space: `e`, `g i`, `*` + `a`. The first is shown. */
	readonly keys: readonly string[];
	readonly icon: Component;
	/** Absent: always. */
	readonly isFor?: (scene: Scene) => boolean;
	readonly run: (scene: Scene) => void | Promise<void>;
}

export function isFor(command: Command, scene: Scene): boolean {
	return command.isFor?.(scene) ?? true;
}

export function wordsOf(command: Command, scene: Scene): string {
	return command.saying?.(scene) ?? command.words;
}
