/** What an office asks of other offices, over the simulated network (relay/errands.ts needs sockets). */

import type { DropOutcome, Errands } from '../../relay/office/ports.ts';
import { BOUNDS } from '../../relay/office/bounds.ts';
import type { Fetch } from '../../src/lib/net/http.ts';
import { fromUtf8, toHex } from '../../src/lib/wire/bytes.ts';
import { droppedDecoder, encodeObject, refusalDecoder } from '../../src/lib/wire/office.ts';
import { isRefusal } from '../../src/lib/wire/refusal.ts';

interface Answered {
	readonly status: number;
	readonly body: Uint8Array;
}

export function createSimErrands(fetch: Fetch): Errands {
	return {
		async drop(url, slot, note) {
			const body = Uint8Array.from(encodeObject('drop', { ...note }));
			const at = `${url}/v1/slots/${toHex(slot)}`;
			const answer = await call(fetch, at, { method: 'POST', body });
			return answer === null ? { kind: 'unreachable' } : toOutcome(answer);
		},
		async boot(url) {
			const answer = await call(fetch, `${url}/.well-known/defms.json`, { method: 'GET' });
			if (answer === null) return null;
			const terms: unknown = JSON.parse(fromUtf8(answer.body));
			const hasBoot = typeof terms === 'object' && terms !== null && 'boot' in terms;
			return hasBoot && typeof terms.boot === 'string' ? terms.boot : null;
		}
	};
}

function toOutcome({ status, body }: Answered): DropOutcome {
	const dropped = status === 200 ? droppedDecoder.decode(body) : null;
	if (dropped?.ok === true) return { kind: 'dropped', dropped: dropped.value };
	const refusal = refusalDecoder.decode(body);
	const reason = refusal.ok ? refusal.value.reason : '';
	return isRefusal(reason) ? { kind: 'refused', reason } : { kind: 'unreachable' };
}

async function call(fetch: Fetch, url: string, init: RequestInit): Promise<Answered | null> {
	const deadline = new AbortController();
	const timer = setTimeout(() => deadline.abort(), BOUNDS.dropMs);
	try {
		const response = await fetch(url, { ...init, signal: deadline.signal });
		return { status: response.status, body: new Uint8Array(await response.arrayBuffer()) };
	} catch {
		return null; // lost, refused, cut or too slow: the send stays due
	} finally {
		clearTimeout(timer);
	}
}
