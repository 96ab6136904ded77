/** What waits at a post office for one account, and what comes while we listen. */

import type { Ground, OfficeAccount, Signalled } from '../post/ports.ts';
import { equal } from '../wire/bytes.ts';
import { LIMITS } from '../wire/limits.ts';
import {
	knockedDecoder,
	pingDecoder,
	sentDecoder,
	type Knocked,
	type Sent
} from '../wire/office.ts';
import type { Asking, Http } from './http.ts';

/** The office speaks at least once in `listenMs`; twice as long a silence is a dead connection. */
const SILENCE_MS = 2 * LIMITS.listenMs;

/** A notice whose hash is another's is left out: it could end a knock that it does not answer. */
export async function* listen(
	http: Http,
	{ suite }: Ground,
	account: OfficeAccount,
	options: Signalled & { readonly once: boolean }
): AsyncGenerator<Knocked | Sent> {
	const { boot } = await http.knownTerms(options);
	const path = options.once ? '/v1/events?once=1' : `/v1/events?since=${encodeURIComponent(boot)}`;
	const asking: Asking = { method: 'GET', path, account, silenceMs: SILENCE_MS };
	for await (const payload of http.askFrames(asking, knockedDecoder.maxBytes, options)) {
		const knocked = knockedDecoder.decode(payload);
		if (knocked.ok) {
			const { hash, sealed } = knocked.value;
			if (equal(await suite.sha256(sealed), hash)) yield knocked.value;
			continue;
		}
		const sent = sentDecoder.decode(payload);
		if (sent.ok) yield sent.value;
		const ping = pingDecoder.decode(payload);
		if (ping.ok && ping.value.boot !== boot) http.forgetTerms();
	}
}
