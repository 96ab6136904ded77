/** Which threads stand in which list, and where: questions to their rows alone. */

import type { Place } from '../app/view.ts';
import type { ListedThread } from '../post/listed.ts';
import { isAsleep } from '../post/packs.ts';
import { familyOf, type LabelRecord } from './labels.ts';

/** Drafts are no threads, what was sent is asked of messages, and a folder is a search. */
export type ThreadList = Exclude<Place, 'drafts' | 'sent' | `folder/${string}`>;

/** `now`: Unix ms, for those that are snoozed. */
export function isIn(
	list: ThreadList,
	now: number,
	labels: readonly LabelRecord[] = []
): (thread: ListedThread) => boolean {
	switch (list) {
		case 'inbox':
			return (thread) => thread.place === 'inbox' && !isAsleep(thread, now);
		case 'snoozed':
			return (thread) => thread.place === 'inbox' && isAsleep(thread, now);
		case 'archive':
		case 'trash':
			return ({ place }) => place === list;
		case 'starred':
			return ({ place, isStarred }) => place !== 'trash' && isStarred === true;
		default: {
			const family = familyOf(labels, list.slice('label/'.length));
			return (thread) =>
				thread.place !== 'trash' && (thread.labels ?? []).some((label) => family.has(label));
		}
	}
}

/** When it was last news: at its newest message, or when it came back. */
export function newsTime({ latest, snoozedUntil }: ListedThread, now: number): number {
	return snoozedUntil === undefined || snoozedUntil > now
		? latest.date
		: Math.max(latest.date, snoozedUntil);
}

/** Unread threads that the inbox counts. */
export function callsForReading(thread: ListedThread, now: number): boolean {
	const { place, unread, isMuted } = thread;
	return unread > 0 && place === 'inbox' && isMuted !== true && !isAsleep(thread, now);
}

/** When the next one comes back; null: none sleeps. */
export function nextWaking(threads: readonly ListedThread[], now: number): number | null {
	let next: number | null = null;
	for (const thread of threads) {
		const { snoozedUntil, place } = thread;
		if (snoozedUntil === undefined || place !== 'inbox' || !isAsleep(thread, now)) continue;
		if (next === null || snoozedUntil < next) next = snoozedUntil;
	}
	return next;
}
