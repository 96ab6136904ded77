import type { Message } from '../../app/view.ts';

/**
 * Is it proven that this person wrote the message? What was passed on, brought from another program or
 * never vouched for (`new`) only says whose it is.
 */
export function isWriterProven({ from, isLegacy, keptBy, doubt }: Message): boolean {
	const isKnown = from.isMe || ['verified', 'introduced', 'known'].includes(from.badge);
	return isKnown && !isLegacy && keptBy === null && doubt === null;
}
