/** The words of all other screens: fetched with the first of these, and shown when they are there. */

import toRuntime, { type Runtime } from 'wuchale/runtime';
import { loadCatalog } from './.wuchale/then.proxy.js';
import { language } from './language.ts';

const AGAIN_MS = 2_000;

let words = $state.raw(toRuntime(undefined, language));

/** Called by what the build puts in place of words. */
export function getRuntime(): Runtime {
	return words;
}
export { getRuntime as getRuntimeRx };

/** Resolves when they are there. */
export const areWordsHere: Promise<void> = load();

async function load(): Promise<void> {
	for (;;) {
		try {
			words = toRuntime(await loadCatalog('then', language), language);
			return;
		} catch {
			// No network just now: without words nothing can be pressed.
			await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
		}
	}
}
