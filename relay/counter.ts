/**
 * Where requests are taken: finds the route, holds back who asks too much, checks who signs, and
 * turns what comes out into an answer. Every refusal is counted by its reason.
 */

import { fromBase64url } from '../src/lib/wire/bytes.ts';
import { frame } from '../src/lib/wire/frame.ts';
import { LIMITS } from '../src/lib/wire/limits.ts';
import { authDecoder, encodeObject, type Auth } from '../src/lib/wire/office.ts';
import { accept, refuse, type Refusal, type Result } from '../src/lib/wire/refusal.ts';
import { refusalStatus, type Answer, type Asked } from './asked.ts';
import type { Office } from './office/office.ts';
import { createRateLimit } from './rate.ts';
import { identify, ROUTES, type Payload, type Route } from './routes.ts';

const MINUTE = 60_000;
/** A page that starts, with attachments, asks about a hundred times; a family shares an address. */
const REQUESTS_PER_MINUTE = 3000;
const SCHEME = 'DEFMS1 ';

export type AnswerRequest = (asked: Asked) => Promise<Answer>;

/** Throws where the asker leaves in the middle, or the disk is broken. */
export function createCounter(
	office: Office,
	countRefusal: (reason: Refusal) => void
): AnswerRequest {
	const limits = {
		all: createRateLimit(REQUESTS_PER_MINUTE, MINUTE),
		cards: createRateLimit(LIMITS.cardsPerHour, 60 * MINUTE),
		devices: createRateLimit(LIMITS.cardsPerHour, 60 * MINUTE),
		notices: createRateLimit(LIMITS.noticesPerMinute, MINUTE)
	};

	function isWithin(route: Route | null, from: string): boolean {
		const now = office.now();
		const within = limits.all.take(from, now);
		return within && (route?.limit === undefined || limits[route.limit].take(from, now));
	}

	return async (asked) => {
		const found = findRoute(asked);
		const route = found.ok ? found.value : null;
		const result = isWithin(route, asked.from)
			? found.ok
				? await serve(office, found.value, asked)
				: found
			: refuse('rate-limited');
		const name = route === null ? 'unknown' : `${route.method} ${route.path}`;
		if (result.ok) return toAnswer(name, result.value);
		countRefusal(result.reason);
		return refusalAnswer(name, result.reason);
	};
}

export function refusalAnswer(route: string, reason: Refusal): Answer {
	const body = encodeObject('refusal', { reason });
	return { route, status: refusalStatus(reason), reason, body };
}

function findRoute({ method, path }: Asked): Result<Route> {
	const here = ROUTES.filter((route) => nameIn(route, path) !== null);
	const route = here.find((each) => each.method === method);
	if (route !== undefined) return accept(route);
	return refuse(here.length > 0 ? 'not-allowed' : 'not-found');
}

/** What stands for `*`; empty where the route has none; `null` where the path is another one. */
function nameIn(route: Route, path: string): string | null {
	const [plain = ''] = path.split('?');
	if (!route.path.endsWith('*')) return plain === route.path ? '' : null;
	const start = route.path.slice(0, -1);
	const name = plain.startsWith(start) ? plain.slice(start.length) : '';
	return name !== '' && !name.includes('/') ? name : null;
}

async function serve(office: Office, route: Route, asked: Asked): Promise<Result<Payload>> {
	const readBody = () => asked.body(route.bodyBytes);
	const signed =
		route.who === 'device'
			? await identifyDevice(office, asked, readBody)
			: withoutDevice(await readBody());
	if (!signed.ok) return signed;
	const query = new URLSearchParams(asked.path.split('?')[1]);
	const name = nameIn(route, asked.path) ?? '';
	return route.handle({ office, name, query, signal: asked.signal, ...signed.value });
}

function withoutDevice(body: Result<Uint8Array>) {
	return body.ok ? accept({ root: '', body: body.value }) : body;
}

async function identifyDevice(
	office: Office,
	asked: Asked,
	readBody: () => Promise<Result<Uint8Array>>
) {
	const auth = readAuthorization(asked.authorization);
	return auth.ok ? identify(office, auth.value, asked, readBody) : auth;
}

function readAuthorization(header: string | undefined): Result<Auth> {
	if (header?.startsWith(SCHEME) !== true) return refuse('not-enrolled');
	const encoded = fromBase64url(header.slice(SCHEME.length));
	return encoded === null ? refuse('not-canonical') : authDecoder.decode(encoded);
}

function toAnswer(route: string, payload: Payload): Answer {
	if (payload === null) return { route, status: 204, body: new Uint8Array(0) };
	if ('object' in payload) return { route, status: 200, body: payload.object };
	return { route, status: 200, body: framed(payload.frames) };
}

async function* framed(
	objects: Iterable<Uint8Array> | AsyncIterable<Uint8Array>
): AsyncGenerator<Uint8Array> {
	for await (const object of objects) yield frame(object);
}
