/** The words of the first screen. English ones are in its own scripts; others are fetched before it. */

import toRuntime, { type Runtime } from 'wuchale/runtime';
import * as english from './.wuchale/first.first.en.compiled.js';
import { loadCatalog } from './.wuchale/first.proxy.js';
import { language } from './language.ts';

let words = toRuntime(english, 'en');

/** Called by what the build puts in place of words. */
export function getRuntime(): Runtime {
	return words;
}
export { getRuntime as getRuntimeRx };

/** To be awaited before the first screen; English where they do not come. */
export async function loadFirstWords(): Promise<void> {
	if (language === 'en') return;
	try {
		words = toRuntime(await loadCatalog('first', language), language);
	} catch {
		// No network, and no copy of this language: the app is worth more than its words.
	}
}
