/** What the screens see of the user's own order: labels, rules, kept searches. See `view.ts`. */

import type { Row, Undo } from './view.ts';

export type Hue = 'green' | 'orange' | 'violet' | 'blue' | 'red' | 'grey';

export interface Label {
	readonly id: string;
	readonly name: string;
	readonly hue: Hue;
}

/** As in the navigation: below its parent, which may be far above. */
export interface PlacedLabel extends Label {
	/** 0: at the top. */
	readonly depth: number;
	/** "House / Roof" */
	readonly path: string;
	readonly parent: string | null;
}

export interface LabelFields {
	readonly name: string;
	readonly hue: Hue;
	/** Id of the label that it stands under. */
	readonly parent: string | null;
}

export interface Labels {
	/** As a tree is read, by name; null while loading. */
	readonly all: readonly PlacedLabel[] | null;
	/** Its id; null: the name is empty, too long or taken beside it, or there are too many. */
	create(fields: LabelFields): Promise<string | null>;
	/** False: as in `create`, or it would come to stand under itself. */
	change(id: string, fields: LabelFields): Promise<boolean>;
	/** Those below it move up. */
	remove(id: string): Promise<Undo>;
}

/** Besides its place. */
export interface Marks {
	readonly isStarred: boolean;
	readonly isPinned: boolean;
	readonly isMuted: boolean;
	/** In the past: it came back at that time. Null: not snoozed. */
	readonly snoozedUntil: number | null;
}

/** Done to threads, and taken back for each as it was. */
export type Filing =
	| { readonly kind: 'star' | 'pin' | 'mute'; readonly isOn: boolean }
	/** Null: back to the inbox now. */
	| { readonly kind: 'snooze'; readonly until: number | null }
	/** By id. */
	| { readonly kind: 'label'; readonly add: readonly string[]; readonly remove: readonly string[] };

export interface Rule {
	readonly id: string;
	readonly isOn: boolean;
	/** All must hold; at least one. */
	readonly conditions: readonly Condition[];
	/** At least one. */
	readonly actions: readonly Action[];
	/** Where it applies, no later one is asked. */
	readonly isLast: boolean;
}

export type Condition =
	| { readonly kind: 'from' | 'to' | 'subject' | 'body'; readonly text: string }
	| { readonly kind: 'attachment' }
	/** By id. */
	| { readonly kind: 'label'; readonly label: string };

export type Action =
	| { readonly kind: 'label'; readonly label: string }
	| { readonly kind: 'archive' | 'star' | 'read' | 'mute' | 'trash' };

export interface Rules {
	/** In the order in which they are asked; null while loading. */
	readonly all: readonly Rule[] | null;
	/** All of them anew. False: one of them is none (nothing to look for, no action), or there are too many. */
	save(rules: readonly Rule[]): Promise<boolean>;
	/** A dry run: conversations that stand here and that it is about, newest first. Changes nothing. */
	find(
		rule: Pick<Rule, 'conditions'>,
		options: { readonly signal: AbortSignal }
	): Promise<readonly Row[]>;
	/** To these as well, as if they came now. */
	apply(rule: Pick<Rule, 'actions'>, threadIds: readonly string[]): Promise<Undo>;
	/** For a new rule. */
	newId(): string;
}

/** A search that is kept under a name. */
export interface Folder {
	readonly id: string;
	readonly name: string;
	readonly text: string;
}

export interface Folders {
	/** Null while loading. */
	readonly all: readonly Folder[] | null;
	/** Its id; null: name or text is empty or too long, or there are too many. */
	create(name: string, text: string): Promise<string | null>;
	remove(id: string): Promise<Undo>;
}
