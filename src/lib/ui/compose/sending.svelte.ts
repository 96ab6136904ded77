import type { Draft, HoldOutcome, SendOutcome, SendProblem } from '../../app/view.ts';
import type { LetterWish } from '../../app/view-letters.ts';
import { sendProblemSentence } from '../shared/sentences.ts';
import { attempt, toasts } from '../shared/toasts.svelte.ts';
import { concernsOf, type Concern } from './concerns.ts';
import { undoTime } from './undoTime.svelte.ts';

/** Sent, or held until it can be taken back no more. */
export type Sent = Extract<SendOutcome | HoldOutcome, { ok: true }>;

/** One press of Send: at most one runs, and what stopped it stays on screen. */
export class Sending {
	#failure = $state.raw<{ readonly problem: SendProblem; readonly of: string } | null>(null);
	#isRunning = $state(false);
	#isWaiting = $state(false);
	#isClosed = false;
	#asking = $state.raw<readonly Concern[] | null>(null);
	readonly #onsent: (outcome: Sent, isLetter: boolean) => void;

	constructor(onsent: (outcome: Sent, isLetter: boolean) => void) {
		this.#onsent = onsent;
	}

	/** What stopped this draft, until the reader changes what it says about people and files. */
	problemOf(draft: Draft): SendProblem | null {
		return this.#failure?.of === peopleAndFiles(draft) ? this.#failure.problem : draft.heldBack;
	}

	get isRunning(): boolean {
		return this.#isRunning;
	}

	/** Send was pressed while files are still being added: it goes out with the last of them. */
	get isWaiting(): boolean {
		return this.#isWaiting;
	}

	/** To be called whenever the draft's files change. */
	filesChanged(draft: Draft): void {
		if (this.#isWaiting && !isAdding(draft)) void this.send(draft, { isSure: true });
	}

	/** Send was pressed, and something may have been forgotten; null: nothing is asked. */
	get asking(): readonly Concern[] | null {
		return this.#asking;
	}

	stopAsking(): void {
		this.#asking = null;
	}

	/**
	 * Its composer is gone: what stops it from now on is said elsewhere, and so is that it waits no more.
	 * `draft`: as it stands; null: it is no more, or goes out.
	 */
	close(draft: Draft | null): void {
		this.#isClosed = true;
		const waiting = this.#isWaiting ? draft?.attachments.find(isBeingAdded) : undefined;
		this.#isWaiting = false;
		if (draft === null || waiting === undefined) return;
		sayNotSent(draft, { kind: 'attachment-not-ready', name: waiting.name });
	}

	stopWaiting(): void {
		this.#isWaiting = false;
	}

	/** `letter`: for whoever opens its link; it does not wait for files. `isSure`: its writer was asked. */
	async send(
		draft: Draft,
		{ letter, isSure = false }: { readonly letter?: LetterWish; readonly isSure?: boolean } = {}
	): Promise<void> {
		if (this.#isRunning) return;
		const concerns = isSure ? [] : concernsOf(draft);
		this.#asking = concerns.length > 0 ? concerns : null;
		if (this.#asking !== null) return;
		this.#isWaiting = letter === undefined && isAdding(draft);
		if (this.#isWaiting) return;
		this.#isRunning = true;
		this.#failure = null;
		const { ms } = undoTime;
		// Of a letter link there is something to be given away: closing it takes the letter back.
		const outcome = await attempt<SendOutcome | HoldOutcome>(() =>
			ms > 0 && letter === undefined ? draft.hold(ms) : draft.send(letter)
		);
		this.#isRunning = false;
		if (outcome?.ok) this.#onsent(outcome, letter !== undefined);
		else if (outcome && this.#isClosed) sayNotSent(draft, outcome.problem);
		else if (outcome) this.#failure = { problem: outcome.problem, of: peopleAndFiles(draft) };
	}
}

function sayNotSent({ subject }: Draft, problem: SendProblem): void {
	const what = subject ? `Not sent: “${subject}”.` : 'Not sent.';
	toasts.say([what, sendProblemSentence(problem)].join(' '));
}

function isAdding({ attachments }: Draft): boolean {
	return attachments.some(isBeingAdded);
}

function isBeingAdded({ state }: Draft['attachments'][number]): boolean {
	return state.at === 'adding';
}

function peopleAndFiles({ to, cc, bcc, attachments }: Draft): string {
	const people = [to, cc, bcc].map((list) => list.map((one) => one.text));
	return JSON.stringify([people, attachments.map((file) => [file.id, file.state.at])]);
}
