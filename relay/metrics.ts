/** What operators and tests may count. No label ever holds an address, a slot or a token. */

import { Counter, Gauge, Registry } from 'prom-client';
import type { Refusal } from '../src/lib/wire/refusal.ts';

export interface Metrics {
	countRefusal(reason: Refusal): void;
	countRequest(route: string, status: number): void;
	/** Registers a value that is read at each scrape. */
	watch(name: string, help: string, read: () => number): void;
	/** Prometheus text format. */
	text(): Promise<string>;
	readonly contentType: string;
}

export function createMetrics(): Metrics {
	const registry = new Registry();
	const refusals = new Counter({
		name: 'defms_refusals_total',
		help: 'Requests refused, by reason',
		labelNames: ['reason'],
		registers: [registry]
	});
	const requests = new Counter({
		name: 'defms_requests_total',
		help: 'Answered requests, by route and class of status',
		labelNames: ['route', 'status'],
		registers: [registry]
	});
	return {
		countRefusal: (reason) => refusals.inc({ reason }),
		countRequest: (route, status) =>
			requests.inc({ route, status: `${Math.trunc(status / 100)}xx` }),
		watch(name, help, read) {
			new Gauge({
				name,
				help,
				registers: [registry],
				collect() {
					this.set(read());
				}
			});
		},
		text: () => registry.metrics(),
		contentType: registry.contentType
	};
}
