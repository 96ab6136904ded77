/**
 * What the user writes again and again: subject and text under a name. Neither people nor files: a
 * text that is used for others would go to the wrong ones, and a file is sealed for the thread that it
 * goes to.
 */

import * as v from 'valibot';
import type { Desk } from '../post/ports.ts';
import { toHex, utf8 } from '../wire/bytes.ts';
import type { Undo } from './filing.ts';
import { changeOwn, createOwnList, toName } from './own-list.ts';
import { TEMPLATE_BYTES, TEMPLATE_NAME_CHARACTERS, TEMPLATES_MAX } from './template-limits.ts';

const fits = ({ subject, html, text }: Record<'subject' | 'html' | 'text', string>) =>
	// Before they are counted: one may be of any length.
	subject.length + html.length + text.length <= TEMPLATE_BYTES &&
	utf8(subject).length + utf8(html).length + utf8(text).length <= TEMPLATE_BYTES;

/** The HTML is that of an editor, to be made harmless where it is shown: it may have come by any way. */
const templateSchema = v.pipe(
	v.object({
		id: v.string(),
		name: v.pipe(v.string(), v.minLength(1), v.maxLength(TEMPLATE_NAME_CHARACTERS)),
		subject: v.string(),
		html: v.string(),
		text: v.string()
	}),
	v.check((template) => fits(template), 'longer than any that was saved here')
);

export type TemplateRecord = v.InferOutput<typeof templateSchema>;
export type TemplateFields = Omit<TemplateRecord, 'id'>;

/** One that was removed comes back though others have taken its place. */
export const TEMPLATES = createOwnList('templates', templateSchema, 2 * TEMPLATES_MAX);

export type TemplateOutcome =
	| { readonly ok: true; readonly id: string }
	| { readonly ok: false; readonly problem: 'no-name' | 'name-taken' | 'too-long' | 'too-many' };

/** `id`: the one that it takes the place of, also if that is gone by now; null: a new one. */
export async function saveTemplate(
	desk: Pick<Desk, 'store' | 'random'>,
	id: string | null,
	fields: TemplateFields
): Promise<TemplateOutcome> {
	const { subject, html, text } = fields;
	const saved = { id: id ?? toHex(desk.random(8)), name: toName(fields.name), subject, html, text };
	if (saved.name === '') return refused('no-name');
	if (!v.is(templateSchema, saved)) return refused('too-long');
	let outcome: TemplateOutcome = refused('too-many');
	await changeOwn(desk.store, TEMPLATES, (all) => {
		const others = all.filter((one) => one.id !== saved.id);
		outcome = roomAmong(others, saved);
		return outcome.ok ? [...others, saved] : all;
	});
	return outcome;
}

function roomAmong(others: readonly TemplateRecord[], saved: TemplateRecord): TemplateOutcome {
	const name = saved.name.toLowerCase();
	if (others.some((one) => one.name.toLowerCase() === name)) return refused('name-taken');
	return others.length < TEMPLATES_MAX ? { ok: true, id: saved.id } : refused('too-many');
}

function refused(problem: Extract<TemplateOutcome, { ok: false }>['problem']): TemplateOutcome {
	return { ok: false, problem };
}

export async function removeTemplate({ store }: Pick<Desk, 'store'>, id: string): Promise<Undo> {
	let gone: TemplateRecord | undefined;
	await changeOwn(store, TEMPLATES, (all) => {
		gone = all.find((one) => one.id === id);
		return gone === undefined ? all : all.filter((one) => one.id !== id);
	});
	return async () => {
		await changeOwn(store, TEMPLATES, (all) =>
			gone === undefined || all.some((one) => one.id === id) ? all : [...all, gone]
		);
	};
}
