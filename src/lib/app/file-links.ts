/** The page's side of files that the service worker reads as streams (workers/file-server.ts). */

import * as v from 'valibot';
import type { Account } from '../post/account.ts';
import { hurryBlocks } from '../post/fetching.ts';
import { FileUnavailable } from '../post/files.ts';
import type { Peers } from '../post/holders.ts';
import { StorageFull, type Desk } from '../post/ports.ts';
import { countRefusals } from '../post/refusals.ts';
import { toHex } from '../wire/bytes.ts';
import { parseBlockId, parseMessageId, parseThreadId } from '../wire/ids.ts';
import { askSchema, COMING, FILE_FOLDER, type Ask, type Ticket } from '../workers/file-words.ts';
import type { WantAnswer } from '../workers/file-words.ts';
import { allHolders } from './attachment.ts';

export interface FileLinkPorts {
	readonly desk: Promise<Desk>;
	readonly account: Promise<Account>;
	readonly peers: () => Peers;
	/** Does this tab fetch for all tabs? */
	readonly isLeading: () => boolean;
	/** What was read of this file is not what its message says. */
	readonly onDamaged: (ticket: Ticket) => void;
	readonly appUrl: string;
	/** Absent where the browser has no workers for pages. */
	readonly workers: Pick<ServiceWorkerContainer, 'controller'> & EventTarget;
}

/** Random bytes of a token: not to be guessed by whatever else runs in this origin. */
const TOKEN_BYTES = 16;

export class FileLinks {
	readonly #ports: FileLinkPorts;
	readonly #tickets = new Map<string, Ticket>();
	readonly #random: (size: number) => Uint8Array;

	constructor(ports: FileLinkPorts, random: (size: number) => Uint8Array) {
		this.#ports = ports;
		this.#random = random;
		ports.workers.addEventListener('message', (event) => {
			if (!(event instanceof MessageEvent)) return;
			const ask = v.safeParse(askSchema, event.data);
			const [port] = event.ports;
			if (ask.success && port !== undefined) this.#hear(ask.output, port);
		});
	}

	/**
	 * A URL that streams this file as long as this page is open; `null`: no worker looks after this page
	 * (a forced reload, a private window of Firefox).
	 */
	urlOf(ticket: Ticket, name: string): string | null {
		if (this.#ports.workers.controller === null) return null;
		const token = toHex(this.#random(TOKEN_BYTES));
		this.#tickets.set(token, ticket);
		const path = `${FILE_FOLDER}${token}/${encodeURIComponent(name)}`;
		return new URL(path, this.#ports.appUrl).href;
	}

	#hear(ask: Ask, port: MessagePort): void {
		// The worker looks whether we are still there.
		port.onmessage = () => port.postMessage(COMING);
		this.#answer(ask).then(
			(answer) => say(port, answer),
			(error: unknown) => {
				say(port, 'no-holder' satisfies WantAnswer);
				reportError(error);
			}
		);
	}

	async #answer(ask: Ask): Promise<unknown> {
		switch (ask.type) {
			case 'file-whose':
				return this.#tickets.get(ask.token) ?? null;
			case 'file-want':
				return this.#bring(ask);
			case 'file-busy':
				return 'stay';
			case 'file-damaged':
				this.#ports.onDamaged(ask.ticket);
				if (this.#ports.isLeading()) await countRefusals(await this.#ports.desk, ['wrong-hash']);
				return null;
		}
	}

	async #bring({ token, ticket, ids }: Extract<Ask, { type: 'file-want' }>): Promise<WantAnswer> {
		if (!this.#ports.isLeading() && !this.#tickets.has(token)) return null;
		const [desk, account] = await Promise.all([this.#ports.desk, this.#ports.account]);
		const thread = parseThreadId(ticket.thread);
		const id = parseMessageId(ticket.message);
		const message = thread && id && (await desk.store.get('message', [thread, id]));
		const file = message?.mail.attachments[ticket.index];
		if (!message || file === undefined) return 'no-holder';
		const holders = await allHolders(desk, account, this.#ports.peers(), message);
		const wanted = ids.flatMap((text) => parseBlockId(text) ?? []);
		try {
			await hurryBlocks(desk.blocks, file, holders, wanted);
			return 'here';
		} catch (error) {
			if (error instanceof FileUnavailable || error instanceof StorageFull) return 'no-holder';
			throw error;
		}
	}
}

/** The answer is the last word. */
function say(port: MessagePort, answer: unknown): void {
	port.onmessage = null;
	port.postMessage(answer);
}
