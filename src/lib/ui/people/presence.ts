import type { ContactAddress } from '../../app/view.ts';
import { statusTime } from '../shared/when.ts';

/** `Connected directly`, `Connected by relay`, `Last seen Tue 10:42`. */
export function presenceSentence(contact: ContactAddress, now: number): string {
	if (contact.tier === 'blocked') return 'Blocked';
	if (contact.isOrdinary) return 'Ordinary mail';
	if (contact.connection === 'direct') return 'Connected directly';
	if (contact.connection === 'relay') return 'Connected by relay';
	if (contact.lastSeen === null) return 'Not met yet';
	return `Last seen ${statusTime(contact.lastSeen, now)}`;
}
