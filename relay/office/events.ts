/** What a device is told: first all that waits, then what comes. */

import { encodeObject } from '../../src/lib/wire/office.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import { BOUNDS } from './bounds.ts';
import { noticeToKnocked } from './drops.ts';
import type { Office } from './office.ts';
import { listSent } from './sends.ts';

/**
 * `ping`, every waiting notice, every send that is no longer `waiting`; with `once` that is all.
 * Then news as it comes, and pings, until `listenMs` have passed or the signal aborts.
 */
export async function* listenToEvents(
	office: Office,
	root: string,
	options: { readonly once: boolean; readonly signal: AbortSignal }
): AsyncGenerator<Uint8Array> {
	// Opened before the first look, so that nothing falls between.
	const listener = office.listeners.open(root);
	const { signal } = options;
	const onAbort = () => listener.end();
	signal.addEventListener('abort', onAbort);
	if (signal.aborted) listener.end();
	const endsAt = office.now() + LIMITS.listenMs;
	try {
		yield ping(office);
		for (const notice of office.notices.of(root)) yield noticeToKnocked(notice);
		yield* listSent(office, root, ({ state }) => state !== 'waiting');
		if (options.once) return;
		while (!listener.isEnded) {
			const patienceMs = Math.min(BOUNDS.pingMs, endsAt - office.now());
			if (patienceMs <= 0) return;
			const event = await hear(office, listener, patienceMs, signal);
			yield event ?? ping(office);
		}
	} finally {
		signal.removeEventListener('abort', onAbort);
		listener.end();
	}
}

async function hear(
	office: Office,
	listener: ReturnType<Office['listeners']['open']>,
	patienceMs: number,
	signal: AbortSignal
): Promise<Uint8Array | null> {
	const heard = new AbortController();
	try {
		return await listener.next(office.sleep(patienceMs, AbortSignal.any([signal, heard.signal])));
	} finally {
		heard.abort();
	}
}

function ping({ boot }: Office): Uint8Array {
	return encodeObject('ping', { boot });
}
