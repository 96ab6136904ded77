import type { Draft, SendOutcome, SendProblem } from '../../app/view.ts';
import { attempt } from '../shared/toasts.svelte.ts';

/** One press of Send: at most one runs, and what stopped it stays on screen until the next. */
export class Sending {
	#problem = $state.raw<SendProblem | null>(null);
	#isRunning = $state(false);
	readonly #onsent: (outcome: Extract<SendOutcome, { ok: true }>) => void;

	constructor(onsent: (outcome: Extract<SendOutcome, { ok: true }>) => void) {
		this.#onsent = onsent;
	}

	get problem(): SendProblem | null {
		return this.#problem;
	}

	get isRunning(): boolean {
		return this.#isRunning;
	}

	async send(draft: Draft): Promise<void> {
		if (this.#isRunning) return;
		this.#isRunning = true;
		this.#problem = null;
		const outcome = await attempt(() => draft.send());
		this.#isRunning = false;
		if (outcome?.ok) this.#onsent(outcome);
		else if (outcome) this.#problem = outcome.problem;
	}
}
