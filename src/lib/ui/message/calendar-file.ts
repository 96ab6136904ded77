import type { Attachment } from '../../app/view.ts';

/** Real invitations have some kilobytes; larger files are whole calendars, to be saved. */
export const MAX_INVITATION_BYTES = 256 * 1024;

/** May it be an invitation? Asked before what reads them is loaded. */
export function isCalendar({ name, type, sizeBytes }: Attachment): boolean {
	const isNamed = /^text\/calendar\b/i.test(type) || /\.ics$/i.test(name);
	return isNamed && sizeBytes <= MAX_INVITATION_BYTES;
}
