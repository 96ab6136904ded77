import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_INVITATION_BYTES } from './calendar-file.ts';
import { answerInvitation, parseInvitation } from './invitation.ts';

const ZONE = `BEGIN:VTIMEZONE
TZID:Quay
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE`;

function calendar(event: string, { method = 'REQUEST', zone = '' } = {}): string {
	const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', `METHOD:${method}`];
	return [...lines, ...(zone ? [zone] : []), 'BEGIN:VEVENT', event, 'END:VEVENT', 'END:VCALENDAR']
		.join('\n')
		.replaceAll('\n', '\r\n');
}

const DINNER = `UID:dinner-1
SEQUENCE:2
DTSTAMP:20260101T000000Z
SUMMARY:Dinner\\, at last
LOCATION:Quay 4
DTSTART;TZID=Quay:20260703T190000
DTEND;TZID=Quay:20260703T213000
ORGANIZER;CN=Mira:mailto:mira@x.test
ATTENDEE;CN="Tom B.";PARTSTAT=ACCEPTED:mailto:tom@x.test
ATTENDEE;PARTSTAT=NEEDS-ACTION:MAILTO:lena@x.test`;

test('an invitation is read, in the time zone that it brings', () => {
	expect(parseInvitation(calendar(DINNER, { zone: ZONE }))).toEqual({
		...{ method: 'REQUEST', uid: 'dinner-1', sequence: 2 },
		...{ title: 'Dinner, at last', place: 'Quay 4', note: '' },
		...{ start: Date.UTC(2026, 6, 3, 17), end: Date.UTC(2026, 6, 3, 19, 30) },
		...{ isWholeDay: false, isRepeated: false },
		organiser: { name: 'Mira', address: 'mira@x.test', answer: null },
		guests: [
			{ name: 'Tom B.', address: 'tom@x.test', answer: 'ACCEPTED' },
			{ name: '', address: 'lena@x.test', answer: null }
		]
	});
});

test('a zone that is only named is the browser’s', () => {
	const event = 'UID:a\nDTSTART;TZID=America/New_York:20260115T090000\nDURATION:PT1H';
	const found = parseInvitation(calendar(event));
	expect(found?.start).toBe(Date.UTC(2026, 0, 15, 14));
	expect(found?.end).toBe(Date.UTC(2026, 0, 15, 15));
});

test('a whole day lasts for one', () => {
	const found = parseInvitation(calendar('UID:a\nDTSTART;VALUE=DATE:20260115'));
	expect(found?.isWholeDay).toBe(true);
	expect((found?.end ?? 0) - (found?.start ?? 0)).toBe(86_400_000);
});

test('the answer names the event and the one who answers, and no others', () => {
	const me = { name: 'Lena "L" H', address: 'lena@x.test' };
	const asked = calendar(DINNER, { zone: ZONE });
	const reply = answerInvitation(asked, me, 'TENTATIVE', Date.UTC(2026, 1, 1)) ?? '';
	const found = parseInvitation(reply);
	expect(found).toMatchObject({ method: 'REPLY', uid: 'dinner-1', sequence: 2 });
	expect(found?.start).toBe(Date.UTC(2026, 6, 3, 17));
	expect(found?.guests).toEqual([
		{ name: "Lena 'L' H", address: 'lena@x.test', answer: 'TENTATIVE' }
	]);
	expect(found?.organiser?.address).toBe('mira@x.test');
	expect(reply).toContain('DTSTAMP:20260201T000000Z');
	expect(reply).not.toContain('tom@x.test');
});

test('whoever was invited under another address answers under the own', () => {
	const reply = answerInvitation(
		calendar(DINNER, { zone: ZONE }),
		{ name: '', address: 'l@y' },
		'DECLINED',
		0
	);
	expect(parseInvitation(reply ?? '')?.guests).toEqual([
		{ name: '', address: 'l@y', answer: 'DECLINED' }
	]);
});

test.each([
	['nothing', ''],
	['no calendar', 'BEGIN:VCARD\r\nEND:VCARD'],
	['no event', 'BEGIN:VCALENDAR\r\nEND:VCALENDAR'],
	['no start', calendar('UID:a')],
	['no uid', calendar('DTSTART:20260115T090000Z')],
	['no date', calendar('UID:a\nDTSTART:soon')],
	[
		'too long',
		calendar(`UID:a\nDTSTART:20260115T090000Z\nDESCRIPTION:${'x'.repeat(MAX_INVITATION_BYTES)}`)
	],
	['a zone of seconds', calendar(DINNER, { zone: ZONE.replaceAll('YEARLY', 'SECONDLY') })]
])('%s is no invitation', (_, text) => {
	expect(parseInvitation(text)).toBeNull();
	expect(answerInvitation('', { name: '', address: '' }, 'ACCEPTED', 0)).toBeNull();
});

const RULE = 'FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10';

test.each([
	'FREQ=YEARLY;BYMONTH=3;BYDAY=MO;BYSETPOS=99',
	'FREQ=YEARLY;BYDAY=-9MO;BYMONTHDAY=0',
	'FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=31;BYDAY=SU',
	'FREQ=YEARLY;BYDAY=MO,TU;BYMONTH=4',
	'FREQ=YEARLY;INTERVAL=9999;BYMONTH=4'
])('a zone that changes its clocks by %s is not waited for', (rule) => {
	expect(parseInvitation(calendar(DINNER, { zone: ZONE.replace(RULE, rule) }))).toBeNull();
});

test.each([
	'FREQ=YEARLY;BYMONTH=11;BYDAY=1SU',
	'FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=8,9,10,11,12,13,14;BYDAY=SU',
	'FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=30;UNTIL=20300930T000000Z',
	'FREQ=YEARLY'
])('a zone that changes its clocks by %s is read', (rule) => {
	expect(parseInvitation(calendar(DINNER, { zone: ZONE.replace(RULE, rule) }))).not.toBeNull();
});

test('a zone with a thousand changes is not waited for', () => {
	const [head = '', ...parts] = ZONE.split(/(?=BEGIN:STANDARD)|(?=END:VTIMEZONE)/);
	const zone = head + (parts[0] ?? '').repeat(1_000) + (parts[1] ?? '');
	expect(parseInvitation(calendar(DINNER, { zone }))).toBeNull();
});

test('any bent invitation is read in time, or not at all', () => {
	const whole = calendar(DINNER, { zone: ZONE });
	const bend = fc.tuple(fc.nat(whole.length), fc.nat(12), fc.string({ maxLength: 12 }));
	fc.assert(
		fc.property(bend, ([at, length, text]) => {
			const bent = whole.slice(0, at) + text + whole.slice(at + length);
			const started = performance.now();
			parseInvitation(bent);
			expect(performance.now() - started).toBeLessThan(1_000);
		})
	);
});
