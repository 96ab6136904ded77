import type { Row } from '../../app/view.ts';
import { dayGroup } from '../shared/when.ts';

/** What the virtual list draws: headings between rows. */
export type Item =
	| { readonly kind: 'day'; readonly key: string; readonly title: string }
	| { readonly kind: 'row'; readonly key: string; readonly row: Row };

/** Rows, newest first, with a heading where the day (or week, or month) changes. */
export function groupByDay(rows: readonly Row[], now: number): Item[] {
	const items: Item[] = [];
	let last = '';
	for (const row of rows) {
		const title = dayGroup(row.time, now);
		if (title !== last) items.push({ kind: 'day', key: `day ${row.id}`, title });
		last = title;
		items.push({ kind: 'row', key: `${row.kind} ${row.id}`, row });
	}
	return items;
}
