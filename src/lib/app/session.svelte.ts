import type { parsePhrase } from '../identity/phrase.ts';
import type { Secret } from '../crypto/secret.ts';
import { story } from './story.ts';
import type { Invite, Phase, RestoreOutcome, Session } from './view.ts';

export interface SessionPorts {
	/** Makes the identity; resolves when it is stored and all else may begin. */
	create(name: string, phrase: Secret | null): Promise<void>;
	/** Makes the inviter a contact; resolves when it is stored. */
	accept(invite: Invite): Promise<void>;
}

/** Where the app stands between being opened and being used. */
export class SessionState implements Session {
	#phase = $state.raw<Phase>({ at: 'starting' });
	readonly #ports: SessionPorts;
	readonly #seen = Promise.withResolvers<undefined>();

	constructor(ports: SessionPorts) {
		this.#ports = ports;
	}

	get phase(): Phase {
		return this.#phase;
	}

	enter(phase: Phase): void {
		this.#phase = phase;
	}

	/** A window that ends with its mail is found out late; whoever has begun meanwhile is past that note. */
	warn(): void {
		if (this.#phase.at === 'welcome') this.#phase = { at: 'welcome', isFleeting: true };
	}

	seen(): void {
		this.#seen.resolve(undefined);
	}

	/** Resolves when the welcome is painted. */
	get welcomed(): Promise<unknown> {
		return this.#seen.promise;
	}

	async begin(name: string, invite: Invite | null): Promise<void> {
		await this.#ports.create(name, null);
		if (invite !== null) await this.#ports.accept(invite);
		this.#phase = { at: 'ready' };
	}

	async restore(words: string, name: string): Promise<RestoreOutcome> {
		const { parsePhrase, PHRASE_WORDS } = await story();
		const read = parsePhrase(words);
		if (!read.ok) return explain(read, words, PHRASE_WORDS);
		await this.#ports.create(name, read.phrase);
		this.#phase = { at: 'ready' };
		return { ok: true };
	}
}

function explain(
	read: Extract<ReturnType<typeof parsePhrase>, { ok: false }>,
	typed: string,
	count: number
): RestoreOutcome {
	switch (read.problem) {
		case 'word-count':
			return { ok: false, problem: 'word-count', count: read.words };
		case 'unknown-words':
			return {
				ok: false,
				problem: 'unknown-word',
				word: wordAt(typed, read.positions[0] ?? 0, count)
			};
		case 'checksum':
			return { ok: false, problem: 'checksum' };
	}
}

/** As typed, found as `parsePhrase` counts: numbers and punctuation are no words. */
function wordAt(typed: string, position: number, count: number): string {
	const words = typed.normalize('NFKD').match(/[a-z]+/gi) ?? [];
	return words.length === count ? (words[position] ?? '') : '';
}
