/**
 * The post office as its users see it: the port `Office` over HTTP (protocol §6; the table of
 * requests stands in wire/office.ts). Its answers are believed only where a hash proves them.
 */

import {
	Unreachable,
	type Ground,
	type Office,
	type OfficeAccount,
	type Offices,
	type Signalled
} from '../post/ports.ts';
import type { Plain } from '../wire/codec.ts';
import type { EntryBundle } from '../wire/entry.ts';
import { bundleDecoder, type Bundle } from '../wire/identity.ts';
import { idToCid, type Address, type BlockId, type EntryId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import {
	encodeObject,
	enrolmentToSign,
	sentDecoder,
	type Block,
	type Knocked,
	type Send,
	type Sent,
	type Terms
} from '../wire/office.ts';
import { accept, type Result } from '../wire/refusal.ts';
import { EMPTY_BYTES, Http, Refused, type Asking, type Fetch } from './http.ts';
import { fetchAncestors, fetchBlocks, keepBlocks, missingBlocks } from './office-blocks.ts';
import { listen } from './office-events.ts';

type Fields = Readonly<Record<string, Plain | undefined>>;

/** One object for each base URL, so that terms are asked once; a trailing slash makes no other. */
export function createOffices({ fetch, ...ground }: Ground & { readonly fetch: Fetch }): Offices {
	const offices = new Map<string, Office>();
	return (url) => {
		const base = url.replace(/\/+$/, '');
		const office = offices.get(base) ?? new HttpOffice(new Http(base, ground, fetch), ground);
		offices.set(base, office);
		return office;
	};
}

class HttpOffice implements Office {
	readonly #http: Http;
	readonly #ground: Ground;

	constructor(http: Http, ground: Ground) {
		this.#http = http;
		this.#ground = ground;
	}

	async terms(options?: Signalled): Promise<Terms> {
		return this.#http.terms(options);
	}

	async publish(address: Address, bundle: Uint8Array, options?: Signalled): Promise<Result<null>> {
		const asking: Asking = { method: 'PUT', path: `/v1/cards/${address}`, body: () => bundle };
		return this.#tell(asking, options);
	}

	async find(address: Address, options?: Signalled): Promise<Bundle | null> {
		const asking: Asking = { method: 'GET', path: `/v1/cards/${address}` };
		const answer = await this.#http.ask(asking, bundleDecoder.maxBytes, options);
		if (!answer.ok && answer.reason === 'not-found') return null;
		if (!answer.ok) throw new Refused(answer.reason);
		return decoded(bundleDecoder.decode(answer.value));
	}

	async enrol(
		account: OfficeAccount,
		sign: (message: Uint8Array) => Promise<Uint8Array>,
		options?: Signalled
	): Promise<Result<null>> {
		const { root, device } = account;
		const asking: Asking = {
			method: 'POST',
			path: '/v1/devices',
			body: async ({ office }) => {
				const named = { root, device: device.publicKey, time: this.#http.now() };
				const sig = await sign(enrolmentToSign(office, named));
				return encodeObject('enrolment', { ...named, sig });
			}
		};
		return this.#tell(asking, options);
	}

	async keep(
		account: OfficeAccount,
		blocks: readonly Block[],
		options?: Signalled
	): Promise<Result<null>> {
		return keepBlocks(this.#http, account, blocks, options);
	}

	async missing(
		account: OfficeAccount,
		ids: readonly BlockId[],
		options?: Signalled
	): Promise<readonly BlockId[]> {
		return missingBlocks(this.#http, account, ids, options);
	}

	fetch(ids: readonly BlockId[], options?: Signalled): AsyncIterable<Block> {
		return fetchBlocks(this.#http, this.#ground.suite, ids, options);
	}

	async release(
		account: OfficeAccount,
		ids: readonly BlockId[],
		options?: Signalled
	): Promise<void> {
		for (const some of portions(ids, LIMITS.blocksPerRequest)) {
			const cids = some.map(idToCid);
			await this.#insist(post('/v1/blocks/delete', 'cids', { cids }, account), options);
		}
	}

	ancestors(
		heads: readonly EntryId[],
		have: readonly EntryId[],
		options?: Signalled
	): AsyncIterable<EntryBundle> {
		return fetchAncestors(this.#http, heads, have, options);
	}

	async openSlots(
		account: OfficeAccount,
		secrets: readonly Uint8Array[],
		{ isPublic }: { readonly isPublic: boolean },
		options?: Signalled
	): Promise<Result<null>> {
		for (const open of portions(secrets, LIMITS.slotNotices)) {
			const fields = { open, burn: [], public: isPublic };
			const answer = await this.#tell(post('/v1/slots', 'slots', fields, account), options);
			if (!answer.ok) return answer;
		}
		return accept(null);
	}

	async allowToken(
		account: OfficeAccount,
		token: { readonly hash: Uint8Array; readonly uses: number; readonly until: number },
		options?: Signalled
	): Promise<Result<null>> {
		return this.#tell(post('/v1/invites', 'invite-token', token, account), options);
	}

	async send(account: OfficeAccount, send: Duty, options?: Signalled): Promise<Result<Sent>> {
		const asking = post('/v1/sends', 'send', send, account);
		const answer = await this.#http.ask(asking, sentDecoder.maxBytes, options);
		return answer.ok ? accept(decoded(sentDecoder.decode(answer.value))) : answer;
	}

	async pending(account: OfficeAccount, options?: Signalled): Promise<Sent[]> {
		const list: Sent[] = [];
		const asking: Asking = { method: 'GET', path: '/v1/sends', account };
		for await (const frame of this.#http.askFrames(asking, sentDecoder.maxBytes, options)) {
			list.push(decoded(sentDecoder.decode(frame)));
		}
		return list;
	}

	async forget(
		account: OfficeAccount,
		knocks: readonly Uint8Array[],
		options?: Signalled
	): Promise<void> {
		for (const hashes of portions(knocks, LIMITS.slotNotices)) {
			await this.#insist(post('/v1/sends/delete', 'hashes', { hashes }, account), options);
		}
	}

	events(
		account: OfficeAccount,
		options: Signalled & { readonly once: boolean }
	): AsyncIterable<Knocked | Sent> {
		return listen(this.#http, this.#ground, account, options);
	}

	async deleteNotices(
		account: OfficeAccount,
		notices: readonly Uint8Array[],
		options?: Signalled
	): Promise<void> {
		for (const hashes of portions(notices, LIMITS.slotNotices)) {
			await this.#insist(post('/v1/notices/delete', 'hashes', { hashes }, account), options);
		}
	}

	async done({ done, hash, receipt }: Word, options?: Signalled): Promise<Result<null>> {
		return this.#tell(post('/v1/done', 'done', { done, hash, receipt }), options);
	}

	async #tell(asking: Asking, options?: Signalled): Promise<Result<null>> {
		const answer = await this.#http.ask(asking, EMPTY_BYTES, options);
		return answer.ok ? accept(null) : answer;
	}

	/** For requests whose refusal the port cannot say: `Refused`, which is an `Unreachable`. */
	async #insist(asking: Asking, options?: Signalled): Promise<void> {
		const answer = await this.#tell(asking, options);
		if (!answer.ok) throw new Refused(answer.reason);
	}
}

function post(path: string, type: string, fields: Fields, account?: OfficeAccount): Asking {
	return { method: 'POST', path, body: () => encodeObject(type, fields), account };
}

interface Word {
	readonly done: Uint8Array;
	readonly hash: Uint8Array;
	readonly receipt?: Uint8Array;
}

type Duty = Pick<Send, 'url' | 'slot' | 'knock' | 'sealed' | 'token' | 'keeps'>;

/** An answer that does not decode is not our office's; the reason helps who reads the error. */
function decoded<T>(result: Result<T>): T {
	if (result.ok) return result.value;
	throw new Unreachable(`answered what is ${result.reason}`);
}

function portions<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
	const count = Math.ceil(items.length / size);
	return Array.from({ length: count }, (_, i) => items.slice(i * size, (i + 1) * size));
}
