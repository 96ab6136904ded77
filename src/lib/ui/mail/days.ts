import type { Row } from '../../app/view.ts';
import { dayGroup, startOfDay } from '../shared/when.ts';

/** The day on which clocks go forward. */
const SHORTEST_DAY_MS = 23 * 3_600_000;

/** What the virtual list draws: headings between rows. */
export type Item = { readonly kind: 'day'; readonly key: string; readonly title: string } | Row;

/** Rows may be out of order, so that a day has more than one heading. */
export function keyOf(item: Item): string {
	return item.kind === 'day' ? item.key : `${item.kind} ${item.id}`;
}

/**
 * Rows, newest first, with a heading where the day (or week, or month) changes. `hasPins`: what is
 * pinned comes first, under a heading of its own.
 */
export function groupByDay(rows: readonly Row[], now: number, hasPins = false): Item[] {
	const items: Item[] = [];
	let last = '';
	let dayStart = Infinity;
	let arePinned = hasPins;
	for (const row of rows) {
		arePinned &&= row.marks.isPinned;
		if (arePinned) {
			const title = 'Pinned';
			if (last === '') items.push({ kind: 'day', key: 'pinned', title });
			last = title;
			items.push(row);
			continue;
		}
		// Dates are slow to compare by the calendar; ten thousand rows span a few hundred days.
		if (row.time < dayStart || row.time >= dayStart + SHORTEST_DAY_MS) {
			dayStart = startOfDay(row.time);
			const title = dayGroup(row.time, now);
			if (title !== last) items.push({ kind: 'day', key: /* @wc-ignore */ `day ${row.id}`, title });
			last = title;
		}
		items.push(row);
	}
	return items;
}
