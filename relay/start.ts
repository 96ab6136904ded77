/** The composition root of the relay: builds each part once, in the order in which they need each other. */

import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { Config } from './config.ts';
import { urlToMultiaddr } from './announce.ts';
import { startCircuit } from './circuit.ts';
import { loadKey } from './key.ts';
import { close, createServer, listen } from './listen.ts';
import { createMetrics } from './metrics.ts';
import { clientAddress, networkOf } from './origin.ts';
import { createRateLimit } from './rate.ts';
import { createRequestListener } from './http.ts';
import { LIMITS } from '../src/lib/wire/limits.ts';
import type { Terms } from '../src/lib/wire/office.ts';

/** New WebSockets from one network in a minute: many browsers may share an address. */
const UPGRADES_PER_MINUTE = 300;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export interface RunningRelay {
	readonly url: string;
	/** Sentences for the operator. */
	readonly notes: readonly string[];
	stop(): Promise<void>;
}

export async function startRelay(config: Config): Promise<RunningRelay> {
	const privateKey = await loadKey(config.data);
	// Whoever asks while we are starting waits a moment, instead of failing.
	const ready = Promise.withResolvers<RequestListener>();
	const server = createServer(config, (request, response) => {
		void ready.promise.then((answer) => answer(request, response));
	});
	const port = await listen(server, config);
	const scheme = config.cert === undefined ? 'http' : 'https';
	const url = config.publicUrl ?? `${scheme}://localhost:${port}`;
	const upgrades = createRateLimit(UPGRADES_PER_MINUTE, MINUTE);
	const circuit = await startCircuit({
		upgrades: {
			server,
			admit(request) {
				const origin = clientAddress(request, config.trustProxy);
				return upgrades.take(networkOf(origin), Date.now()) ? origin : null;
			}
		},
		privateKey,
		addresses: [urlToMultiaddr(url)],
		reservations: config.reservations
	});
	const terms: Terms = {
		version: 1,
		office: circuit.peerName,
		addresses: [`${urlToMultiaddr(url)}/p2p/${circuit.peerName}`],
		stun: [],
		publicUrl: url,
		boot: randomUUID(),
		register: 'open',
		quotaBytes: config.quotaBytes,
		noticesPerMinute: LIMITS.noticesPerMinute,
		keptDays: LIMITS.unconfirmedMs / DAY
	};
	const metrics = createMetrics();
	metrics.watch('defms_connections', 'Browsers connected', () => circuit.connections);
	metrics.watch('defms_reservations', 'Browsers reachable', () => circuit.reservations);
	ready.resolve(createRequestListener({ config, terms, metrics }));
	return {
		url,
		notes: [],
		async stop() {
			await circuit.stop();
			await close(server);
		}
	};
}
