/** From a request to whoever answers it. */

import type { RequestListener } from 'node:http';
import type { Terms } from '../src/lib/wire/office.ts';
import type { Config } from './config.ts';
import { CORS_HEADERS, STRICT_TRANSPORT } from './headers.ts';
import type { Metrics } from './metrics.ts';
import { answerText, serveStatic } from './static.ts';

export function createRequestListener(options: {
	readonly config: Config;
	readonly terms: Terms;
	readonly metrics: Metrics;
}): RequestListener {
	const { config, terms, metrics } = options;
	return (request, response) => {
		const [path = '/'] = (request.url ?? '/').split('?');
		if (config.cert !== undefined) {
			response.setHeader('strict-transport-security', STRICT_TRANSPORT);
		}
		if (path === '/.well-known/defms.json') {
			const headers = { ...CORS_HEADERS, 'cache-control': 'no-store' };
			response.writeHead(200, { ...headers, 'content-type': 'application/json' });
			response.end(JSON.stringify(terms));
			return;
		}
		if (path === '/healthz') return answerText(response, 200, 'ok\n');
		if (path === '/metrics') {
			void metrics.text().then((text) => {
				response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
			});
			return;
		}
		if (config.app === undefined) return answerText(response, 404, 'Not found\n');
		// The client left in the middle, or a file vanished: nobody is there to be told.
		serveStatic(config.app, path, request, response).catch(() => response.destroy());
	};
}
