/**
 * Calendar invitations (RFC 5545, 5546): the first event of a file → what is shown of it, and the
 * answer to it. Anybody may have written the file. Loaded with the first one that is opened.
 */
import ICAL from 'ical.js';
import { MAX_INVITATION_BYTES } from './calendar-file.ts';

export type PartStat = 'ACCEPTED' | 'TENTATIVE' | 'DECLINED';

/** A calendar user: the name that the file gives, and the address without `mailto:`. */
export interface Guest {
	readonly name: string;
	readonly address: string;
	/** What this one answered, as far as the file says. */
	readonly answer: PartStat | null;
}

export interface Invitation {
	readonly method: 'REQUEST' | 'CANCEL' | 'REPLY' | 'PUBLISH';
	readonly uid: string;
	readonly sequence: number;
	readonly title: string;
	readonly place: string;
	readonly note: string;
	/** Unix ms; of a whole day its first moment here. */
	readonly start: number;
	/** Exclusive. */
	readonly end: number;
	readonly isWholeDay: boolean;
	readonly isRepeated: boolean;
	readonly organiser: Guest | null;
	readonly guests: readonly Guest[];
}

const METHODS = ['REQUEST', 'CANCEL', 'REPLY', 'PUBLISH'] as const;
const ANSWERS = ['ACCEPTED', 'TENTATIVE', 'DECLINED'] as const;
const GUESTS = 200;
const TEXT = 4_000;
const MAX_MS = 8.64e15;

/** `null`: no invitation that can be read. */
export function parseInvitation(text: string): Invitation | null {
	const read = readEvent(text);
	if (read === null) return null;
	try {
		return toInvitation(read);
	} catch {
		// A value that is none of its kind, which ical.js tells when it is asked for.
		return null;
	}
}

/**
 * The answer as a file: METHOD:REPLY with the one who answers as its only guest (RFC 5546 §3.2.3).
 *
 * @returns null: it is no invitation
 */
