/**
 * What left this browser lately, in memory alone: each page and the service worker keep what they know, and
 * tell each other over a channel. Closing all of them forgets it.
 */

import type { Departure, Witness } from '../net/departures.ts';

export type Left = Departure & {
	/** Of one context, then a number: each entry once, however many tell of it. */
	readonly id: string;
	/** Unix ms. */
	readonly time: number;
	/** By a tab, or by the service worker, which also works when no tab is open. */
	readonly by: 'page' | 'worker';
};

/** More than a person reads; an entry is some hundred bytes. */
const MOST = 500;

/** The part of a BroadcastChannel that is needed. */
export interface Channel {
	postMessage(message: unknown): void;
	addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
}

/** Contexts of our own origin speak here, of this version or the one before: what does not fit is left out. */
type Message =
	| { readonly say: 'left'; readonly entries: readonly Left[] }
	/** A page begins, and asks what was before. */
	| { readonly say: 'ask' };

export class DepartureLog {
	readonly #channel: Channel;
	readonly #by: Left['by'];
	readonly #now: () => number;
	readonly #context: string;
	readonly #listeners = new Set<() => void>();
	#count = 0;
	#entries: readonly Left[] = [];

	/** @param context a name that no other context has */
	constructor(channel: Channel, by: Left['by'], { now, context }: DepartureGround) {
		this.#channel = channel;
		this.#by = by;
		this.#now = now;
		this.#context = context;
		channel.addEventListener('message', ({ data }) => {
			if (isMessage(data)) this.#hear(data);
		});
		channel.postMessage({ say: 'ask' } satisfies Message);
	}

	/** In the order of time; the oldest are forgotten. */
	get entries(): readonly Left[] {
		return this.#entries;
	}

	readonly witness: Witness = (departure) => {
		const id = `${this.#context}/${String(this.#count++)}`;
		const entry: Left = { ...departure, id, time: this.#now(), by: this.#by };
		this.#add([entry]);
		this.#channel.postMessage({ say: 'left', entries: [entry] } satisfies Message);
	};

	/** Called after each change; returns the way out. */
	subscribe(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	#hear(message: Message): void {
		if (message.say === 'left') this.#add(message.entries);
		else if (this.#entries.length > 0) {
			this.#channel.postMessage({ say: 'left', entries: this.#entries } satisfies Message);
		}
	}

	#add(entries: readonly Left[]): void {
		const known = new Set(this.#entries.map(({ id }) => id));
		const fresh = entries.filter(({ id }) => !known.has(id));
		if (fresh.length === 0) return;
		const all = [...this.#entries, ...fresh].sort((a, b) => a.time - b.time);
		this.#entries = all.slice(-MOST);
		for (const listener of this.#listeners) listener();
	}
}

export interface DepartureGround {
	readonly now: () => number;
	readonly context: string;
}

/** As of this context: what a page and its worker call it. */
export function openDepartureLog(by: Left['by']): DepartureLog {
	return new DepartureLog(new BroadcastChannel('defms-departures'), by, {
		now: () => Date.now(),
		context: crypto.randomUUID()
	});
}

function isMessage(data: unknown): data is Message {
	if (typeof data !== 'object' || data === null || !('say' in data)) return false;
	if (data.say === 'ask') return true;
	return data.say === 'left' && 'entries' in data && isLeftList(data.entries);
}

function isLeftList(entries: unknown): entries is readonly Left[] {
	return Array.isArray(entries) && entries.length <= MOST && entries.every(isLeft);
}

function isLeft(entry: unknown): entry is Left {
	if (typeof entry !== 'object' || entry === null) return false;
	if (!('id' in entry && 'time' in entry && 'kind' in entry && 'to' in entry)) return false;
	const { id, time, kind, to } = entry;
	const isText = [id, kind, to].every((field) => typeof field === 'string');
	return isText && typeof time === 'number';
}
