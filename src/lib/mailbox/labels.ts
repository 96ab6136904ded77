/** The user's labels. Threads name them by id, so that a new name or colour writes one row alone. */

import * as v from 'valibot';
import type { Label } from '../app/view-organise.ts';
import type { Desk } from '../post/ports.ts';
import type { Marks } from '../post/records.ts';
import { toHex } from '../wire/bytes.ts';
import type { Undo } from './filing.ts';
import { changeOwn, createOwnList, readOwn, toName } from './own-list.ts';

export const HUES = ['green', 'orange', 'violet', 'blue', 'red', 'grey'] as const;

export const LABEL_CHARACTERS = 60;
/** More would be no order any more, and the row that holds them stays small. */
const LABELS_MAX = 500;

const labelSchema = v.object({
	id: v.string(),
	name: v.pipe(v.string(), v.maxLength(LABEL_CHARACTERS)),
	hue: v.picklist(HUES),
	/** Id of the label that it stands under. */
	parent: v.optional(v.string())
});

export type LabelRecord = v.InferOutput<typeof labelSchema>;
export type LabelFields = Pick<LabelRecord, 'name' | 'hue'> & { readonly parent: string | null };

export const LABELS = createOwnList('labels', labelSchema, LABELS_MAX);

/** A label with its place in the tree. */
export interface PlacedLabel extends LabelRecord {
	/** 0: at the top. */
	readonly depth: number;
	/** "House / Roof" */
	readonly path: string;
}

/** `null`: a label of this name stands there, the name is empty, or there are too many. */
export async function createLabel(desk: Desk, fields: LabelFields): Promise<string | null> {
	const id = toHex(desk.random(8));
	const isMade = await changeOwn(desk.store, LABELS, (all) =>
		all.length < LABELS_MAX && isFree(all, id, fields) ? [...all, toRecord(id, fields)] : all
	);
	return isMade ? id : null;
}

/** `false`: as in `createLabel`, or it would come to stand under itself. */
export function changeLabel(desk: Desk, id: string, fields: LabelFields): Promise<boolean> {
	return changeOwn(desk.store, LABELS, (all) => {
		const isBelow = fields.parent !== null && familyOf(all, id).has(fields.parent);
		const isKnown = all.some((one) => one.id === id);
		if (isBelow || !isKnown || !isFree(all, id, fields)) return all;
		return all.map((one) => (one.id === id ? toRecord(id, fields) : one));
	});
}

/**
 * Those below it move up. Threads keep its id and show nothing of it, so that taking this back brings
 * everything back.
 */
export async function removeLabel(desk: Desk, id: string): Promise<Undo> {
	const gone: LabelRecord[] = [];
	const moved: string[] = [];
	await changeOwn(desk.store, LABELS, (all) => {
		const label = all.find((one) => one.id === id);
		gone.splice(0, gone.length, ...(label === undefined ? [] : [label]));
		moved.splice(0, moved.length, ...all.filter((one) => one.parent === id).map((one) => one.id));
		return all.flatMap((one) => {
			if (one.id === id) return [];
			return one.parent === id
				? [toRecord(one.id, { ...one, parent: label?.parent ?? null })]
				: [one];
		});
	});
	return async () => {
		await changeOwn(desk.store, LABELS, (all) => {
			const [label] = gone;
			if (label === undefined || all.some((one) => one.id === id)) return all;
			const back = all.map((one) => {
				const isAsLeft = moved.includes(one.id) && one.parent === label.parent;
				return isAsLeft ? { ...one, parent: id } : one;
			});
			return [...back, label];
		});
	};
}

export function readLabels({ store }: Pick<Desk, 'store'>): Promise<readonly LabelRecord[]> {
	return readOwn(store, LABELS);
}

/** As a tree is read, names in their order; one whose parent is gone stands at the top. */
export function inTree(all: readonly LabelRecord[]): PlacedLabel[] {
	const ids = new Set(all.map(({ id }) => id));
	const placed = new Set<string>();
	const below = (parent: string | undefined, depth: number, path: string): PlacedLabel[] =>
		all
			.filter((one) => (ids.has(one.parent ?? '') ? one.parent : undefined) === parent)
			.sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1))
			.flatMap((one) => {
				if (placed.has(one.id)) return [];
				placed.add(one.id);
				const own = { ...one, depth, path: path === '' ? one.name : `${path} / ${one.name}` };
				return [own, ...below(one.id, depth + 1, own.path)];
			});
	const tree = below(undefined, 0, '');
	// Two tabs may have put two labels under each other at the same time: neither is lost.
	const lost = all.filter(({ id }) => !placed.has(id));
	return [...tree, ...lost.map(({ parent: _, ...one }) => ({ ...one, depth: 0, path: one.name }))];
}

/** Of a thread, for the screen, by their paths; one that was removed is not among them. */
export function labelsOf(
	{ labels = [] }: Pick<Marks, 'labels'>,
	all: readonly LabelRecord[] = []
): Label[] {
	if (labels.length === 0) return [];
	return treeOf(all)
		.filter(({ id }) => labels.includes(id))
		.map(({ id, name, hue }) => ({ id, name, hue }));
}

/** As a search names them: "House/Roof". */
export function waysOf(all: readonly LabelRecord[]): string[] {
	return treeOf(all).map(({ path }) => path.replaceAll(' / ', '/'));
}

/** For a search: the names of a thread's labels, and of a nested one the whole way. */
export function namesFor(
	all: readonly LabelRecord[]
): (thread: Pick<Marks, 'labels'>) => readonly string[] {
	const names = new Map(
		treeOf(all).map(({ id, name, path }) => [id, [name, path.replaceAll(' / ', '/')]])
	);
	return ({ labels = [] }) => labels.flatMap((id) => names.get(id) ?? []);
}

const trees = new WeakMap<readonly LabelRecord[], readonly PlacedLabel[]>();

/** Made once for all rows of a list. */
function treeOf(all: readonly LabelRecord[]): readonly PlacedLabel[] {
	const tree = trees.get(all) ?? inTree(all);
	trees.set(all, tree);
	return tree;
}

/** It, and all that stand under it. */
export function familyOf(all: readonly LabelRecord[], id: string): ReadonlySet<string> {
	const family = new Set([id]);
	for (let size = 0; size !== family.size;) {
		size = family.size;
		for (const { id: child, parent } of all) {
			if (parent !== undefined && family.has(parent)) family.add(child);
		}
	}
	return family;
}

function isFree(all: readonly LabelRecord[], id: string, { name, parent }: LabelFields): boolean {
	if (name.length > 2 * LABEL_CHARACTERS) return false;
	const wanted = toName(name).toLowerCase();
	return (
		wanted !== '' &&
		wanted.length <= LABEL_CHARACTERS &&
		!all.some(
			(one) => one.id !== id && (one.parent ?? null) === parent && one.name.toLowerCase() === wanted
		)
	);
}

function toRecord(
	id: string,
	{ name, hue, parent }: Pick<LabelRecord, 'name' | 'hue'> & { readonly parent?: string | null }
): LabelRecord {
	return { id, name: toName(name), hue, ...(typeof parent === 'string' && { parent }) };
}
