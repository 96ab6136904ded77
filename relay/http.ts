/** From a request on the wire to whoever answers it: post office, terms, health, metrics, app. */

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Terms } from '../src/lib/wire/office.ts';
import type { Answer, Asked } from './asked.ts';
import { createBodies, type Bodies } from './body.ts';
import type { Config } from './config.ts';
import { refusalAnswer, type AnswerRequest } from './counter.ts';
import { createCrowd } from './crowd.ts';
import { CORS_HEADERS, PREFLIGHT_HEADERS, STRICT_TRANSPORT } from './headers.ts';
import type { Metrics } from './metrics.ts';
import { clientAddress, networkOf } from './origin.ts';
import { answerText, serveStatic } from './static.ts';

/** Requests of one network under way at one time; an open stream of events is one. */
const UNDER_WAY = 512;

export interface HttpParts {
	readonly config: Config;
	readonly terms: Terms;
	readonly metrics: Metrics;
	readonly log: Logger;
	readonly answer: AnswerRequest;
}

export function createRequestListener(parts: HttpParts): RequestListener {
	const { config, log } = parts;
	const underWay = createCrowd(UNDER_WAY);
	const bodies = createBodies();
	return (request, response) => {
		if (config.cert !== undefined) {
			response.setHeader('strict-transport-security', STRICT_TRANSPORT);
		}
		const from = networkOf(clientAddress(request, config.trustProxy));
		const isCrowded = !underWay.enter(from);
		if (!isCrowded) response.once('close', () => underWay.leave(from));
		dispatch(parts, request, response, { from, isCrowded, bodies }).catch((error: unknown) => {
			// The asker left, which is no error of ours, or something here is broken.
			if (!response.destroyed && !request.destroyed) log.error({ err: error }, 'request failed');
			if (!response.headersSent && !response.destroyed) response.writeHead(500).end();
			else response.destroy();
		});
	};
}

async function dispatch(
	parts: HttpParts,
	request: IncomingMessage,
	response: ServerResponse,
	asker: { readonly from: string; readonly isCrowded: boolean; readonly bodies: Bodies }
): Promise<void> {
	const { config, terms, metrics } = parts;
	const path = (request.url ?? '/').split('?')[0] ?? '/';
	const isOffice = path.startsWith('/v1/');
	if (request.method === 'OPTIONS' && (isOffice || path.startsWith('/.well-known/'))) {
		response.writeHead(204, PREFLIGHT_HEADERS).end();
	} else if (isOffice) {
		const answer = asker.isCrowded
			? refusalAnswer('crowded', 'rate-limited')
			: await parts.answer(toAsked(request, response, asker));
		metrics.countRequest(answer.route, answer.status);
		await write(response, answer);
	} else if (path === '/.well-known/defms.json') {
		const headers = { ...CORS_HEADERS, 'cache-control': 'no-store' };
		response.writeHead(200, { ...headers, 'content-type': 'application/json' });
		response.end(JSON.stringify(terms));
	} else if (path === '/healthz') {
		answerText(response, 200, 'ok\n');
	} else if (path === '/metrics') {
		const text = await metrics.text();
		response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
	} else if (request.method !== 'GET' && request.method !== 'HEAD') {
		answerText(response, 405, 'Only GET and HEAD\n');
	} else if (config.app === undefined) {
		answerText(response, 404, 'This is a DEFMS relay; it serves no app.\n');
	} else {
		await serveStatic(config.app, path, request, response);
	}
}

function toAsked(
	request: IncomingMessage,
	response: ServerResponse,
	{ from, bodies }: { readonly from: string; readonly bodies: Bodies }
): Asked {
	const left = new AbortController();
	response.once('close', () => left.abort());
	return {
		method: request.method ?? '',
		path: request.url ?? '/',
		authorization: request.headers.authorization,
		from,
		signal: left.signal,
		body: (maxBytes) => bodies.read(request, maxBytes)
	};
}

async function write(response: ServerResponse, { status, body }: Answer): Promise<void> {
	response.writeHead(status, {
		...CORS_HEADERS,
		...(status === 204 ? {} : { 'content-type': 'application/octet-stream' }),
		'cache-control': 'no-store',
		'x-content-type-options': 'nosniff',
		// A proxy that collects an answer would hold back events.
		'x-accel-buffering': 'no'
	});
	if (body instanceof Uint8Array) {
		response.end(body);
		return;
	}
	response.flushHeaders();
	for await (const piece of body) {
		if (response.destroyed) return;
		if (!response.write(piece)) await drained(response);
	}
	response.end();
}

/** Resolves when there is room again, or nobody to wait for. */
async function drained(response: ServerResponse): Promise<void> {
	const { promise, resolve } = Promise.withResolvers<null>();
	const go = () => {
		response.off('drain', go).off('close', go);
		resolve(null);
	};
	response.on('drain', go).on('close', go);
	if (response.destroyed) go();
	await promise;
}
