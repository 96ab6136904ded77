/** The composition root of the relay: builds each part once, in the order in which they need each other. */

import { randomUUID } from 'node:crypto';
import type { RequestListener, Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createVerifier } from '../src/lib/crypto/verify.ts';
import { LIMITS } from '../src/lib/wire/limits.ts';
import type { Terms } from '../src/lib/wire/office.ts';
import { isPrivateUrl, stunUri, urlToMultiaddr } from './announce.ts';
import { startCircuit, type Circuit } from './circuit.ts';
import { ConfigError, type Config } from './config.ts';
import { createCounter } from './counter.ts';
import { createCrowd } from './crowd.ts';
import { createErrands } from './errands.ts';
import { createRequestListener } from './http.ts';
import { loadKey } from './key.ts';
import { close, createServer, listen } from './listen.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createOffice, type Office } from './office/office.ts';
import { StorageFull } from './office/ports.ts';
import { clientAddress, networkOf } from './origin.ts';
import { createRateLimit } from './rate.ts';
import { startRounds } from './rounds.ts';
import { openDiskStore, StoreInUseError, type DiskStore } from './store/sqlite.ts';
import { startStun } from './stun.ts';

/** New WebSockets from one network in a minute: many browsers may share an address. */
const UPGRADES_PER_MINUTE = 300;
/** WebSockets of one network at one time: nobody takes every place at the relay. */
const SOCKETS_PER_NETWORK = 512;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export interface RunningRelay {
	readonly url: string;
	/** Sentences for the operator. */
	readonly notes: readonly string[];
	stop(): Promise<void>;
}

/** Throws ConfigError and PortTakenError, whose messages are meant for the operator. */
export async function startRelay(config: Config, log: Logger): Promise<RunningRelay> {
	const metrics = createMetrics();
	// Whoever asks while we are starting waits a moment, instead of failing.
	const ready = Promise.withResolvers<RequestListener>();
	const server = createServer(config, (request, response) => {
		void ready.promise.then((answer) => answer(request, response));
	});
	const port = await listen(server, config);
	const store = openStore(config);
	const url =
		config.publicUrl ?? `${config.cert === undefined ? 'http' : 'https'}://localhost:${port}`;
	const circuit = await openCircuit(config, server, url);
	const stun = config.stunPort === 0 ? null : await startStun(config.stunPort ?? port, config.host);
	const boot = randomUUID();
	const office = await openOffice(config, { store, url, boot, name: circuit.peerName }, () =>
		rounds.hurry()
	);
	const rounds = startRounds(office, (error) => log.error({ err: error }, 'a round failed'));
	const answer = createCounter(office, (reason) => metrics.countRefusal(reason));
	const terms = toTerms(config, { url, boot, name: circuit.peerName, stunPort: stun?.port });
	watch(metrics, circuit, office);
	ready.resolve(createRequestListener({ config, terms, metrics, log, answer }));
	log.info({ boot }, 'started');
	return {
		url,
		notes: notesOf(config, { hasStun: stun !== null, port }),
		async stop() {
			rounds.stop();
			stun?.stop();
			await circuit.stop();
			await close(server);
			store.close();
		}
	};
}

function openStore({ data, storeBytes }: Config): DiskStore {
	try {
		return openDiskStore(join(data, 'office.db'), { maxBytes: storeBytes });
	} catch (error) {
		if (error instanceof StoreInUseError) {
			throw new ConfigError(
				`Another relay is using the data folder ${data}. Stop that one, or choose another folder: --data`
			);
		}
		if (error instanceof StorageFull) {
			throw new ConfigError(
				`There is no room on the disk for the data folder ${data}. Make room, or choose another folder: --data`
			);
		}
		throw error;
	}
}

async function openCircuit(config: Config, server: Server, url: string): Promise<Circuit> {
	const upgrades = createRateLimit(UPGRADES_PER_MINUTE, MINUTE);
	const open = createCrowd(SOCKETS_PER_NETWORK);
	return startCircuit({
		upgrades: {
			server,
			admit(request) {
				const origin = clientAddress(request, config.trustProxy);
				const from = networkOf(origin);
				if (!upgrades.take(from, Date.now()) || !open.enter(from)) return null;
				request.socket.once('close', () => open.leave(from));
				return origin;
			}
		},
		privateKey: await loadKey(config.data),
		addresses: [urlToMultiaddr(url)],
		reservations: config.reservations
	});
}

interface Run {
	readonly url: string;
	readonly boot: string;
	/** Our peer id. */
	readonly name: string;
}

async function openOffice(
	config: Config,
	{ store, url, boot, name }: Run & { readonly store: DiskStore },
	hurry: () => void
): Promise<Office> {
	return createOffice({
		...{ store, boot, name, hurry, publicUrl: url, ...roomOf(config) },
		verifier: await createVerifier(),
		errands: createErrands({ allowPrivate: config.allowPrivate ?? isPrivateUrl(url) }),
		now: () => Date.now(),
		// An aborted sleep is a sleep that ended.
		sleep: async (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
		breathe: async () => new Promise((resolve) => setImmediate(resolve))
	});
}

function toTerms(
	config: Config,
	{ url, boot, name, stunPort }: Run & { readonly stunPort: number | undefined }
): Terms {
	return {
		...{ version: 1, office: name, publicUrl: url, boot, register: 'open', ...roomOf(config) },
		addresses: [`${urlToMultiaddr(url)}/p2p/${name}`],
		stun: stunPort === undefined ? [] : [stunUri(url, stunPort)],
		noticesPerMinute: LIMITS.noticesPerMinute,
		keptDays: LIMITS.unconfirmedMs / DAY
	};
}

/** What an address and all of them may have here: kept to, and announced. */
function roomOf({ quotaBytes, accounts, totalBytes }: Config) {
	return { quotaBytes, accounts, totalBytes };
}

function watch(metrics: Metrics, circuit: Circuit, office: Office): void {
	metrics.watch('defms_connections', 'Browsers connected', () => circuit.connections);
	metrics.watch('defms_reservations', 'Browsers reachable', () => circuit.reservations);
	metrics.watch('defms_accounts', 'Addresses registered', () => office.totals.accounts);
	metrics.watch('defms_bytes', 'Bytes kept for all addresses', () => office.totals.bytes);
	metrics.watch('defms_notices', 'Notices waiting in memory', () => office.notices.size);
	metrics.watch('defms_listeners', 'Streams of events open', () => office.listeners.size);
}

function notesOf(
	config: Config,
	{ hasStun, port }: { readonly hasStun: boolean; readonly port: number }
): string[] {
	const stunPort = config.stunPort ?? port;
	const needsPublicUrl = config.cert !== undefined && config.publicUrl === undefined;
	return [
		...(hasStun || stunPort === 0
			? []
			: [
					`UDP port ${stunPort} is taken, so STUN is off: behind some routers browsers reach each other only through the relay. Choose another port: --stun-port`
				]),
		...(needsPublicUrl
			? [
					'Invites name localhost. For others give the name in the certificate: --public-url https://…'
				]
			: [])
	];
}
