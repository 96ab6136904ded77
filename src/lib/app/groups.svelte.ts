import type { GroupRecord, MembersChange } from '../mailbox/groups.ts';
import { readOwn } from '../mailbox/own-list.ts';
import { addressesOf, EMPTY_BOOK } from '../mailbox/book.ts';
import { membersIn } from '../mailbox/persons.ts';
import { parseMailAddress, parseOrdinary, type Address } from '../wire/ids.ts';
import { Live } from './live.svelte.ts';
import type { Parts } from './parts.ts';
import { story } from './story.ts';
import type { Group, Groups } from './view-people.ts';
import type { Undo } from './view.ts';

/** The user's groups of people; the screens name members by their whole addresses. */
export class GroupsState implements Groups {
	readonly #parts: Pick<Parts, 'desk' | 'shelf'>;
	readonly #records: Live<readonly GroupRecord[]>;
	readonly #all = $derived.by(() => this.#findAll());

	constructor(parts: Pick<Parts, 'desk' | 'shelf'>) {
		this.#parts = parts;
		this.#records = new Live<readonly GroupRecord[]>(parts.desk, ['setting'], async ({ store }) =>
			readOwn(store, (await story()).GROUPS)
		);
	}

	get all(): readonly Group[] | null {
		return this.#all;
	}

	async create(name: string, members: readonly string[]): Promise<string | null> {
		const id = await (
			await story()
		).createGroup(await this.#parts.desk, name, members.flatMap(toId));
		await this.#records.refresh();
		return id;
	}

	async rename(id: string, name: string): Promise<boolean> {
		const isDone = await (await story()).renameGroup(await this.#parts.desk, id, name);
		await this.#records.refresh();
		return isDone;
	}

	async change(id: string, { add = [], remove = [] }: MembersChange): Promise<Undo | null> {
		const members = { add: add.flatMap(toId), remove: this.#allOf(remove.flatMap(toId)) };
		const undo = await (await story()).changeMembers(await this.#parts.desk, id, members);
		await this.#records.refresh();
		return undo && this.#refreshing(undo);
	}

	async remove(id: string): Promise<Undo> {
		const undo = await (await story()).removeGroup(await this.#parts.desk, id);
		await this.#records.refresh();
		return this.#refreshing(undo);
	}

	#refreshing(undo: Undo): Undo {
		return async () => {
			await undo();
			await this.#records.refresh();
		};
	}

	/** Whoever is taken out goes with all addresses. */
	#allOf(addresses: readonly Address[]): readonly Address[] {
		const book = this.#parts.shelf.people?.book ?? EMPTY_BOOK;
		return addresses.flatMap((address) => addressesOf(book, address));
	}

	#findAll(): readonly Group[] | null {
		const { people, usage } = this.#parts.shelf;
		const records = this.#records.value;
		if (people === null || records === null) return null;
		const toMembers = membersIn(people, usage);
		return records
			.map(({ id, name, members }) => ({ id, name, members: toMembers(members) }))
			.sort((a, b) => a.name.localeCompare(b.name));
	}
}

/** The words before the @ are a name, which may change. */
function toId(text: string): Address[] {
	const parsed = parseMailAddress(text)?.address ?? parseOrdinary(text);
	return parsed === null ? [] : [parsed];
}
