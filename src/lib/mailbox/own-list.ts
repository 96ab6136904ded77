/** Short lists that the user makes, labels, rules and saved searches: each in one row of the settings. */

import * as v from 'valibot';
import { readRow, type LookUp } from '../post/look-up.ts';
import type { Change, MailStore } from '../post/ports.ts';
import { decodeCanonical, encodeFields } from '../wire/codec.ts';

export interface OwnList<T> {
	/** Of its row. */
	readonly name: string;
	/** `foreign`: of a later version, say. They are kept as they are, whatever is changed beside them. */
	parse(value: unknown): { readonly all: readonly T[]; readonly foreign: readonly unknown[] };
	/** At most. */
	readonly limit: number;
}

/** Direction marks and other controls: in a list or a sentence they would turn what stands beside them. */
const TURNING = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** A name as it is kept: one line. Empty where nothing of it would be seen. */
export function toName(text: string): string {
	const name = text.replace(TURNING, ' ').replace(/\s+/g, ' ').trim();
	return VISIBLE.test(name) ? name : '';
}

export function createOwnList<S extends v.GenericSchema>(
	name: string,
	item: S,
	limit: number
): OwnList<v.InferOutput<S>> {
	const schema = v.object({ all: v.array(v.unknown()) });
	return {
		name,
		limit,
		parse(value) {
			if (!(value instanceof Uint8Array)) return { all: [], foreign: [] };
			const plain = decodeCanonical(value, value.length);
			const parsed = plain.ok ? v.safeParse(schema, plain.value) : null;
			const items = parsed?.success === true ? parsed.output.all : [];
			const read = items.map((one) => ({ one, result: v.safeParse(item, one) }));
			return {
				all: read.flatMap(({ result }) => (result.success ? [result.output] : [])),
				foreign: read.flatMap(({ one, result }) => (result.success ? [] : [one]))
			};
		}
	};
}

export async function readOwn<T>(
	store: Pick<MailStore, 'get' | 'recall'>,
	list: OwnList<T>,
	look: LookUp = {}
): Promise<readonly T[]> {
	return list.parse((await readRow(store, 'setting', [list.name], look))?.value).all;
}

/**
 * In one transaction. `next` decides alone: it may run again. What is beyond the limit falls away. False:
 * it left all as it was.
 */
export async function changeOwn<T>(
	store: Pick<MailStore, 'update'>,
	list: OwnList<T>,
	next: (all: readonly T[]) => readonly T[]
): Promise<boolean> {
	let isChanged = false;
	await store.update('setting', [list.name], (row): readonly Change[] => {
		const { all: before, foreign } = list.parse(row?.value);
		const all = next(before);
		isChanged = all !== before;
		if (!isChanged) return [];
		const value = encodeFields({ all: [...all.slice(0, list.limit), ...foreign] });
		return [{ table: 'setting', key: [list.name], put: { value } }];
	});
	return isChanged;
}