export function answerInvitation(
	text: string,
	me: { readonly name: string; readonly address: string },
	answer: PartStat,
	now: number
): string | null {
	const read = readEvent(text);
	if (read === null) return null;
	const { event: asked } = read;
	const event = new ICAL.Component('vevent');
	for (const name of [
		'uid',
		'sequence',
		'organizer',
		'recurrence-id',
		'dtstart',
		'dtend',
		'summary'
	]) {
		const property = asked.getFirstProperty(name);
		if (property) event.addProperty(ICAL.Property.fromString(property.toICALString()));
	}
	event.addPropertyWithValue('dtstamp', ICAL.Time.fromJSDate(new Date(now), true));
	const invited = asked.getAllProperties('attendee').find((one) => addressOf(one) === me.address);
	const uri = invited ? String(invited.getFirstValue()) : `mailto:${me.address}`;
	const attendee = event.addPropertyWithValue('attendee', uri);
	attendee.setParameter('partstat', answer);
	if (me.name !== '') attendee.setParameter('cn', me.name.replace(/"/g, "'"));
	const calendar = new ICAL.Component('vcalendar');
	calendar.addPropertyWithValue('prodid', '-//DEFMS//EN');
	calendar.addPropertyWithValue('version', '2.0');
	calendar.addPropertyWithValue('method', 'REPLY');
	for (const zone of read.calendar.getAllSubcomponents('vtimezone')) {
		calendar.addSubcomponent(ICAL.Component.fromString(zone.toString()));
	}
	calendar.addSubcomponent(event);
	return `${calendar.toString()}\r\n`;
}

interface ReadEvent {
	readonly calendar: ICAL.Component;
	readonly event: ICAL.Component;
}

function readEvent(text: string): ReadEvent | null {
	if (text.length > MAX_INVITATION_BYTES) return null;
	try {
		const calendar = ICAL.Component.fromString(text);
		const event = calendar.getFirstSubcomponent('vevent');
		const isOurs = calendar.name === 'vcalendar' && !hasWildZone(calendar);
		return event && isOurs ? { calendar, event } : null;
	} catch {
		// Not iCalendar.
		return null;
	}
}

/** Real zones have a handful of changes, or a history of some dozens. */
const MAX_CHANGES = 64;

function hasWildZone(calendar: ICAL.Component): boolean {
	const changes = calendar
		.getAllSubcomponents('vtimezone')
		.flatMap((zone) => zone.getAllSubcomponents());
	const rules = changes.flatMap((change) => change.getAllProperties('rrule'));
	return changes.length > MAX_CHANGES || !rules.every(isTame);
}

/**
 * Clocks are changed on a day of a month. ical.js looks for the days of a rule from 1601 to 2035, and
 * for ever where there are none: the fifth Monday that is a 2nd, or the hundredth of a set.
 */
function isTame(rule: ICAL.Property): boolean {
	const {
		FREQ,
		BYMONTH = '1',
		BYDAY = '',
		BYMONTHDAY = '',
		INTERVAL = '1',
		...rest
	} = partsOf(rule);
	const isOnDay = BYMONTHDAY === '' ? /^(?:(?:[-+]?[1-5])?[A-Z]{2})?$/ : /^(?:[A-Z]{2})?$/;
	const days = BYMONTHDAY === '' ? [] : BYMONTHDAY.split(',').map(Number);
	return (
		FREQ === 'YEARLY' &&
		INTERVAL === '1' &&
		isIn(Number(BYMONTH), 12) &&
		isOnDay.test(BYDAY) &&
		// Every month has them, on every day of the week.
		days.every((day) => isIn(day, BYDAY === '' ? 31 : 28)) &&
		Object.keys(rest).every((name) => name === 'UNTIL' || name === 'WKST')
	);
}

function partsOf(rule: ICAL.Property): Record<string, string> {
	const parts = String(rule.getFirstValue()).toUpperCase().split(';');
	return Object.fromEntries(
		parts.map((part) => {
			const [name = '', value = ''] = part.split('=');
			return [name, value];
		})
	);
}

function isIn(value: number, last: number): boolean {
	return Number.isInteger(value) && value >= 1 && value <= last;
}

function toInvitation({ calendar, event }: ReadEvent): Invitation | null {
	const method = METHODS.find((one) => one === textOf(calendar, 'method').toUpperCase());
	const start = momentOf(event, 'dtstart');
	const uid = textOf(event, 'uid');
	if (start === null || uid === '') return null;
	const end = momentOf(event, 'dtend') ?? lasting(event, start);
	return {
		method: method ?? 'PUBLISH',
		uid,
		sequence: Number(textOf(event, 'sequence')) || 0,
		title: textOf(event, 'summary'),
		place: textOf(event, 'location'),
		note: textOf(event, 'description'),
		start: start.ms,
		end: Math.max(start.ms, end.ms),
		isWholeDay: start.isWholeDay,
		isRepeated: event.hasProperty('rrule') || event.hasProperty('rdate'),
		organiser: guestsOf(event, 'organizer')[0] ?? null,
		guests: guestsOf(event, 'attendee')
	};
}

interface Moment {
	readonly ms: number;
	readonly isWholeDay: boolean;
}

function momentOf(event: ICAL.Component, name: string): Moment | null {
	const property = event.getFirstProperty(name);
	const time = property?.getFirstValue();
	if (!property || !(time instanceof ICAL.Time)) return null;
	const zone = parameterOf(property, 'tzid');
	const isFloating = time.zone === ICAL.Timezone.localTimezone;
	const ms = isFloating && zone ? inZone(time, zone) : time.toJSDate().getTime();
	return Number.isFinite(ms) && Math.abs(ms) <= MAX_MS ? { ms, isWholeDay: time.isDate } : null;
}

/** A zone that the file names and does not describe: the browser may know it. */
function inZone(time: ICAL.Time, timeZone: string): number {
	const { year, month, day, hour, minute, second } = time;
	const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
	try {
		const shown = new Intl.DateTimeFormat('en-US', {
			...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
			...{ hour: '2-digit', minute: '2-digit', second: '2-digit' }
		}).formatToParts(asUtc);
		const part = (type: string) => Number(shown.find((one) => one.type === type)?.value);
		const there = Date.UTC(
			...([part('year'), part('month') - 1, part('day')] as const),
			...([part('hour'), part('minute'), part('second')] as const)
		);
		return asUtc - (there - asUtc);
	} catch {
		// No zone of that name: as on a clock here.
		return time.toJSDate().getTime();
	}
}

function lasting(event: ICAL.Component, { ms, isWholeDay }: Moment): Moment {
	const duration = event.getFirstPropertyValue('duration');
	const lastsMs = duration instanceof ICAL.Duration ? duration.toSeconds() * 1_000 : 0;
	return { ms: ms + (lastsMs || (isWholeDay ? 86_400_000 : 0)), isWholeDay };
}

function guestsOf(event: ICAL.Component, name: string): Guest[] {
	return event
		.getAllProperties(name)
		.slice(0, GUESTS)
		.map((property) => {
			const said = parameterOf(property, 'partstat').toUpperCase();
			const answer = ANSWERS.find((one) => one === said) ?? null;
			return { name: parameterOf(property, 'cn'), address: addressOf(property), answer };
		});
}

function addressOf(property: ICAL.Property): string {
	return String(property.getFirstValue()).replace(/^mailto:/i, '');
}

function parameterOf(property: ICAL.Property, name: string): string {
	const value: unknown = property.getParameter(name);
	const first: unknown = Array.isArray(value) ? value.at(0) : value;
	return typeof first === 'string' ? first : '';
}

function textOf(component: ICAL.Component, name: string): string {
	const value: unknown = component.getFirstPropertyValue(name);
	if (typeof value === 'number') return String(value);
	return typeof value === 'string' ? value.slice(0, TEXT).trim() : '';
}
