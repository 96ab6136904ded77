/** An office that is asked without a network: the real client's `fetch` leads into its counter. */

import type { AnswerRequest } from '../../relay/counter.ts';
import type { Fetch } from '../../src/lib/net/http.ts';
import type { Terms } from '../../src/lib/wire/office.ts';
import { accept, refuse } from '../../src/lib/wire/refusal.ts';

export interface Site {
	readonly terms: Terms;
	readonly answer: AnswerRequest;
}

/** Offices by base URL; any other URL is a network error. */
export function createFetch(sites: ReadonlyMap<string, Site>, from = 'somewhere'): Fetch {
	return async (url, init) => {
		const { origin, pathname, search } = new URL(url);
		const site = sites.get(origin);
		if (site === undefined) throw new TypeError('nobody answers there');
		init.signal?.throwIfAborted();
		if (pathname === '/.well-known/defms.json') return Response.json(site.terms);
		const body = init.body instanceof Uint8Array ? init.body : new Uint8Array(0);
		const answer = await site.answer({
			method: init.method ?? 'GET',
			path: `${pathname}${search}`,
			authorization: new Headers(init.headers).get('authorization') ?? undefined,
			from,
			signal: init.signal ?? new AbortController().signal,
			body: async (maxBytes) => (body.length > maxBytes ? refuse('too-large') : accept(body))
		});
		const content =
			answer.body instanceof Uint8Array ? Uint8Array.from(answer.body) : toStream(answer.body);
		return new Response(answer.status === 204 ? null : content, { status: answer.status });
	};
}

function toStream(
	pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>
): ReadableStream<Uint8Array<ArrayBuffer>> {
	const iterator = (async function* () {
		yield* pieces;
	})();
	return new ReadableStream(
		{
			async pull(controller) {
				const { done, value } = await iterator.next();
				if (done === true) controller.close();
				else controller.enqueue(Uint8Array.from(value));
			},
			cancel: async () => void (await iterator.return())
		},
		{ highWaterMark: 0 }
	);
}
