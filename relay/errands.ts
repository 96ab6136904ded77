/** Calling other post offices over HTTP: short, small, no redirects, public addresses only. */

import { lookup as lookupHost, type LookupAddress } from 'node:dns';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import * as v from 'valibot';
import { fromUtf8, toHex } from '../src/lib/wire/bytes.ts';
import {
	droppedDecoder,
	encodeObject,
	refusalDecoder,
	termsSchema
} from '../src/lib/wire/office.ts';
import { isRefusal } from '../src/lib/wire/refusal.ts';
import { BOUNDS } from './office/bounds.ts';
import type { DropOutcome, Errands } from './office/ports.ts';
import { isPrivateAddress } from './origin.ts';

/** Longest answer of an honest office: its terms. */
const ANSWER_BYTES = 64 * 1024;

interface Call {
	readonly method: 'GET' | 'POST';
	readonly url: string;
	readonly body?: Uint8Array;
}

export function createErrands(options: { readonly allowPrivate: boolean }): Errands {
	return {
		async drop(url, slot, note) {
			const body = encodeObject('drop', { ...note });
			const at = `${url}/v1/slots/${toHex(slot)}`;
			const answer = await call({ method: 'POST', url: at, body }, options);
			return answer === null ? { kind: 'unreachable' } : toOutcome(answer);
		},
		async boot(url) {
			const at = `${url}/.well-known/defms.json`;
			const answer = await call({ method: 'GET', url: at }, options);
			return answer === null ? null : readBoot(answer.body);
		}
	};
}

interface Answered {
	readonly status: number;
	readonly body: Uint8Array;
}

function toOutcome({ status, body }: Answered): DropOutcome {
	const dropped = status === 200 ? droppedDecoder.decode(body) : null;
	if (dropped?.ok === true) return { kind: 'dropped', dropped: dropped.value };
	const refusal = refusalDecoder.decode(body);
	const isReason = refusal.ok && isRefusal(refusal.value.reason);
	return isReason && isRefusal(refusal.value.reason)
		? { kind: 'refused', reason: refusal.value.reason }
		: { kind: 'unreachable' };
}

function readBoot(body: Uint8Array): string | null {
	try {
		const parsed = v.safeParse(termsSchema, JSON.parse(fromUtf8(body)));
		return parsed.success ? parsed.output.boot : null;
	} catch {
		return null; // not JSON: whoever answered, it is no post office
	}
}

/** `null` for every way in which no whole answer came: the send stays due. */
async function call(
	{ method, url, body }: Call,
	{ allowPrivate }: { readonly allowPrivate: boolean }
): Promise<Answered | null> {
	const target = new URL(url);
	const host = target.hostname.replace(/^\[|\]$/g, '');
	if (!allowPrivate && isIP(host) !== 0 && isPrivateAddress(host)) return null;
	const request = target.protocol === 'https:' ? requestHttps : requestHttp;
	const signal = AbortSignal.timeout(BOUNDS.dropMs);
	const lookup = allowPrivate ? undefined : publicLookup;
	const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
	const asking = request(target, { method, signal, lookup }, resolve);
	asking.on('error', reject);
	asking.end(body);
	try {
		const response = await promise;
		return { status: response.statusCode ?? 0, body: await readAnswer(response) };
	} catch {
		return null; // refused, cut, too long, too slow, or in a private network
	} finally {
		asking.destroy();
	}
}

async function readAnswer(response: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
	const pieces: Uint8Array[] = [];
	let size = 0;
	for await (const piece of response) {
		size += piece.length;
		if (size > ANSWER_BYTES) throw new Error('answered too much');
		pieces.push(piece);
	}
	return Uint8Array.from(Buffer.concat(pieces));
}

/** Resolves names as the system does, and then refuses those that lead into a private network. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
	lookupHost(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
		if (error !== null) {
			callback(error, []);
			return;
		}
		const open = found.filter(({ address }) => !isPrivateAddress(address));
		const [first] = open;
		if (first === undefined) callback(new Error(`${hostname} is in a private network`), []);
		else if (options.all === true) callback(null, open);
		else callback(null, first.address, first.family);
	});
};
