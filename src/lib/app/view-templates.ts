/** What the screens see of what the user writes again and again. */

import type { Undo } from './view.ts';

export interface TemplateFields {
	/** One line, at most `TEMPLATE_NAME_CHARACTERS`. */
	readonly name: string;
	/** Empty: it leaves that of the message as it is. */
	readonly subject: string;
	/** An editor's, to be made harmless where it is shown; and the same as plain text. */
	readonly html: string;
	readonly text: string;
}

export interface Template extends TemplateFields {
	readonly id: string;
}

export type TemplateOutcome =
	| { readonly ok: true; readonly id: string }
	| { readonly ok: false; readonly problem: 'no-name' | 'name-taken' | 'too-long' | 'too-many' };

export interface Templates {
	/** By name; null while loading. */
	readonly all: readonly Template[] | null;
	/** `id`: the one that it takes the place of; null: a new one. Refused whole, never cut. */
	save(id: string | null, fields: TemplateFields): Promise<TemplateOutcome>;
	remove(id: string): Promise<Undo>;
}
