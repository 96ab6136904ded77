/** Notifications that are pressed. */

import * as v from 'valibot';
import { goSchema } from '../workers/ringing.ts';

/** Where the person wants to go who has pressed a notification; follows it. */
export function heedNotifications(workers: EventTarget, go: (fragment: string) => void): void {
	workers.addEventListener('message', (event) => {
		if (!(event instanceof MessageEvent)) return;
		const word = v.safeParse(goSchema, event.data);
		if (word.success) go(word.output.fragment);
	});
}
