/** The values of search operators that are no words: days, spans and sizes. */

/** By the calendar; month and day from 1. */
export interface Day {
	readonly year: number;
	readonly month: number;
	readonly day: number;
}

/** `2026-03-01`, also with slashes or dots; a month or a year means its first day. */
const DAY = /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?$/;

/** `null`: it is none. `today` and `yesterday` are by the clock of this device. */
export function readDay(text: string, now: number): Day | null {
	if (text === 'today') return dayOf(now, 0);
	if (text === 'yesterday') return dayOf(now, -1);
	const [, year, month = '1', day = '1'] = DAY.exec(text) ?? [];
	if (year === undefined) return null;
	const read = { year: Number(year), month: Number(month), day: Number(day) };
	return exists(read) ? read : null;
}

function dayOf(now: number, days: number): Day {
	const date = new Date(now);
	date.setDate(date.getDate() + days);
	return { year: date.getFullYear(), month: date.getMonth() + 1, day: date.getDate() };
}

/** There is no 30th of February. */
function exists({ year, month, day }: Day): boolean {
	const date = new Date(Date.UTC(year, month - 1, day));
	return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** When a day begins on this device, Unix ms. */
export function startOfDay({ year, month, day }: Day): number {
	return new Date(year, month - 1, day).getTime();
}

const DAY_MS = 86_400_000;
const UNITS: Readonly<Record<string, number>> = {
	h: DAY_MS / 24,
	d: DAY_MS,
	w: 7 * DAY_MS,
	m: 30 * DAY_MS,
	y: 365 * DAY_MS
};

/** `12h`, `3d`, `2w`, `6m`, `1y` → ms; months and years are 30 and 365 days. */
export function readSpan(text: string): number | null {
	const [, count, unit = ''] = /^(\d{1,4})([hdwmy])[a-z]*$/.exec(text) ?? [];
	const unitMs = UNITS[unit];
	return count === undefined || unitMs === undefined ? null : Number(count) * unitMs;
}

const SIZES: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** `500k`, `5M`, `1.5mb`, `2 GiB`, or plain bytes. */
export function readSize(text: string): number | null {
	const [, count, unit = ''] = /^(\d{1,12}(?:\.\d{1,3})?)\s*([kmg]?)(?:i?b)?$/i.exec(text) ?? [];
	const size = SIZES[unit.toLowerCase()];
	return count === undefined || size === undefined ? null : Number(count) * size;
}
