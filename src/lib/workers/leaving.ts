/**
 * Does the last page of the app go? Then the time in which a message can be taken back is over. A page
 * that goes still stands in the browser's list, and a page that is loaded anew goes, too; so the worker
 * remembers who took leave, and who is on the way.
 */

export interface LeavingPorts {
	/** Ids of the app's pages, as the browser lists them. */
	listPages(): Promise<readonly string[]>;
	now(): number;
	wait(ms: number): Promise<void>;
}

/** A page that the browser has just asked for is there by then, on a slow device, too. */
const COMING_MS = 5_000;

export class Leaving {
	readonly #ports: LeavingPorts;
	readonly #left = new Set<string>();
	#askedAt = -Infinity;

	constructor(ports: LeavingPorts) {
		this.#ports = ports;
	}

	/** The browser fetches a page of the app: a reload, or a further tab. */
	pageIsComing(): void {
		this.#askedAt = this.#ports.now();
	}

	get isSomebodyComing(): boolean {
		return this.#comesIn() > 0;
	}

	/** It was taken back as it was, or never went. */
	pageSpeaks(id: string): void {
		this.#left.delete(id);
	}

	/** `true`: it was the last. */
	async pageLeaves(id: string): Promise<boolean> {
		this.#left.add(id);
		const comesIn = this.#comesIn();
		if (comesIn > 0) await this.#ports.wait(comesIn);
		const pages = await this.#ports.listPages();
		for (const gone of this.#left) if (!pages.includes(gone)) this.#left.delete(gone);
		return pages.every((page) => page === id || this.#left.has(page));
	}

	#comesIn(): number {
		return this.#askedAt + COMING_MS - this.#ports.now();
	}
}
