/**
 * Notifications of new mail, shown by the service worker, for on phones no page may. A page says what is to
 * be told; the worker looks whether the person has the app in front, and does what its buttons ask, with no
 * page open too.
 */

import * as v from 'valibot';
import { moveThreads, setRead } from '../mailbox/places.ts';
import type { Desk } from '../post/ports.ts';
import { parseThreadId } from '../wire/ids.ts';

/** From a page. */
const ringSchema = v.variant('type', [
	v.object({
		type: v.literal('ring'),
		thread: v.string(),
		title: v.string(),
		body: v.string(),
		archive: v.string(),
		read: v.string()
	}),
	/** It was read, or is not to be seen any more. */
	v.object({ type: v.literal('hush'), thread: v.string() })
]);
export type RingWord = v.InferOutput<typeof ringSchema>;

/** To a page that is in front then. */
export const goSchema = v.object({ type: v.literal('go'), fragment: v.string() });

/** A window of the app, as the worker sees it. */
interface OwnWindow {
	readonly focused: boolean;
	postMessage(word: unknown): void;
	focus(): Promise<unknown>;
}

/** What of the worker's world it needs. */
export interface Bellman {
	readonly registration: Pick<ServiceWorkerRegistration, 'showNotification' | 'getNotifications'>;
	readonly clients: {
		matchAll(options: {
			readonly type: 'window';
			readonly includeUncontrolled?: boolean;
		}): Promise<readonly OwnWindow[]>;
		openWindow(url: string): Promise<unknown>;
	};
	readonly baseUrl: string;
	/** Laid for one answer, and put away after it. */
	readonly layDesk: () => Promise<{ readonly desk: Desk; readonly close: () => void }>;
}

/** Chromium's buttons, which TypeScript leaves out (https://notifications.spec.whatwg.org/#actions). */
interface NotificationWithActions extends NotificationOptions {
	readonly actions: readonly { readonly action: string; readonly title: string }[];
	readonly renotify: boolean;
}

export function isRingWord(word: unknown): word is RingWord {
	return v.is(ringSchema, word);
}

/** One notification a thread: a newer message takes the place of the one before. */
export async function ring(
	{ registration, clients, baseUrl }: Bellman,
	word: RingWord
): Promise<void> {
	if (word.type === 'hush') {
		const shown = await registration.getNotifications({ tag: word.thread });
		for (const notification of shown) notification.close();
		return;
	}
	const pages = await clients.matchAll({ type: 'window', includeUncontrolled: true });
	if (pages.some(({ focused }) => focused)) return;
	const options: NotificationWithActions = {
		body: word.body,
		tag: word.thread,
		renotify: true,
		icon: new URL('icon-192.png', baseUrl).href,
		badge: new URL('icon-192.png', baseUrl).href,
		actions: [
			{ action: 'archive', title: word.archive },
			{ action: 'read', title: word.read }
		]
	};
	await registration.showNotification(word.title, options);
}

/** The notification, or one of its buttons, was pressed. */
export async function answerRing(
	{ clients, baseUrl, layDesk }: Bellman,
	action: string,
	tag: string
): Promise<void> {
	const thread = parseThreadId(tag);
	if (thread === null) return;
	if (action !== 'archive' && action !== 'read') {
		await show(clients, baseUrl, `#/thread/${encodeURIComponent(thread)}`);
		return;
	}
	const { desk, close } = await layDesk();
	try {
		await setRead(desk, [thread], true);
		if (action === 'archive') await moveThreads(desk, [thread], 'archive');
	} finally {
		close();
	}
}

/** In a window that is there, else in a new one. */
async function show(clients: Bellman['clients'], baseUrl: string, fragment: string): Promise<void> {
	const [page] = await clients.matchAll({ type: 'window' });
	if (page !== undefined) {
		page.postMessage({ type: 'go', fragment } satisfies v.InferOutput<typeof goSchema>);
		await page.focus();
		return;
	}
	await clients.openWindow(new URL(fragment, baseUrl).href);
}
