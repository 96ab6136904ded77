/**
 * HTTP between members and offices without sockets: the real client speaks through `fetch`, the real
 * router answers, and between them requests and answers are lost, delayed, repeated, reordered and cut.
 */

import type { Fetch } from '../../src/lib/net/http.ts';
import { accept, refuse } from '../../src/lib/wire/refusal.ts';
import type { Answer, Asked } from '../../relay/asked.ts';
import { CALM, type Weather } from './weather.ts';
import { never, whileAlive, type Life, type World } from './world.ts';
import { watchFor } from './plaintext.ts';

/** Thrown by a host that is not there, or dies while it answers. */
export class HostDown extends Error {
	override readonly name = 'HostDown';
}

export interface Host {
	answer(asked: Asked): Promise<Answer>;
}

export interface Caller {
	/** What rate limits count. */
	readonly name: string;
	readonly life: Life;
	isOnline(): boolean;
}

interface Request {
	readonly caller: Caller;
	/** For the trace. */
	readonly label: string;
	readonly host: Host;
	readonly base: string;
	readonly method: string;
	readonly path: string;
	readonly body: Uint8Array;
	readonly authorization: string | undefined;
}

const NOTHING = new Uint8Array(0);
/** How many pieces of a long answer are waited for one by one. */
const PIECE_TURN = 0.25;

export class Network {
	weather: Weather = CALM;
	readonly #world: World;
	readonly #hosts = new Map<string, Host>();
	/** Names of hosts, by url. */
	readonly #names = new Map<string, string>();
	/** Who cannot reach the others: names of callers and hosts. */
	#side: ReadonlySet<string> = new Set();
	#count = 0;

	constructor(world: World) {
		this.#world = world;
	}

	addHost(url: string, host: Host, name: string): void {
		this.#hosts.set(url, host);
		this.#names.set(url, name);
	}

	/** From now on these reach each other and nobody else; none: all reach all. */
	part(side: ReadonlySet<string>): void {
		this.#side = side;
		this.#world.note(side.size > 0 ? `cut off: ${[...side].join()}` : 'the network is whole');
	}

	get isParted(): boolean {
		return this.#side.size > 0;
	}

	isCut(one: string, other: string): boolean {
		return this.#side.has(one) !== this.#side.has(other);
	}

	fetchOf(caller: Caller): Fetch {
		return (url, init) => {
			if (caller.life.isOver) return never();
			const request = this.#toRequest(caller, url, init);
			const left = new AbortController();
			const signal = init.signal ?? undefined;
			const exchange = this.#exchange(request, left);
			return whileAlive(caller.life, untilAborted(exchange, signal, left));
		};
	}

	#toRequest(caller: Caller, url: string, init: RequestInit): Request {
		const base = [...this.#hosts.keys()].find((each) => url.startsWith(`${each}/`));
		const host = base === undefined ? undefined : this.#hosts.get(base);
		if (base === undefined || host === undefined) throw new TypeError(`no such host: ${url}`);
		const path = url.slice(base.length);
		const method = init.method ?? 'GET';
		const body = init.body instanceof Uint8Array ? Uint8Array.from(init.body) : NOTHING;
		const authorization = new Headers(init.headers).get('authorization') ?? undefined;
		const short = path.length > 40 ? `${path.slice(0, 24)}…` : path;
		const label = `${caller.name} #${++this.#count} ${method} ${short}`;
		return { caller, label, host, base, method, path, body, authorization };
	}

