import type { WorkerLink } from './worker-link.ts';
import type { Program } from './view.ts';

/** The program itself, and its next version. */
export class ProgramState implements Program {
	readonly version: string;
	#isUpdateReady = $state(false);
	#worker: WorkerLink | null = null;

	constructor(version: string) {
		this.version = version;
	}

	get isUpdateReady(): boolean {
		return this.#isUpdateReady;
	}

	/** A newer version waits. */
	updateIsReady(): void {
		this.#isUpdateReady = true;
	}

	link(worker: WorkerLink): void {
		this.#worker = worker;
	}

	reload(): void {
		if (this.#isUpdateReady && this.#worker !== null) this.#worker.update();
		else location.reload();
	}
}
