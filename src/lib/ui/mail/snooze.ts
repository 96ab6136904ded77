/** Times to which a conversation can be put off, and how they are said. */
import { locale } from '../../words/language.ts';
import { dayOf, shortTime, startOfDay } from '../shared/when.ts';

export interface SnoozeTime {
	readonly name: string;
	/** Unix ms. */
	readonly at: number;
}

const MORNING = 8;
const EVENING = 18;
const HOUR_MS = 3_600_000;
const SATURDAY = 6;
const MONDAY = 1;

/** Those that make sense at this time, soonest first. */
export function snoozeTimes(now: number): SnoozeTime[] {
	const hour = new Date(now).getHours();
	const weekday = new Date(now).getDay();
	const isWeekend = weekday === SATURDAY || weekday === 0;
	const later = nextFullHour(now + 2 * HOUR_MS);
	return [
		...(hour < EVENING - 3 ? [{ name: 'Later today', at: later }] : []),
		...(hour < EVENING - 1 ? [{ name: 'This evening', at: atHour(now, 0, EVENING) }] : []),
		{ name: 'Tomorrow morning', at: atHour(now, 1, MORNING) },
		{
			name: isWeekend ? 'Next weekend' : 'This weekend',
			at: atHour(now, daysUntil(weekday, SATURDAY), MORNING)
		},
		{ name: 'Next week', at: atHour(now, daysUntil(weekday, MONDAY), MORNING) }
	]
		.sort((a, b) => a.at - b.at)
		.filter(({ at }, index, all) => all[index - 1]?.at !== at);
}

/** "Snoozed until Tue 08:00"; from then on it says that it is back. */
export function snoozeSentence(until: number, now: number): string {
	if (until <= now) return 'Snoozed until now';
	const isToday = startOfDay(until) === startOfDay(now);
	const isTomorrow = startOfDay(until - 24 * HOUR_MS) === startOfDay(now);
	if (isToday) return `Until ${shortTime(until, until)}`;
	return isTomorrow
		? `Until tomorrow ${shortTime(until, until)}`
		: `Until ${dayAndTime(until, now)}`;
}

const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short' });

/** "Sat 22 Nov, 08:00"; in another year it says which. */
export function dayAndTime(time: number, now: number): string {
	return `${weekday.format(time)} ${dayOf(time, now)}, ${shortTime(time, time)}`;
}

function nextFullHour(time: number): number {
	return new Date(time).setMinutes(60, 0, 0);
}

/** By the calendar: also where clocks change between. */
function atHour(now: number, days: number, hour: number): number {
	const date = new Date(now);
	return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days, hour).getTime();
}

/** 1 to 7: never today. */
function daysUntil(weekday: number, wanted: number): number {
	return ((wanted - weekday + 6) % 7) + 1;
}
