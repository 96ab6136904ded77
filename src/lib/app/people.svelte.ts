import { addressesOf, EMPTY_BOOK, entryIdOf, isContactId, isMergedId } from '../mailbox/book.ts';
import { partsIn } from '../mailbox/persons.ts';
import { parseMailAddress, parseOrdinary, type Address } from '../wire/ids.ts';
import type { FilesWith } from './files-with.svelte.ts';
import { NotesOpen } from './notes-open.ts';
import type { Parts } from './parts.ts';
import { Photos } from './photos.svelte.ts';
import { Recent } from './recent.ts';
import { story, storyNow } from './story.ts';
import type {
	AddressBook,
	Conversations,
	FilesShared,
	MergeChoice,
	MergeOutcome,
	Notes,
	PersonPart
} from './view-people.ts';
import type { Lookup, Undo } from './view.ts';

/** Pages of people that stay read in memory. */
const OPEN_PAGES = 3;

const NO_NOTES_YET: Notes = {
	text: null,
	isSaved: true,
	edit: () => undefined,
	flush: () => Promise.resolve()
};

/** The user's own address book. Pictures stand in every list; all else is loaded with the story. */
export class PeopleState implements AddressBook {
	readonly #parts: Pick<Parts, 'desk' | 'shelf'>;
	readonly #photos: Photos;
	readonly #notes = new NotesOpen(OPEN_PAGES);
	readonly #files = new Recent<FilesWith>(OPEN_PAGES, (files) => files.close());
	/** State that a template makes while it reads does not wake it: it is woken by this count. */
	#opened = $state(0);

	constructor(parts: Pick<Parts, 'desk' | 'shelf'>) {
		this.#parts = parts;
		this.#photos = new Photos(parts.desk);
	}

	photoUrl(ref: string): string | null {
		return this.#photos.urlOf(ref);
	}

	async rename(address: string, name: string): Promise<Undo | null> {
		const { setAlias, setBookName } = await story();
		const id = this.#entryOf(address);
		const desk = await this.#parts.desk;
		const undo = isContactId(id)
			? await setAlias(desk, id, name)
			: await setBookName(desk, id, name);
		return this.#refreshing(undo);
	}

	async setPhoto(address: string, picture: Blob | null): Promise<Undo | null> {
		const id = this.#entryOf(address);
		const { setPhoto } = await story();
		const photo = picture && {
			type: picture.type,
			bytes: new Uint8Array(await picture.arrayBuffer())
		};
		const undo = await setPhoto(await this.#parts.desk, id, photo);
		return this.#refreshing(undo);
	}

	notes(address: string): Notes {
		const parts = this.#here();
		if (parts === null) return NO_NOTES_YET;
		const id = this.#entryOf(address);
		return this.#notes.get(id, () => {
			queueMicrotask(() => this.#opened++);
			const [first = toAddress(address)] = this.#addressesOf(address);
			return new parts.OpenNotes(this.#parts.desk, id, first);
		});
	}

	conversations(address: string, limit: number): Conversations | null {
		const parts = this.#here();
		const { look, threads } = this.#parts.shelf;
		if (parts === null || look === null || threads === null) return null;
		return parts.conversationsWith(
			{ ...look, threads },
			this.#addressesOf(address),
			limit,
			Date.now()
		);
	}

	files(address: string): Lookup<FilesShared> {
		const parts = this.#here();
		const { shelf, desk } = this.#parts;
		if (parts === null || shelf.threads === null) return { at: 'loading' };
		const addresses = this.#addressesOf(address);
		const files = this.#files.get(addresses.join(), () => {
			queueMicrotask(() => this.#opened++);
			return new parts.FilesWith(desk, () => shelf.threads ?? [], addresses);
		});
		return files.lookUp(shelf.people);
	}

	async moreFiles(address: string): Promise<void> {
		await this.#files.peek(this.#addressesOf(address).join())?.more();
	}

	async addOrdinary(name: string, address: string): Promise<Undo | null> {
		const parsed = parseOrdinary(address);
		if (parsed === null) return null;
		const { addOrdinary } = await story();
		return this.#refreshing(await addOrdinary(await this.#parts.desk, parsed, name));
	}

	async remove(address: string): Promise<Undo | null> {
		const id = toAddress(address);
		const { removeOrdinary } = await story();
		await this.#flushNotes();
		return this.#refreshing(await removeOrdinary(await this.#parts.desk, id));
	}

	async merge(first: string, other: string, { photoOf }: MergeChoice): Promise<MergeOutcome> {
		const parts = [this.#entryOf(first), this.#entryOf(other)];
		const face = photoOf === null ? null : this.#entryOf(photoOf);
		const { mergeEntries } = await story();
		await this.#flushNotes();
		const outcome = await mergeEntries(await this.#parts.desk, { parts, photoOf: face });
		if (!outcome.ok) return outcome;
		await this.#refresh();
		const undo = async () => {
			await this.#flushNotes();
			await outcome.undo();
			await this.#refresh();
		};
		return { ok: true, undo };
	}

	partsOf(address: string): readonly PersonPart[] | null {
		const { people, book } = this.#parts.shelf;
		return people && partsIn(people, book.value ?? [], toAddress(address));
	}

	async split(address: string): Promise<Undo | null> {
		const id = this.#entryOf(address);
		if (!isMergedId(id)) return null;
		const { splitEntry } = await story();
		await this.#flushNotes();
		return this.#refreshing(await splitEntry(await this.#parts.desk, id));
	}

	async saveCards(addresses: readonly string[] | null): Promise<Blob> {
		await this.#flushNotes();
		const { cardsOf } = await import('./cards.ts');
		return cardsOf(await this.#parts.desk, addresses?.map(toAddress) ?? null);
	}

	/** The list of files that has it, for whoever opens one. */
	listing(messageId: string): FilesWith | undefined {
		return this.#files.find((files) => files.message(messageId) !== undefined);
	}

	/** The page may go. */
	flush(): void {
		for (const notes of this.#notes.values()) void notes.flush();
	}

	/** `null`: on its way. */
	#here(): ReturnType<typeof storyNow> {
		this.#opened;
		const parts = storyNow();
		if (parts === null) void story().then(() => this.#opened++);
		return parts;
	}

	#book() {
		return this.#parts.shelf.people?.book ?? EMPTY_BOOK;
	}

	#entryOf(address: string): string {
		return entryIdOf(this.#book(), toAddress(address));
	}

	#addressesOf(address: string): readonly Address[] {
		return addressesOf(this.#book(), toAddress(address));
	}

	/** What is being written of people has to be theirs before it becomes another's. */
	async #flushNotes(): Promise<void> {
		for (const notes of this.#notes.values()) await notes.flush();
	}

	async #refreshing(undo: Undo | null): Promise<Undo | null> {
		await this.#refresh();
		return (
			undo &&
			(async () => {
				await undo();
				await this.#refresh();
			})
		);
	}

	async #refresh(): Promise<void> {
		const { contacts, book } = this.#parts.shelf;
		await Promise.all([contacts.refresh(), book.refresh()]);
	}
}

/** The screens hand back what they were given. */
function toAddress(text: string): Address {
	const parsed = parseMailAddress(text)?.address ?? parseOrdinary(text);
	if (parsed === null) throw new TypeError('this address did not come from the app');
	return parsed;
}
