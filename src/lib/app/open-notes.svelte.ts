import { readNotes } from '../mailbox/address-book.ts';
import { writeNotesOf } from '../mailbox/merging.ts';
import { NOTES_CHARACTERS } from '../mailbox/people-limits.ts';
import { RingAway, StorageFull, type Desk } from '../post/ports.ts';
import type { Address } from '../wire/ids.ts';
import { Live } from './live.svelte.ts';
import type { Notes } from './view-people.ts';

/** A change is stored this long after it at the latest, as in a draft. */
const SAVE_MS = 600;
/** Where there was no room, there may be some now; a key ring that is away comes back. */
const SAVE_AGAIN_MS = 5_000;

type NotesDesk = Pick<Desk, 'store' | 'now' | 'exclusive'>;

/** Notes on one person while somebody may write them; what another tab writes is taken over. */
export class OpenNotes implements Notes {
	readonly #desk: Promise<NotesDesk>;
	/** Of an entry of the address book. */
	readonly id: string;
	/** One of theirs: who it belongs to has the notes where the entry is split meanwhile. */
	readonly #address: Address;
	readonly #stored: Live<string>;
	/** Null: nothing was written here that is not stored. */
	#written = $state.raw<string | null>(null);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#saving: Promise<void> = Promise.resolve();

	constructor(desk: Promise<NotesDesk>, id: string, address: Address) {
		this.#desk = desk;
		this.id = id;
		this.#address = address;
		this.#stored = new Live<string, NotesDesk>(desk, ['person'], (here) => readNotes(here, id));
	}

	get text(): string | null {
		return this.#written ?? this.#stored.value;
	}

	get isSaved(): boolean {
		return this.#written === null;
	}

	edit(text: string): void {
		this.#written = text.slice(0, NOTES_CHARACTERS);
		this.#timer ??= setTimeout(() => void this.flush(), SAVE_MS);
	}

	/** Rejects when storage is broken. */
	flush(): Promise<void> {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#saving = this.#save(this.#saving);
		return this.#saving;
	}

	/** Of notes that are saved. */
	close(): void {
		this.#stored.close();
	}

	async #save(before: Promise<void>): Promise<void> {
		await before.catch(() => undefined); // has told its own caller
		const text = this.#written;
		if (text === null) return;
		try {
			await writeNotesOf(await this.#desk, this.id, this.#address, text);
			await this.#stored.refresh();
			if (this.#written === text) this.#written = null;
		} catch (error) {
			// The text stays in memory, and the screen says that it is not saved; the bar above says why.
			if (!(error instanceof StorageFull || error instanceof RingAway)) throw error;
			this.#timer ??= setTimeout(() => void this.flush(), SAVE_AGAIN_MS);
		}
	}
}
