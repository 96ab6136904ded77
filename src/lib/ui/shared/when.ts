/** Times and sizes as people read them. All functions take `now`: nothing here reads a clock. */

import { locale } from '../../words/language.ts';

const DAY_MS = 86_400_000;

const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short' });
const dayOfYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const fullDay = new Intl.DateTimeFormat(locale, {
	day: 'numeric',
	month: 'short',
	year: 'numeric'
});
const month = new Intl.DateTimeFormat(locale, { month: 'long' });
const monthAndYear = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' });

/** `10:42` today, `Tue` within six days, `3 May` this year, else `3 May 2024`. */
export function shortTime(time: number, now: number): string {
	const age = daysBetween(time, now);
	if (age <= 0) return clock.format(time);
	if (age < 7) return weekday.format(time);
	return isSameYear(time, now) ? dayOfYear.format(time) : fullDay.format(time);
}

/** As `shortTime`, with the hour also for earlier days: `Tue 10:42`. */
export function statusTime(time: number, now: number): string {
	const short = shortTime(time, now);
	return daysBetween(time, now) <= 0 ? short : `${short} ${clock.format(time)}`;
}

/** For tooltips and screen readers: `Saturday, 22 November 2025 at 10:42`. */
export function exactTime(time: number): string {
	return exact.format(time);
}

/** `3 May`, or `3 May 2027` in another year. */
export function dayOf(time: number, now: number): string {
	return isSameYear(time, now) ? dayOfYear.format(time) : fullDay.format(time);
}

/** The heading above a day's rows. */
export function dayGroup(time: number, now: number): string {
	const age = daysBetween(time, now);
	if (age <= 0) return 'Today';
	if (age === 1) return 'Yesterday';
	if (age < 7) return 'This week';
	return isSameYear(time, now) ? month.format(time) : monthAndYear.format(time);
}

/** `412 MB`, `1.2 MB`, `18 kB`, `640 bytes`: decimal, as operating systems and shops count. */
export function formatSize(bytes: number): string {
	if (bytes < 1000) return inUnit('byte', 0).format(bytes);
	const units = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
	let value = bytes / 1000;
	let unit = 0;
	while (value >= 999.5 && unit < units.length - 1) {
		value /= 1000;
		unit += 1;
	}
	return inUnit(units[unit] ?? 'byte', value < 9.95 && unit > 0 ? 1 : 0).format(value);
}

function inUnit(unit: string, digits: number): Intl.NumberFormat {
	const unitDisplay = unit === 'byte' ? 'long' : 'short';
	const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits };
	return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay, ...fraction });
}

/** Calendar days, so that 23:50 is yesterday at 00:10. */
function daysBetween(time: number, now: number): number {
	return Math.round((startOfDay(now) - startOfDay(time)) / DAY_MS);
}

/** The last millisecond of that day, here. */
export function endOfDay(time: number): number {
	return new Date(time).setHours(23, 59, 59, 999);
}

/** As a date field wants it: `2026-05-03`, the day here. */
export function toDayField(time: number): string {
	const date = new Date(time);
	const part = (value: number, size: number) => String(value).padStart(size, '0');
	return [part(date.getFullYear(), 4), part(date.getMonth() + 1, 2), part(date.getDate(), 2)].join(
		'-'
	);
}

export function startOfDay(time: number): number {
	return new Date(time).setHours(0, 0, 0, 0);
}

function isSameYear(a: number, b: number): boolean {
	return new Date(a).getFullYear() === new Date(b).getFullYear();
}
