/**
 * What leaves this browser, told at the moment at which it leaves, so that its owner can see it: every
 * request to a post office passes `witnessed`, every connection of the node `linkToDeparture`. Nothing here
 * names people, slots or keys, and nothing of it is stored.
 */

import type { Connection as Link } from '@libp2p/interface';
import { decodeCanonical, isMap } from '../wire/codec.ts';
import { FRAME_HEAD_BYTES } from '../wire/frame.ts';
import type { Fetch } from './http.ts';

export type RequestKind =
	| 'terms'
	| 'publish-card'
	| 'find-card'
	| 'enrol'
	| 'keep'
	| 'missing'
	| 'fetch'
	| 'release'
	| 'ancestors'
	| 'open-slots'
	| 'allow-invite'
	| 'knock'
	| 'ask-sends'
	| 'forget'
	| 'listen'
	| 'delete-notices'
	| 'confirm'
	/** None that this table knows: a test holds it to all that an office is asked. */
	| 'other';

export type Departure =
	| {
			readonly kind: 'request';
			readonly what: RequestKind;
			/** Base URL of the post office. */
			readonly to: string;
			/** Of the body; the address and the headers come on top. */
			readonly bytes: number;
			/** Of what there are several: sealed pieces, names of pieces, slots, knocks; null: no such list. */
			readonly pieces: number | null;
			/** Signed with the key of this device: the office knows whose account asks. */
			readonly isSigned: boolean;
			/** Of a knock: the base URL of the office to be knocked at. */
			readonly via: string | null;
	  }
	/** A connection that stays open; `isOurs`: this browser made it. Host of the relay, as in its address. */
	| { readonly kind: 'relay' | 'circuit' | 'direct'; readonly to: string; readonly isOurs: boolean }
	/** This browser asks under which address the world sees it: `host:port`. */
	| { readonly kind: 'stun'; readonly to: string };

/** Told before the bytes go. It must not throw, and keeps no reference to what it is told of. */
export type Witness = (departure: Departure) => void;

/** Protocol §6, one line a request. */
const REQUESTS: readonly (readonly [method: string, path: RegExp, what: RequestKind])[] = [
	['GET', /^\/\.well-known\/defms\.json$/, 'terms'],
	['PUT', /^\/v1\/cards\/[^/]+$/, 'publish-card'],
	['GET', /^\/v1\/cards\/[^/]+$/, 'find-card'],
	['POST', /^\/v1\/devices$/, 'enrol'],
	['POST', /^\/v1\/blocks$/, 'keep'],
	['POST', /^\/v1\/blocks\/missing$/, 'missing'],
	['POST', /^\/v1\/blocks\/get$/, 'fetch'],
	['POST', /^\/v1\/blocks\/delete$/, 'release'],
	['POST', /^\/v1\/ancestors$/, 'ancestors'],
	['POST', /^\/v1\/slots$/, 'open-slots'],
	['POST', /^\/v1\/invites$/, 'allow-invite'],
	['POST', /^\/v1\/sends$/, 'knock'],
	['GET', /^\/v1\/sends$/, 'ask-sends'],
	['POST', /^\/v1\/sends\/delete$/, 'forget'],
	['GET', /^\/v1\/events$/, 'listen'],
	['POST', /^\/v1\/notices\/delete$/, 'delete-notices'],
	['POST', /^\/v1\/done$/, 'confirm']
];

/** The same `fetch`, and nothing passes it untold. */
export function witnessed(fetch: Fetch, witness: Witness): Fetch {
	return (url, init) => {
		witness(requestToDeparture(url, init));
		return fetch(url, init);
	};
}

export function requestToDeparture(url: string, init: RequestInit): Departure {
	const { origin, pathname } = new URL(url);
	const at = pathname.search(/\/(?:v1|\.well-known)\//);
	const path = at < 0 ? pathname : pathname.slice(at);
	const method = init.method ?? 'GET';
	const known = REQUESTS.find(([of, pattern]) => of === method && pattern.test(path));
	const what = known?.[2] ?? 'other';
	const body = init.body instanceof Uint8Array ? init.body : NOTHING;
	return {
		kind: 'request',
		what,
		to: origin + (at < 0 ? '' : pathname.slice(0, at)),
		bytes: body.length,
		...contentOf(what, body),
		isSigned: new Headers(init.headers).has('authorization')
	};
}

const NOTHING = new Uint8Array(0);
/** The one list in the body of each such request. */
const LISTS = ['cids', 'hashes', 'open', 'heads'] as const;

/** Our own body, read again: how many things it speaks of, and where a knock is to go. */
function contentOf(what: RequestKind, body: Uint8Array) {
	if (what === 'keep') return { pieces: countFrames(body), via: null };
	const read = body.length > 0 ? decodeCanonical(body, body.length) : null;
	if (read?.ok !== true || !isMap(read.value)) return { pieces: null, via: null };
	const fields = read.value;
	const list = LISTS.map((name) => fields[name]).find((value) => Array.isArray(value));
	const url = what === 'knock' ? fields['url'] : null;
	return {
		pieces: Array.isArray(list) ? list.length : null,
		via: typeof url === 'string' ? url : null
	};
}

/** By their lengths alone: these are all the bytes of a file, on their way. `null`: no whole frames. */
function countFrames(body: Uint8Array): number | null {
	const view = new DataView(body.buffer, body.byteOffset, body.length);
	let count = 0;
	let at = 0;
	for (; at + FRAME_HEAD_BYTES <= body.length; count++) {
		at += FRAME_HEAD_BYTES + view.getUint32(at);
	}
	return at === body.length ? count : null;
}

/** A connection of the node, when it opens. */
export function linkToDeparture({ remoteAddr, direction, direct }: Link): Departure {
	const address = remoteAddr.toString();
	const [, host = ''] = /^\/(?:ip4|ip6|dns|dns4|dns6)\/([^/]+)/.exec(address) ?? [];
	const isThroughRelay = address.includes('/p2p-circuit');
	const kind = address.includes('/webrtc') || (direct && isThroughRelay) ? 'direct' : null;
	return {
		kind: kind ?? (isThroughRelay ? 'circuit' : 'relay'),
		to: host,
		isOurs: direction === 'outbound'
	};
}

/** @param url `stun:host:port` */
export function stunToDeparture(url: string): Departure {
	return { kind: 'stun', to: url.replace(/^stuns?:/, '') };
}
