import { requestId, toRequest } from '../mailbox/requests.ts';
import type { Account } from '../post/account.ts';
import type { Peers } from '../post/holders.ts';
import type { Desk } from '../post/ports.ts';
import type { KnockRecord } from '../post/records.ts';
import type { Parts } from './parts.ts';
import type { Shelf } from './shelf.svelte.ts';
import { orSoon } from './soon.ts';
import { story } from './story.ts';
import type { Request, Requests, Undo } from './view.ts';

/** How long accepting waits for the message; after that it comes by itself. */
const MESSAGE_MS = 5_000;

/** Strangers who knocked. */
export class RequestsState implements Requests {
	readonly #desk: Promise<Desk>;
	readonly #account: Promise<Account>;
	readonly #shelf: Shelf;
	readonly #peers: () => Peers;
	readonly #all = $derived.by(() => this.#findAll());

	constructor({ desk, account, shelf, peers }: Parts) {
		this.#desk = desk;
		this.#account = account;
		this.#shelf = shelf;
		this.#peers = peers;
	}

	get all(): readonly Request[] | null {
		return this.#all;
	}

	async accept(id: string): Promise<string> {
		const [desk, account] = await Promise.all([this.#desk, this.#account]);
		const request = this.#find(id);
		const { acceptRequest } = await story();
		await orSoon(acceptRequest(desk, account, this.#peers(), request), MESSAGE_MS, undefined);
		await Promise.all([this.#shelf.requests.refresh(), this.#shelf.mail.refresh()]);
		return request.thread;
	}

	async ignore(id: string): Promise<Undo> {
		const desk = await this.#desk;
		const request = this.#find(id);
		const { ignoreRequest, restoreRequest } = await story();
		await ignoreRequest(desk, request);
		await this.#shelf.requests.refresh();
		return () => restoreRequest(desk, request);
	}

	async block(id: string): Promise<Undo> {
		const desk = await this.#desk;
		const request = this.#find(id);
		const before = await desk.store.get('contact', [request.from]);
		const { blockRequest, restoreRequest, setTier } = await story();
		await blockRequest(desk, request);
		await this.#shelf.requests.refresh();
		return async () => {
			await setTier(desk, request.from, before?.tier ?? 'unknown');
			await restoreRequest(desk, request);
		};
	}

	#find(id: string): KnockRecord {
		const request = this.#shelf.requests.value?.find((record) => requestId(record) === id);
		if (request === undefined)
			throw new RangeError('this request was answered, perhaps in another tab');
		return request;
	}

	#findAll(): readonly Request[] | null {
		const { people, requests } = this.#shelf;
		if (people === null || requests.value === null) return null;
		return requests.value.map((record) => toRequest(people, record));
	}
}
