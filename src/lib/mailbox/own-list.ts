/** Short lists that the user makes, labels, rules and saved searches: each in one row of the settings. */

import * as v from 'valibot';
import type { Change, MailStore } from '../post/ports.ts';
import { decodeCanonical, encodeFields } from '../wire/codec.ts';

export interface OwnList<T> {
	/** Of its row. */
	readonly name: string;
	/** Empty where there is none, or none that this version can read. */
	parse(value: unknown): readonly T[];
	/** At most. */
	readonly limit: number;
}

export function createOwnList<S extends v.GenericSchema>(
	name: string,
	item: S,
	limit: number
): OwnList<v.InferOutput<S>> {
	const schema = v.object({ all: v.array(item) });
	return {
		name,
		limit,
		parse(value) {
			if (!(value instanceof Uint8Array)) return [];
			const plain = decodeCanonical(value, value.length);
			const parsed = plain.ok ? v.safeParse(schema, plain.value) : null;
			return parsed?.success === true ? parsed.output.all : [];
		}
	};
}

export async function readOwn<T>(
	store: Pick<MailStore, 'get'>,
	list: OwnList<T>
): Promise<readonly T[]> {
	return list.parse((await store.get('setting', [list.name]))?.value);
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
		const before = list.parse(row?.value);
		const all = next(before);
		isChanged = all !== before;
		if (!isChanged) return [];
		const value = encodeFields({ all: all.slice(0, list.limit) });
		return [{ table: 'setting', key: [list.name], put: { value } }];
	});
	return isChanged;
}
