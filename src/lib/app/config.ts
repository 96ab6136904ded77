/** `config.json` beside the bundle: which relays this installation uses. Editable without a rebuild. */

import * as v from 'valibot';
import type { Offices } from '../post/ports.ts';
import { isOfficeUrl } from '../wire/invite.ts';

const configSchema = v.looseObject({ relays: v.array(v.string()) });

/** More would only make the search for one that answers slow. */
const MAX_RELAYS = 8;

/** Base URLs, without a slash at the end; never empty: without any, the app's own origin is asked. */
export type Relays = readonly [string, ...string[]];

/** `load` gives the parsed JSON; it may throw or give anything. */
export async function readRelays(appUrl: string, load: () => Promise<unknown>): Promise<Relays> {
	const fallback: Relays = [toBase('./', appUrl) ?? new URL(appUrl).origin];
	const config = v.safeParse(configSchema, await load().catch(() => null));
	if (!config.success) return fallback; // offline at the first visit, or damaged by its editor
	const urls = config.output.relays.slice(0, MAX_RELAYS).map((url) => toBase(url, appUrl));
	const [first, ...others] = [...new Set(urls.filter((url) => url !== null))];
	return first === undefined ? fallback : [first, ...others];
}

function toBase(url: string, appUrl: string): string | null {
	if (!URL.canParse(url, appUrl)) return null;
	const base = new URL(url, appUrl).href.replace(/\/+$/, '');
	return isOfficeUrl(base) ? base : null;
}

/**
 * The post office for a new identity: the first configured relay that answers within the time, under
 * the name that it gives itself for others; else the first configured.
 */
export async function chooseOffice(
	relays: Relays,
	offices: Offices,
	signal: AbortSignal
): Promise<string> {
	const asked = relays.map(async (url) => {
		const { publicUrl } = await offices(url).terms({ signal });
		return isOfficeUrl(publicUrl) ? publicUrl : url;
	});
	for (const answer of asked) answer.catch(() => undefined); // only the first success matters
	return Promise.any(asked).catch(() => relays[0]);
}
