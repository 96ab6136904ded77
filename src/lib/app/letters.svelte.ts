import { toPerson } from '../mailbox/people.ts';
import type { LetterRecord } from '../post/records.ts';
import { parseThreadId, type EntryId, type ThreadId } from '../wire/ids.ts';
import type { LetterReader } from './letter-reader.ts';
import { Live } from './live.svelte.ts';
import type { Parts } from './parts.ts';
import { story } from './story.ts';
import type {
	AnswerOutcome,
	LetterFile,
	LetterOpening,
	Letters,
	LetterStanding
} from './view-letters.ts';

export interface LettersPorts extends Parts {
	/** Makes the own identity, where there is none yet. */
	begin(name: string): Promise<void>;
	/** Something waits to be handed over; called in the same task. */
	onWritten(): void;
}

/** Letter links on screen: those given out, and the one that is being read. */
export class LettersState implements Letters {
	readonly #ports: LettersPorts;
	readonly #rows: Live<readonly LetterRecord[]>;
	#reader: LetterReader | null = null;

	constructor(ports: LettersPorts) {
		this.#ports = ports;
		this.#rows = new Live(ports.desk, ['letter'], ({ store }) => store.list('letter'));
	}

	ofThread(threadId: string): LetterStanding | null {
		const letter = this.#rows.value?.find(({ thread }) => thread === threadId);
		return letter === undefined ? null : this.#toStanding(letter);
	}

	async linkOf(threadId: string): Promise<string | null> {
		const [desk, account] = await Promise.all([this.#ports.desk, this.#ports.account]);
		const { letterLink } = await story();
		const thread = parseThreadId(threadId);
		return thread === null ? null : letterLink(desk, account, thread);
	}

	async revoke(threadId: string): Promise<boolean> {
		const [desk, account] = await Promise.all([this.#ports.desk, this.#ports.account]);
		const { revokeLetter } = await story();
		const thread = parseThreadId(threadId);
		const isClosed = thread !== null && (await revokeLetter(desk, account, thread));
		this.#ports.onWritten();
		return isClosed;
	}

	async open(link: string, options: { readonly signal: AbortSignal }): Promise<LetterOpening> {
		const { LetterReader: Reader } = await story();
		const { reader, opening, letter } = await Reader.open(link, options);
		options.signal.throwIfAborted();
		this.#reader = reader;
		const known = await this.#known(letter);
		options.signal.throwIfAborted();
		return known === null ? opening : { at: 'known', threadId: known };
	}

	/** Where it stands here; not where coming in was cut short, which is to be done again. */
	async #known(letter: EntryId | null): Promise<ThreadId | null> {
		const row = this.#rows.value?.find((each) => each.letter === letter);
		if (row === undefined) return null;
		const { store } = await this.#ports.desk;
		return (await store.get('thread', [row.thread])) === null ? null : row.thread;
	}

	file(index: number, options: { readonly signal: AbortSignal }): Promise<LetterFile> {
		return this.#opened.file(index, options);
	}

	async answer(name: string): Promise<AnswerOutcome> {
		const reader = this.#opened;
		await this.#ports.begin(name);
		const [desk, account] = await Promise.all([this.#ports.desk, this.#ports.account]);
		return reader.enter(desk, account);
	}

	get #opened(): LetterReader {
		if (this.#reader === null) throw new TypeError('no letter is open');
		return this.#reader;
	}

	#toStanding(letter: LetterRecord): LetterStanding {
		if (letter.kind === 'opened') return { kind: 'entered' };
		const { name, until, state, by } = letter;
		if (state === 'open') return { kind: 'open', name, until };
		if (state !== 'answered') return { kind: 'closed', name, isExpired: state === 'expired' };
		const { people } = this.#ports.shelf;
		const persons = people === null ? [] : by.map((address) => toPerson(people, address));
		return { kind: 'answered', name, by: persons };
	}
}
