/**
 * One post office over HTTP, below the meaning of its requests: signing, deadlines, refusals, framed
 * answers. Runs in a page, a service worker and Node; knows no libp2p.
 */

import * as v from 'valibot';
import { Unreachable, type Ground, type OfficeAccount, type Signalled } from '../post/ports.ts';
import { concat, fromUtf8, toBase64url } from '../wire/bytes.ts';
import { FrameReader } from '../wire/frame.ts';
import { parsePeerName } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import {
	encodeObject,
	refusalDecoder,
	requestToSign,
	termsSchema,
	type Terms
} from '../wire/office.ts';
import { accept, isRefusal, refuse, type Refusal, type Result } from '../wire/refusal.ts';
import { createDeadline, type Deadline } from './deadline.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface Asking {
	readonly method: 'GET' | 'PUT' | 'POST';
	/** Below the base URL, with its query: the path that is signed, whatever a proxy puts before it. */
	readonly path: string;
	/** Made anew for a second attempt, because the office's name may have to be signed again. */
	readonly body?: (terms: Terms) => Uint8Array | Promise<Uint8Array>;
	/** Signs the request as this device. */
	readonly account?: OfficeAccount;
	/** Longest silence of the office, ms. */
	readonly silenceMs?: number;
}

/** A reason where the port has no place for one: the office answered, and the answer is no. */
export class Refused extends Unreachable {
	readonly reason: Refusal;

	constructor(reason: Refusal) {
		super(`refused: ${reason}`);
		this.reason = reason;
	}
}

/** What a 204 may still carry. */
export const EMPTY_BYTES = 1024;

const TERMS: Asking = { method: 'GET', path: '/.well-known/defms.json' };
const TERMS_BYTES = 64 * 1024;
const REFUSAL_BYTES = 1024;
const SILENCE_MS = 30_000;
/** An upload shows no progress, so its limit grows with its size: 16 KiB/s, a bad mobile line. */
const SLOWEST_UPLOAD_BYTES_PER_MS = 16;
/** A fifth of what a request's age may be; the header counts whole seconds. */
const NEAR_MS = LIMITS.requestAgeMs / 5;
const NONCE_BYTES = 16;
const NOTHING = new Uint8Array(0);

/** Every method throws `Unreachable`, or the reason of the caller's signal when it aborts. */
export class Http {
	readonly #base: string;
	readonly #ground: Ground;
	readonly #fetch: Fetch;
	#known: Terms | null = null;
	/** How far the office's clock is ahead of ours. */
	#aheadMs = 0;

	constructor(base: string, ground: Ground, fetch: Fetch) {
		this.#base = base;
		this.#ground = ground;
		this.#fetch = fetch;
	}

	/** Asks now; the answer is the audience of later requests. */
	async terms(options?: Signalled): Promise<Terms> {
		const answer = await within(TERMS, options, async (deadline) => {
			const answer = await this.#request(TERMS, null, deadline);
			this.#aheadMs = aheadOf(answer, this.#ground.now());
			const response = await judge(answer, deadline);
			return response.ok ? readWhole(response.value, TERMS_BYTES, deadline) : NOTHING;
		});
		this.#known = parseTerms(answer);
		return this.#known;
	}

	/** What the last `terms` said; asks where there is none. */
	async knownTerms(options?: Signalled): Promise<Terms> {
		return this.#known ?? (await this.terms(options));
	}

	/** The office runs anew: whatever its last terms said is old. */
	forgetTerms(): void {
		this.#known = null;
	}

	/** The time as this office sees it: many a computer's clock is wrong by more than a request may be. */
	now(): number {
		return this.#ground.now() + this.#aheadMs;
	}

	/** The whole answer. One of more than `maxBytes` is not our office's. */
	async ask(asking: Asking, maxBytes: number, options?: Signalled): Promise<Result<Uint8Array>> {
		return within(asking, options, async (deadline) => {
			const response = await this.#open(asking, deadline);
			return response.ok ? accept(await readWhole(response.value, maxBytes, deadline)) : response;
		});
	}

	/** The answer's frames as they come; throws `Refused` where there is a reason instead. */
	async *askFrames(
		asking: Asking,
		maxBytes: number,
		options?: Signalled
	): AsyncGenerator<Uint8Array> {
		const deadline = createDeadline(asking.silenceMs ?? SILENCE_MS, options?.signal);
		try {
			const response = await this.#open(asking, deadline);
			if (!response.ok) throw new Refused(response.reason);
			yield* readFrames(response.value, maxBytes, deadline);
		} finally {
			deadline.end();
		}
	}

