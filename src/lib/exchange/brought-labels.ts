/** Labels and folders of other programs as the user's own labels. */

import type { Desk } from '../post/ports.ts';
import type { Marks, ThreadRecord } from '../post/records.ts';
import { toHex } from '../wire/bytes.ts';
import { HUES, LABELS, LABEL_CHARACTERS, readLabels, type LabelRecord } from '../mailbox/labels.ts';
import { changeOwn } from '../mailbox/own-list.ts';

/** Labels that an import adds to, at most: what is more stays in its messages, and is found there. */
const LABELS_WITH_BROUGHT = 200;
/** "Work/Projects/2026": what lies deeper stands under the last of these. */
const LEVELS = 4;

/**
 * The ids of these labels, by name; nested ones have slashes. Those that are not there yet are made, under
 * the names that stand there already. One for which there is no room is not in the map.
 */
export async function labelIds(
	desk: Desk,
	names: ReadonlySet<string>
): Promise<ReadonlyMap<string, string>> {
	if (names.size === 0) return new Map();
	const tree = new Tree(await readLabels(desk));
	const known = findAll(tree, names);
	if (known.size === names.size) return known;
	let found = known;
	await changeOwn(desk.store, LABELS, (all) => {
		const wider = new Tree(all);
		found = findAll(wider, names, () => toHex(desk.random(8)));
		return wider.all.length === all.length ? all : wider.all;
	});
	return found;
}

function findAll(
	tree: Tree,
	names: ReadonlySet<string>,
	newId: (() => string) | null = null
): Map<string, string> {
	const found = new Map<string, string>();
	for (const name of names) {
		const id = tree.find(partsOf(name), newId);
		if (id !== null) found.set(name, id);
	}
	return found;
}

function partsOf(name: string): string[] {
	const parts = name.split('/').map((part) => part.trim().slice(0, LABEL_CHARACTERS).trim());
	return parts.filter((part) => part !== '').slice(0, LEVELS);
}

class Tree {
	readonly #all: LabelRecord[];
	readonly #ids: Map<string, string>;

	constructor(all: readonly LabelRecord[]) {
		this.#all = [...all];
		this.#ids = new Map(all.map(({ id, name, parent }) => [keyOf(parent, name), id]));
	}

	get all(): readonly LabelRecord[] {
		return this.#all;
	}

	/** @param newId makes those that are missing; null: none is made */
	find(parts: readonly string[], newId: (() => string) | null): string | null {
		let parent: string | undefined;
		for (const name of parts) {
			const key = keyOf(parent, name);
			const id = this.#ids.get(key) ?? (newId === null ? null : this.#add(newId, name, parent));
			if (id === null) return null;
			this.#ids.set(key, id);
			parent = id;
		}
		return parent ?? null;
	}

	#add(newId: () => string, name: string, parent: string | undefined): string | null {
		if (this.#all.length >= LABELS_WITH_BROUGHT) return null;
		const hue = HUES[this.#all.length % HUES.length] ?? 'grey';
		const id = newId();
		this.#all.push({ id, name, hue, ...(parent !== undefined && { parent }) });
		return id;
	}
}

function keyOf(parent: string | undefined, name: string): string {
	return `${parent ?? ''}/${name.toLowerCase()}`;
}

/**
 * A thread with what others say of its parts: a mark that one has, all of it has; but what keeps mail out
 * of sight, all must have.
 */
export function withMarks(thread: ThreadRecord, parts: readonly Marks[]): ThreadRecord {
	const { labels: _l, isStarred: _s, isPinned: _p, ...rest } = thread;
	const all = [thread, ...parts];
	const labels = [...new Set(all.flatMap((part) => part.labels ?? []))];
	return {
		...rest,
		...(labels.length > 0 && { labels }),
		...(all.some(({ isStarred }) => isStarred) && { isStarred: true }),
		...(all.some(({ isPinned }) => isPinned) && { isPinned: true })
	};
}

/** Of threads that become one: silent or put off only if each of them was. */
export function withoutHiding(
	{ isMuted, snoozedUntil, ...thread }: ThreadRecord,
	others: readonly Marks[]
): ThreadRecord {
	const isQuiet = isMuted === true && others.every((each) => each.isMuted === true);
	const times = others.map((each) => each.snoozedUntil ?? 0);
	const until = Math.min(snoozedUntil ?? 0, ...times);
	return {
		...thread,
		...(isQuiet && { isMuted: true }),
		...(until > 0 && { snoozedUntil: until })
	};
}
