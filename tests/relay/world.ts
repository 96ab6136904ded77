/** Offices in memory, with a clock that the test turns. */

import { createCounter } from '../../relay/counter.ts';
import { knockWhereDue, lookAtBoots } from '../../relay/office/knocking.ts';
import { createOffice, type Office } from '../../relay/office/office.ts';
import type { Errands, OfficeStore } from '../../relay/office/ports.ts';
import { sweep } from '../../relay/office/sweep.ts';
import { createMemoryStore } from '../../relay/store/memory.ts';
import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import { systemRandom } from '../../src/lib/crypto/random.ts';
import { createOffices } from '../../src/lib/net/office.ts';
import type { Fetch } from '../../src/lib/net/http.ts';
import type { Offices } from '../../src/lib/post/ports.ts';
import {
	droppedDecoder,
	encodeObject,
	refusalDecoder,
	type Terms
} from '../../src/lib/wire/office.ts';
import { toHex } from '../../src/lib/wire/bytes.ts';
import { isRefusal, type Refusal } from '../../src/lib/wire/refusal.ts';
import { createFetch, type Site } from './fetch.ts';

export type StartOptions = Partial<
	Pick<Office, 'store' | 'quotaBytes' | 'accounts' | 'totalBytes'>
>;

export interface World {
	now: number;
	readonly offices: Offices;
	readonly fetch: Fetch;
	readonly refusals: Refusal[];
	/** Starts an office, or starts it anew over what it kept. */
	start(url: string, options?: StartOptions): Office;
	stop(url: string): void;
	office(url: string): Office;
	/** Turns the clock and lets every office do what has come due. */
	pass(ms: number): Promise<void>;
	/** Lets every office do what is due now. */
	settle(): Promise<void>;
}

const ROOM = { quotaBytes: 10_000_000, accounts: 1000, totalBytes: 1_000_000_000 };
const START = 1_800_000_000_000;

export function createWorld(): World {
	const sites = new Map<string, Site>();
	const running = new Map<string, Office>();
	const stores = new Map<string, OfficeStore>();
	const fetch = createFetch(sites);
	let boots = 0;
	const world: World = {
		now: START,
		fetch,
		refusals: [],
		offices: createOffices({
			suite: nobleSuite,
			random: systemRandom,
			now: () => world.now,
			fetch: (url, init) => fetch(url, init)
		}),
		start(url, { store, ...room } = {}) {
			const kept = store ?? stores.get(url) ?? createMemoryStore();
			stores.set(url, kept);
			const boot = `boot-${++boots}`;
			const name = `12D3KooW${toHex(new TextEncoder().encode(url)).replace(/0/g, 'x')}`
				.padEnd(52, 'A')
				.slice(0, 52);
			const office = createOffice({
				...{ store: kept, verifier: nobleSuite, boot, publicUrl: url, name },
				...{ ...ROOM, ...room },
				errands: createErrandsOver(fetch),
				now: () => world.now,
				hurry: () => undefined,
				// The clock is the test's, so nothing comes by waiting: a listener hears what is told.
				sleep: (_, signal) =>
					new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
				breathe: async () => undefined
			});
			running.set(url, office);
			sites.set(url, {
				terms: toTerms(office),
				answer: createCounter(office, (reason) => world.refusals.push(reason))
			});
			return office;
		},
		stop(url) {
			running.delete(url);
			sites.delete(url);
		},
		office(url) {
			const office = running.get(url);
			if (office === undefined) throw new Error(`no office at ${url}`);
			return office;
		},
		async pass(ms) {
			world.now += ms;
			for (const office of running.values()) {
				await lookAtBoots(office);
				await sweep(office);
			}
			await world.settle();
		},
		async settle() {
			for (const office of running.values()) await knockWhereDue(office);
		}
	};
	return world;
}

function toTerms({ name, boot, publicUrl, quotaBytes, accounts, totalBytes }: Office): Terms {
	return {
		...{ version: 1, office: name, addresses: [], stun: [], publicUrl, boot },
		...{ register: 'open', quotaBytes, accounts, totalBytes, noticesPerMinute: 120, keptDays: 180 }
	};
}

function createErrandsOver(fetch: Fetch): Errands {
	return {
		async drop(url, slot, note) {
			try {
				const body = encodeObject('drop', { ...note });
				const at = `${url}/v1/slots/${toHex(slot)}`;
				const response = await fetch(at, { method: 'POST', body });
				const answer = new Uint8Array(await response.arrayBuffer());
				const dropped = droppedDecoder.decode(answer);
				if (dropped.ok) return { kind: 'dropped', dropped: dropped.value };
				const refusal = refusalDecoder.decode(answer);
				const reason = refusal.ok ? refusal.value.reason : '';
				return isRefusal(reason) ? { kind: 'refused', reason } : { kind: 'unreachable' };
			} catch {
				return { kind: 'unreachable' };
			}
		},
		async boot(url) {
			try {
				const response = await fetch(`${url}/.well-known/defms.json`, { method: 'GET' });
				return ((await response.json()) as Terms).boot;
			} catch {
				return null;
			}
		}
	};
}