	async #exchange(request: Request, left: AbortController): Promise<Response> {
		const { caller, label, host, body } = request;
		const { weather } = this;
		watchFor(this.#world, body, label);
		if (!caller.isOnline()) return this.#lose(`${label} offline`, 1);
		if (this.#isAway(request)) return this.#lose(`${label} beyond the cut`, weather.noticed);
		if (this.#chance(weather.lostRequest)) return this.#lose(`${label} lost`, weather.noticed);
		await this.#travel(`${label} → ${body.length}`);
		if (this.#chance(weather.doubled)) void this.#repeat(request);
		const answer = await host.answer(toAsked(request, left.signal)).catch((error: unknown) => {
			if (error instanceof HostDown) return null;
			throw error;
		});
		if (answer === null) return this.#lose(`${label} host down`, 0.8);
		if (this.#chance(weather.lostAnswer) || this.#isAway(request)) {
			left.abort();
			return this.#lose(`${label} answer ${answer.status} lost`, weather.noticed);
		}
		await this.#travel(`${label} ← ${answer.status} ${answer.reason ?? ''}`);
		if (!caller.isOnline()) return this.#lose(`${label} went offline`, 0.8);
		return this.#toResponse(request, answer, left);
	}

	#isAway({ caller, base }: Request): boolean {
		return this.isCut(caller.name, this.#names.get(base) ?? '');
	}

	/** The same bytes again, later; its answer goes nowhere. */
	async #repeat(request: Request): Promise<void> {
		await this.#travel(`${request.label} again`);
		const left = new AbortController();
		try {
			const { body } = await request.host.answer(toAsked(request, left.signal));
			for await (const _ of toPieces(body)) break;
		} catch (error) {
			if (!(error instanceof HostDown)) this.#world.fail(error);
		} finally {
			left.abort();
		}
	}

	async #travel(label: string): Promise<void> {
		const world = this.#world;
		if (this.#chance(this.weather.slow)) {
			await world.sleep(world.ether, world.dice.below(this.weather.slowMs), `slow: ${label}`);
		}
		await world.turn(world.ether, label);
	}

	/** @param noticed chance that it fails now, and is not waited for until the caller gives up */
	async #lose(label: string, noticed: number): Promise<never> {
		this.#world.note(label);
		if (!this.#chance(noticed)) return never();
		await this.#world.turn(this.#world.ether, `${label}, noticed`);
		throw new TypeError('fetch failed');
	}

	#toResponse(request: Request, answer: Answer, left: AbortController): Response {
		const { status, body } = answer;
		if (status === 204) return new Response(null, { status });
		const isCut = this.#chance(this.weather.cutAnswer);
		if (body instanceof Uint8Array && !isCut) {
			watchFor(this.#world, body, `the answer to ${request.label}`);
			return new Response(Uint8Array.from(body), { status });
		}
		return new Response(this.#toStream(request, body, isCut, left), { status });
	}

	#toStream(
		{ caller, label }: Request,
		body: Answer['body'],
		isCut: boolean,
		left: AbortController
	): ReadableStream<Uint8Array> {
		const pieces = toPieces(body);
		const fail = (why: string): never => {
			this.#world.note(`${label} ${why}`);
			left.abort();
			throw new TypeError('terminated');
		};
		const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
			const next = await pieces.next().catch((error: unknown) => {
				if (error instanceof HostDown) return fail('cut: host down');
				throw error;
			});
			if (!caller.isOnline()) fail('cut: offline');
			if (isCut && this.#chance(0.4)) {
				if (next.done !== true) controller.enqueue(next.value.slice(0, next.value.length >> 1));
				return fail('cut');
			}
			if (this.#chance(PIECE_TURN)) await this.#travel(`${label} ← piece`);
			if (next.done === true) return controller.close();
			watchFor(this.#world, next.value, `the answer to ${label}`);
			controller.enqueue(Uint8Array.from(next.value));
		};
		const cancel = () => {
			left.abort();
		};
		const alivePull = (controller: ReadableStreamDefaultController<Uint8Array>) =>
			whileAlive(caller.life, pull(controller));
		return new ReadableStream({ pull: alivePull, cancel }, { highWaterMark: 0 });
	}

	#chance(probability: number): boolean {
		return this.#world.dice.chance(probability);
	}
}

function toAsked(
	{ method, path, authorization, body, caller }: Request,
	signal: AbortSignal
): Asked {
	return {
		method,
		path,
		authorization,
		from: caller.name,
		signal,
		body: (maxBytes) =>
			Promise.resolve(body.length > maxBytes ? refuse('too-large') : accept(Uint8Array.from(body)))
	};
}

async function* toPieces(body: Answer['body']): AsyncGenerator<Uint8Array> {
	if (body instanceof Uint8Array) yield body;
	else yield* body;
}

/** Rejects as `fetch` does when its signal aborts; the host learns that the asker has left. */
function untilAborted(
	exchange: Promise<Response>,
	signal: AbortSignal | undefined,
	left: AbortController
): Promise<Response> {
	return new Promise((resolve, reject) => {
		const abort = () => {
			left.abort();
			reject(signal?.reason);
		};
		signal?.addEventListener('abort', abort);
		if (signal?.aborted === true) abort();
		exchange.then(resolve, reject);
	});
}
