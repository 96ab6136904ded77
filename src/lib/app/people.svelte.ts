import { digestsIn } from '../mailbox/digests.ts';
import { rowsOf } from '../mailbox/rows.ts';
import { threadsWith } from '../mailbox/shared-with.ts';
import { parseMailAddress, type Address } from '../wire/ids.ts';
import { FilesWith } from './files-with.svelte.ts';
import { OpenNotes } from './open-notes.svelte.ts';
import type { Parts } from './parts.ts';
import { Photos } from './photos.svelte.ts';
import { Recent } from './recent.ts';
import { story } from './story.ts';
import type { AddressBook, Conversations, FilesShared, Notes } from './view-people.ts';
import type { Lookup, Undo } from './view.ts';

/** Pages of people that stay read in memory. */
const OPEN_PAGES = 3;

/** The user's own address book. */
export class PeopleState implements AddressBook {
	readonly #parts: Pick<Parts, 'desk' | 'shelf'>;
	readonly #photos: Photos;
	readonly #notes = new Recent<OpenNotes>(OPEN_PAGES, (notes) => notes.close());
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
		this.#opened;
		const id = toAddress(address);
		return this.#notes.get(id, () => {
			queueMicrotask(() => this.#opened++);
			return new OpenNotes(this.#parts.desk, id);
		});
	}

	conversations(address: string, limit: number): Conversations | null {
		const { people, threads, mail, labels } = this.#parts.shelf;
		if (people === null || threads === null) return null;
		const found = threadsWith(threads, toAddress(address));
		const shown = {
			...{ people, threads: found.slice(0, limit), labels: labels.value ?? [] },
			digests: mail.value ?? digestsIn(threads)
		};
		return { rows: rowsOf(shown, Date.now()), total: found.length };
	}

	files(address: string): Lookup<FilesShared> {
		this.#opened;
		const { shelf, desk } = this.#parts;
		if (shelf.threads === null) return { at: 'loading' };
		const id = toAddress(address);
		const files = this.#files.get(id, () => {
			queueMicrotask(() => this.#opened++);
			return new FilesWith(desk, () => shelf.threads ?? [], id);
		});
		return files.lookUp(shelf.people);
	}

	async moreFiles(address: string): Promise<void> {
		await this.#files.peek(toAddress(address))?.more();
	}

	/** The list of files that has it, for whoever opens one. */
	listing(messageId: string): FilesWith | undefined {
		return this.#files.find((files) => files.message(messageId) !== undefined);
	}

	/** The page may go. */
	flush(): void {
		for (const notes of this.#notes.values()) void notes.flush();
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
