/** The service worker's questions to the pages: who is gone or frozen is given up, who works is not. */

import { COMING, type Ask } from './file-words.ts';

/** As much of a `Client` as is needed. */
export interface Page {
	postMessage(ask: Ask, transfer: [MessagePort]): void;
}

/** Pages are asked this often whether they are still there: messages reach those in the background, too. */
const LOOK_MS = 2_000;
/** One that has said nothing for so long is gone, or frozen, ms. */
const QUIET_MS = 5_000;

/**
 * What each page answers, the first that comes first; ends when all have answered or are gone. A page
 * that says `coming` to each look is waited for as long as it does.
 */
export async function* askPages(
	listPages: () => Promise<readonly Page[]>,
	ask: Ask,
	signal?: AbortSignal
): AsyncGenerator {
	const asked = (await listPages()).map((page) => askPage(page, ask));
	const stop = (): void => {
		for (const { giveUp } of asked) giveUp();
	};
	signal?.addEventListener('abort', stop);
	try {
		const waiting = new Map(
			asked.map(({ said }, at) => [at, said.then((answer) => ({ at, answer }))])
		);
		while (waiting.size > 0) {
			const { at, answer } = await Promise.race(waiting.values());
			waiting.delete(at);
			yield answer;
		}
	} finally {
		signal?.removeEventListener('abort', stop);
		stop();
	}
}

/** `said` is `null` where it is given up. */
function askPage(
	page: Page,
	ask: Ask
): { readonly said: Promise<unknown>; readonly giveUp: () => void } {
	const { port1, port2 } = new MessageChannel();
	const { promise, resolve } = Promise.withResolvers<unknown>();
	const giveUp = (): void => resolve(null);
	let quiet = setTimeout(giveUp, QUIET_MS);
	const look = setInterval(() => port1.postMessage('look'), LOOK_MS);
	port1.onmessage = ({ data }: MessageEvent<unknown>) => {
		clearTimeout(quiet);
		if (data === COMING) quiet = setTimeout(giveUp, QUIET_MS);
		else resolve(data);
	};
	const said = promise.finally(() => {
		clearTimeout(quiet);
		clearInterval(look);
		port1.close();
	});
	page.postMessage(ask, [port2]);
	return { said, giveUp };
}
