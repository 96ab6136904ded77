import type { GroupRecord, MembersChange } from '../mailbox/groups.ts';
import { readOwn } from '../mailbox/own-list.ts';
import { toPerson } from '../mailbox/people.ts';
import type { ContactRecord } from '../post/records.ts';
import { parseMailAddress } from '../wire/ids.ts';
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
		const members = { add: add.flatMap(toId), remove: remove.flatMap(toId) };
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

	#findAll(): readonly Group[] | null {
		const { people } = this.#parts.shelf;
		const records = this.#records.value;
		if (people === null || records === null) return null;
		const contacts: ReadonlyMap<string, ContactRecord> = people.contacts;
		return records
			.map(({ id, name, members }) => {
				const here = members
					.flatMap((member) => contacts.get(member) ?? [])
					.map(({ address }) => toPerson(people, address))
					.sort((a, b) => a.name.localeCompare(b.name));
				return { id, name, members: here.map(({ address }) => address) };
			})
			.sort((a, b) => a.name.localeCompare(b.name));
	}
}

/** The words before the @ are a name, which may change. */
function toId(text: string): string[] {
	const parsed = parseMailAddress(text);
	return parsed === null ? [] : [parsed.address];
}
