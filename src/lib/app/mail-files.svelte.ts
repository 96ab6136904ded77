import type { Account } from '../post/account.ts';
import type { Peers } from '../post/holders.ts';
import type { Desk } from '../post/ports.ts';
import { parseThreadId } from '../wire/ids.ts';
import type { Parts } from './parts.ts';
import type { Bringing, MailFiles, TakeOutcome } from './view-mail-files.ts';

const NOTHING = { brought: 0, duplicates: 0, unread: 0, others: 0, damaged: 0 };

/** Mail from and for other programs. What does the work is loaded when it is asked for. */
export class MailFilesState implements MailFiles {
	readonly #desk: Promise<Desk>;
	readonly #account: Promise<Account>;
	readonly #peers: () => Peers;
	#bringing = $state.raw<Bringing | null>(null);
	#unfinished = $state.raw<MailFiles['unfinished']>(null);
	#isAsked = false;
	#stopping = new AbortController();

	constructor({ desk, account, peers }: Pick<Parts, 'desk' | 'account' | 'peers'>) {
		this.#desk = desk;
		this.#account = account;
		this.#peers = peers;
	}

	get bringing(): Bringing | null {
		return this.#bringing;
	}

	get unfinished(): MailFiles['unfinished'] {
		if (!this.#isAsked) {
			this.#isAsked = true;
			void this.#lookUp();
		}
		return this.#unfinished;
	}

	async bring(files: readonly File[]): Promise<void> {
		if (files.length === 0 || this.#bringing?.end === null) return;
		this.#stopping = new AbortController();
		const { bringFiles } = await import('./bring-mail.ts');
		const name = nameOf(files);
		this.#bringing = { name, counts: NOTHING, progress: 0, end: null };
		const { end, counts } = await bringFiles(await this.#desk, files, {
			signal: this.#stopping.signal,
			onProgress: (counts, progress) => {
				this.#bringing = { name, counts, progress, end: null };
			}
		}).catch((error: unknown) => {
			this.#bringing = null;
			throw error;
		});
		this.#bringing = { name, counts, progress: null, end };
		await this.#lookUp();
	}

	stop(): void {
		this.#stopping.abort();
	}

	dismiss(): void {
		if (this.#bringing?.end !== null) this.#bringing = null;
	}

	async forgetUnfinished(): Promise<void> {
		const { forgetBookmark } = await import('./bring-mail.ts');
		await forgetBookmark(await this.#desk);
		this.#unfinished = null;
	}

	async take(
		threadIds: readonly string[] | null,
		as: 'mbox' | 'zip',
		sink: WritableStream<Uint8Array>,
		options: { readonly signal: AbortSignal; readonly onProgress: (messages: number) => void }
	): Promise<TakeOutcome> {
		const { takeMail } = await import('./taking-mail.ts');
		const ids = threadIds?.flatMap((id) => parseThreadId(id) ?? []) ?? null;
		const [desk, account] = await Promise.all([this.#desk, this.#account]);
		return takeMail({ desk, account, peers: this.#peers() }, ids, as, sink, options);
	}

	async #lookUp(): Promise<void> {
		const { readBookmark } = await import('./bring-mail.ts');
		const found = await readBookmark(await this.#desk);
		this.#unfinished = found && { name: found.name, brought: found.counts.brought };
	}
}

function nameOf(files: readonly File[]): string {
	const [first] = files;
	if (first === undefined) return '';
	if (files.length === 1) return first.name;
	return first.webkitRelativePath.split('/')[0] || `${String(files.length)} files`;
}