	/** Once more after a refusal that another key or clock of the office would explain. */
	async #open(asking: Asking, deadline: Deadline): Promise<Result<Response>> {
		const before = await this.knownTerms({ signal: deadline.outer });
		const first = await judge(await this.#request(asking, before, deadline), deadline);
		if (first.ok || !MAY_BE_OUR_IDEA_OF_IT.includes(first.reason)) return first;
		const aheadMs = this.#aheadMs;
		const after = await this.terms({ signal: deadline.outer });
		if (after.office === before.office && this.#aheadMs === aheadMs) return first;
		return judge(await this.#request(asking, after, deadline), deadline);
	}

	async #request(asking: Asking, audience: Terms | null, deadline: Deadline): Promise<Response> {
		const { method, path, account } = asking;
		const made = audience === null ? undefined : await asking.body?.(audience);
		const body = made === undefined ? undefined : Uint8Array.from(made);
		const headers: Record<string, string> = {};
		if (audience !== null && account !== undefined) {
			const signed = { method, path, body: body ?? NOTHING, time: this.now() };
			headers['authorization'] = await authorization(this.#ground, audience, account, signed);
		}
		if (body !== undefined) headers['content-type'] = 'application/octet-stream';
		const silenceMs = asking.silenceMs ?? SILENCE_MS;
		deadline.extend(silenceMs + (body?.length ?? 0) / SLOWEST_UPLOAD_BYTES_PER_MS);
		const fetch = this.#fetch; // as a method of ours the browser's own `fetch` would refuse to run
		const { signal } = deadline;
		return fetch(`${this.#base}${path}`, { ...QUIETLY, method, headers, body, signal }).catch(
			(error: unknown) => fail(error, deadline)
		);
	}
}

/** No cookie, no referrer, no cache; a redirect would lead the signature to somebody else. */
const QUIETLY = {
	credentials: 'omit',
	referrerPolicy: 'no-referrer',
	cache: 'no-store',
	redirect: 'error'
} as const;

async function within<T>(
	{ silenceMs = SILENCE_MS }: Asking,
	options: Signalled | undefined,
	work: (deadline: Deadline) => Promise<T>
): Promise<T> {
	const deadline = createDeadline(silenceMs, options?.signal);
	try {
		return await work(deadline);
	} finally {
		deadline.end();
	}
}

async function authorization(
	{ suite, random }: Ground,
	{ office }: Terms,
	{ root, device }: OfficeAccount,
	signed: Pick<Asking, 'method' | 'path'> & { readonly body: Uint8Array; readonly time: number }
): Promise<string> {
	const { method, path, body, time } = signed;
	const nonce = random(NONCE_BYTES);
	const bodyHash = await suite.sha256(body);
	const message = requestToSign({ office, method, path, bodyHash, root, time, nonce });
	const sig = await device.sign(message);
	const auth = encodeObject('auth', { root, device: device.publicKey, time, nonce, sig });
	return `DEFMS1 ${toBase64url(auth)}`;
}

/** Reasons that a request gets which is signed for another office, or at another time. */
const MAY_BE_OUR_IDEA_OF_IT: readonly Refusal[] = [
	'wrong-signature',
	'not-enrolled',
	'expired',
	'future-clock'
];

/** 0 where the answer names no time that a page may read, or one that is near enough to ours. */
function aheadOf({ headers }: Response, now: number): number {
	const ahead = Date.parse(headers.get('date') ?? '') - now;
	return Math.abs(ahead) > NEAR_MS ? ahead : 0;
}

/** 2xx as it is, a refusal as its reason; anything else is not our office speaking. */
async function judge(response: Response, deadline: Deadline): Promise<Result<Response>> {
	if (response.ok) return accept(response);
	const decoded = refusalDecoder.decode(await readWhole(response, REFUSAL_BYTES, deadline));
	if (!decoded.ok || !isRefusal(decoded.value.reason)) {
		throw new Unreachable(`answered ${response.status} without a reason`);
	}
	return refuse(decoded.value.reason);
}

function parseTerms(answer: Uint8Array): Terms {
	const parsed = v.safeParse(termsSchema, parseJson(answer));
	if (!parsed.success || parsePeerName(parsed.output.office) === null) {
		throw new Unreachable('answered without the terms of a post office');
	}
	return parsed.output;
}

function parseJson(bytes: Uint8Array): unknown {
	try {
		return JSON.parse(fromUtf8(bytes));
	} catch {
		return null; // whatever it is, the schema refuses it
	}
}

/** Small: all of it has to come within one limit, or a byte now and then would hold us for days. */
async function readWhole(
	response: Response,
	maxBytes: number,
	deadline: Deadline
): Promise<Uint8Array> {
	const pieces: Uint8Array[] = [];
	let size = 0;
	deadline.extend();
	for await (const piece of readPieces(response, deadline)) {
		size += piece.length;
		if (size > maxBytes) throw new Unreachable('answered too much');
		pieces.push(piece);
	}
	return concat(...pieces);
}

/** As long as it goes on; the limit runs only while we wait for the office, not while the caller works. */
async function* readFrames(
	response: Response,
	maxBytes: number,
	deadline: Deadline
): AsyncGenerator<Uint8Array> {
	const reader = new FrameReader(maxBytes);
	deadline.extend();
	for await (const piece of readPieces(response, deadline)) {
		deadline.end();
		const frames = reader.push(piece);
		if (!frames.ok) throw new Unreachable('answered with a frame that is too large');
		yield* frames.value;
		deadline.extend();
	}
	if (reader.isCut) throw new Unreachable('its answer was cut');
}

async function* readPieces(response: Response, deadline: Deadline): AsyncGenerator<Uint8Array> {
	const reader = response.body?.getReader();
	if (reader === undefined) return;
	try {
		for (;;) {
			const { done, value } = await reader.read().catch((error: unknown) => fail(error, deadline));
			if (done) return;
			yield value;
		}
	} finally {
		// An answer that failed or was left in the middle has nothing more to tell.
		await reader.cancel().catch(() => undefined);
	}
}

/** The caller's own abort stays what it is; every other failure of the network is `Unreachable`. */
function fail(cause: unknown, { outer }: Deadline): never {
	outer?.throwIfAborted();
	throw new Unreachable('did not answer', { cause });
}
