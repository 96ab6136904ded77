/**
 * Files of announced messages, brought beside everything else: a large one holds up no text, and no
 * other file. Each ends by confirming its message, if that is whole then.
 */

import type { Account } from '../post/account.ts';
import { collect, type FileProgress } from '../post/collect.ts';
import type { Peers } from '../post/holders.ts';
import { knockKey } from '../post/notice.ts';
import { StorageFull, Unreachable, type Desk } from '../post/ports.ts';
import type { KnockRecord } from '../post/records.ts';

export interface BringingPorts {
	readonly desk: Desk;
	readonly account: Account;
	readonly peers: () => Peers;
	readonly onProgress: (progress: FileProgress) => void;
	/** More came than was here before: it may be worth to ask again soon. */
	readonly onMore: () => void;
	readonly onFull: () => void;
}

/** Messages whose files are brought at one time; the others wait for their turn. */
const AT_ONCE = 4;
/** Progress is told this often, ms. */
const PROGRESS_MS = 500;

export class Bringing {
	readonly #ports: BringingPorts;
	readonly #signal: AbortSignal;
	/** By knock. */
	readonly #under = new Set<string>();

	constructor(ports: BringingPorts, signal: AbortSignal) {
		this.#ports = ports;
		this.#signal = signal;
	}

	/** What is being brought already goes on. */
	begin(knocks: readonly KnockRecord[]): void {
		for (const knock of knocks) {
			const name = knockKey(knock).join('/');
			if (this.#under.size >= AT_ONCE || this.#under.has(name)) continue;
			this.#under.add(name);
			this.#bring(knock)
				.then((isMore) => {
					this.#under.delete(name);
					if (isMore && !this.#signal.aborted) this.#ports.onMore();
				})
				.catch((error: unknown) => {
					this.#under.delete(name);
					if (error instanceof StorageFull) this.#ports.onFull();
					else if (!this.#signal.aborted && !(error instanceof Unreachable)) reportError(error);
				});
		}
	}

	/** True: something came. */
	async #bring(knock: KnockRecord): Promise<boolean> {
		const { desk, account, peers, onProgress } = this.#ports;
		const watch = new ProgressWatch(desk.now, onProgress);
		try {
			const outcome = await collect(desk, account, peers(), knock, {
				signal: this.#signal,
				onProgress: (progress) => watch.take(progress)
			});
			return watch.hasCome || outcome.kind !== 'waiting';
		} finally {
			watch.end();
		}
	}
}

/** Tells of one file after the other: not too often, but always its end. */
export class ProgressWatch {
	readonly #now: () => number;
	readonly #tell: (progress: FileProgress) => void;
	#last: FileProgress | null = null;
	#toldAt = 0;
	hasCome = false;

	constructor(now: () => number, tell: (progress: FileProgress) => void) {
		this.#now = now;
		this.#tell = tell;
	}

	take(progress: FileProgress): void {
		this.#last = progress;
		if (progress.given.size > 0) this.hasCome = true;
		if (progress.bytes < progress.size && this.#now() - this.#toldAt < PROGRESS_MS) return;
		this.#toldAt = this.#now();
		this.#tell(progress);
	}

	/** Nothing is under way any more: what is not whole waits for someone who has the rest. */
	end(): void {
		const last = this.#last;
		if (last !== null && last.bytes < last.size) this.#tell({ ...last, given: new Map() });
	}
}
