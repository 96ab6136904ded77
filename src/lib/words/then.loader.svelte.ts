/** The words of all other screens: fetched with the first of these, and shown when they are there. */

import toRuntime, { type Runtime } from 'wuchale/runtime';
import { loadCatalog } from './.wuchale/then.proxy.js';
import { language } from './language.ts';

const AGAIN_MS = 2_000;
/** Whoever is away for long, or has a page of a version that is gone, is not asked all day. */
const AGAIN_MOST_MS = 10 * 60_000;

let words = $state.raw(toRuntime(undefined, language));

/** Called by what the build puts in place of words. */
export function getRuntime(): Runtime {
	return words;
}
export { getRuntime as getRuntimeRx };

/** Resolves when they are there. */
export const areWordsHere: Promise<void> = load();

async function load(): Promise<void> {
	for (let waitMs = AGAIN_MS; ; waitMs = Math.min(2 * waitMs, AGAIN_MOST_MS)) {
		try {
			words = toRuntime(await loadCatalog('then', language), language);
			return;
		} catch {
			// No network just now: without words nothing can be pressed.
			await untilNetworkOr(waitMs);
		}
	}
}

function untilNetworkOr(waitMs: number): Promise<void> {
	return new Promise((resolve) => {
		const timer = setTimeout(end, waitMs);
		addEventListener('online', end);
		function end() {
			clearTimeout(timer);
			removeEventListener('online', end);
			resolve();
		}
	});
}
