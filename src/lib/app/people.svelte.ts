import { parseMailAddress, type Address } from '../wire/ids.ts';
import type { FilesWith } from './files-with.svelte.ts';
import { NotesOpen } from './notes-open.ts';
import type { Parts } from './parts.ts';
import { Photos } from './photos.svelte.ts';
import { Recent } from './recent.ts';
import { story, storyNow } from './story.ts';
import type { AddressBook, Conversations, FilesShared, Notes } from './view-people.ts';
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
		const { setAlias } = await story();
		const undo = await setAlias(await this.#parts.desk, toAddress(address), name);
		return this.#refreshing(undo);
	}

	async setPhoto(address: string, picture: Blob | null): Promise<Undo | null> {
		const { setPhoto } = await story();
		const photo = picture && {
			type: picture.type,
			bytes: new Uint8Array(await picture.arrayBuffer())
		};
		const undo = await setPhoto(await this.#parts.desk, toAddress(address), photo);
		return this.#refreshing(undo);
	}

	notes(address: string): Notes {
		const parts = this.#here();
		if (parts === null) return NO_NOTES_YET;
		const id = toAddress(address);
		return this.#notes.get(id, () => {
			queueMicrotask(() => this.#opened++);
			return new parts.OpenNotes(this.#parts.desk, id);
		});
	}

	conversations(address: string, limit: number): Conversations | null {
		const parts = this.#here();
		const { people, threads, mail, labels } = this.#parts.shelf;
		if (parts === null || people === null || threads === null) return null;
		const shelf = { people, threads, digests: mail.value, labels: labels.value ?? [] };
		return parts.conversationsWith(shelf, toAddress(address), limit, Date.now());
	}

	files(address: string): Lookup<FilesShared> {
		const parts = this.#here();
		const { shelf, desk } = this.#parts;
		if (parts === null || shelf.threads === null) return { at: 'loading' };
		const id = toAddress(address);
		const files = this.#files.get(id, () => {
			queueMicrotask(() => this.#opened++);
			return new parts.FilesWith(desk, () => shelf.threads ?? [], id);
		});
		return files.lookUp(shelf.people);
	}

	async moreFiles(address: string): Promise<void> {
		await this.#files.peek(toAddress(address))?.more();
	}

	async saveCards(addresses: readonly string[] | null): Promise<Blob> {
		const desk = await this.#parts.desk;
		const wanted = addresses?.map(toAddress);
		// The seat of a letter link is nobody: whoever imported it would write into nowhere.
		const contacts = (await desk.store.list('contact')).filter(({ address, tier, seat }) =>
			wanted === undefined ? tier !== 'blocked' && seat === undefined : wanted.includes(address)
		);
		for (const notes of this.#notes.values()) await notes.flush();
		const { cardsOf } = await import('./cards.ts');
		return cardsOf(desk, contacts);
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

	async #refreshing(undo: Undo | null): Promise<Undo | null> {
		const { contacts } = this.#parts.shelf;
		await contacts.refresh();
		return (
			undo &&
			(async () => {
				await undo();
				await contacts.refresh();
			})
		);
	}
}

/** The screens hand back what they were given. */
function toAddress(text: string): Address {
	const parsed = parseMailAddress(text);
	if (parsed === null) throw new TypeError('this address did not come from the app');
	return parsed.address;
}
