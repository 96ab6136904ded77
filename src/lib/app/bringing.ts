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
	/** Those that wait for a slot, in the order in which they get one. */
	#queue: KnockRecord[] = [];
	/** Of which nothing came, the longest ago first: the others go before them. */
	readonly #failed = new Set<string>();

	constructor(ports: BringingPorts, signal: AbortSignal) {
		this.#ports = ports;
		this.#signal = signal;
	}

	/** What is being brought already goes on. */
	begin(knocks: readonly KnockRecord[]): void {
		const byName = new Map(knocks.map((knock) => [nameOf(knock), knock]));
		for (const name of this.#failed) if (!byName.has(name)) this.#failed.delete(name);
		const last = [...this.#failed].flatMap((name) => byName.get(name) ?? []);
		this.#queue = [...knocks.filter((knock) => !this.#failed.has(nameOf(knock))), ...last];
		this.#fill();
	}

	/** Each of the queue once: who fails waits until it is begun anew. */
	#fill(): void {
		while (this.#under.size < AT_ONCE && !this.#signal.aborted) {
			const knock = this.#queue.shift();
			if (knock === undefined) return;
			const name = nameOf(knock);
			if (this.#under.has(name)) continue;
			this.#under.add(name);
			this.#failed.delete(name);
			void this.#bring(knock).then((isMore) => {
				this.#under.delete(name);
				if (!isMore) this.#failed.add(name);
				else if (!this.#signal.aborted) this.#ports.onMore();
				this.#fill();
			});
		}
	}

	/** True: something came. */
	async #bring(queued: KnockRecord): Promise<boolean> {
		const { desk, account, peers, onProgress } = this.#ports;
		const watch = new ProgressWatch(desk.now, onProgress);
		try {
			// It may have waited for long: meanwhile its thread was deleted, or more came to it.
			const knock = await desk.store.get('knock', knockKey(queued));
			if (knock?.wait !== 'fetch') return false;
			const outcome = await collect(desk, account, peers(), knock, {
				signal: this.#signal,
				onProgress: (progress) => watch.take(progress)
			});
			return watch.hasCome || outcome.kind !== 'waiting';
		} catch (error) {
			// It stands in storage as before, and is tried again.
			if (error instanceof StorageFull) this.#ports.onFull();
			else if (!this.#signal.aborted && !(error instanceof Unreachable)) reportError(error);
			return false;
		} finally {
			watch.end();
		}
	}
}

function nameOf(knock: KnockRecord): string {
	return knockKey(knock).join('/');
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
