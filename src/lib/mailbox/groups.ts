/** Groups of people under a name, to find them together and to write to all of them at once. */

import * as v from 'valibot';
import type { Desk } from '../post/ports.ts';
import { toHex } from '../wire/bytes.ts';
import type { Undo } from './filing.ts';
import { changeOwn, createOwnList, toName } from './own-list.ts';
import { GROUP_CHARACTERS, GROUP_MEMBERS_MAX, GROUPS_MAX } from './people-limits.ts';

const groupSchema = v.object({
	id: v.string(),
	name: v.pipe(v.string(), v.minLength(1), v.maxLength(GROUP_CHARACTERS)),
	/** Ids of people: the address of a contact, or the id of a person without one. Each once. */
	members: v.pipe(v.array(v.string()), v.maxLength(GROUP_MEMBERS_MAX))
});

export type GroupRecord = v.InferOutput<typeof groupSchema>;

export const GROUPS = createOwnList('groups', groupSchema, GROUPS_MAX);

/** `null`: the name is empty, too long or taken, or there are too many groups or members. */
export async function createGroup(
	desk: Pick<Desk, 'store' | 'random'>,
	name: string,
	members: readonly string[]
): Promise<string | null> {
	const id = toHex(desk.random(8));
	const group = { id, name: toName(name), members: [...new Set(members)] };
	if (!v.is(groupSchema, group)) return null;
	const isMade = await changeOwn(desk.store, GROUPS, (all) =>
		all.length < GROUPS_MAX && isFree(all, group) ? [...all, group] : all
	);
	return isMade ? id : null;
}

/** `false`: as in `createGroup`, or it is gone. */
export async function renameGroup(
	{ store }: Pick<Desk, 'store'>,
	id: string,
	name: string
): Promise<boolean> {
	let isDone = false;
	await changeOwn(store, GROUPS, (all) => {
		const named = { ...all.find((one) => one.id === id), id, name: toName(name) };
		isDone = v.is(groupSchema, named) && isFree(all, named);
		return isDone ? all.map((one) => (one.id === id ? { ...one, name: named.name } : one)) : all;
	});
	return isDone;
}

export interface MembersChange {
	readonly add?: readonly string[];
	readonly remove?: readonly string[];
}

/** Taken back for each member as it was. `null`: it is gone, or would have too many; nothing was changed. */
export async function changeMembers(
	{ store }: Pick<Desk, 'store'>,
	id: string,
	{ add = [], remove = [] }: MembersChange
): Promise<Undo | null> {
	const ways: Required<MembersChange>[] = [];
	await changeOwn(store, GROUPS, (all) => {
		ways.length = 0;
		const group = all.find((one) => one.id === id);
		if (group === undefined) return all;
		const before = new Set(group.members);
		const added = [...new Set(add)].filter((one) => !before.has(one));
		const removed = [...new Set(remove)].filter((one) => before.has(one));
		const members = [...group.members.filter((one) => !removed.includes(one)), ...added];
		if (members.length > GROUP_MEMBERS_MAX) return all;
		ways.push({ add: removed, remove: added });
		return all.map((one) => (one.id === id ? { ...one, members } : one));
	});
	const [back] = ways;
	if (back === undefined) return null;
	return async () => {
		await changeMembers({ store }, id, back);
	};
}

export async function removeGroup({ store }: Pick<Desk, 'store'>, id: string): Promise<Undo> {
	let gone: GroupRecord | undefined;
	await changeOwn(store, GROUPS, (all) => {
		gone = all.find((one) => one.id === id);
		return gone === undefined ? all : all.filter((one) => one.id !== id);
	});
	return async () => {
		await changeOwn(store, GROUPS, (all) =>
			gone === undefined || all.some((one) => one.id === id) ? all : [...all, gone]
		);
	};
}

/** Two groups of one name could not be told apart where one is written to. */
function isFree(
	all: readonly GroupRecord[],
	{ id, name }: Pick<GroupRecord, 'id' | 'name'>
): boolean {
	const wanted = name.toLowerCase();
	return !all.some((one) => one.id !== id && one.name.toLowerCase() === wanted);
}
