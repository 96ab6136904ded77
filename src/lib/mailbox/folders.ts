/** Searches that the user keeps: a name, and the text of the search. */

import * as v from 'valibot';
import type { Desk } from '../post/ports.ts';
import { toHex } from '../wire/bytes.ts';
import type { Undo } from './filing.ts';
import { changeOwn, createOwnList, toName } from './own-list.ts';

const FOLDER_CHARACTERS = 60;
const SEARCH_CHARACTERS = 1_000;
const FOLDERS_MAX = 200;

const folderSchema = v.object({
	id: v.string(),
	name: v.pipe(v.string(), v.minLength(1), v.maxLength(FOLDER_CHARACTERS)),
	text: v.pipe(v.string(), v.minLength(1), v.maxLength(SEARCH_CHARACTERS))
});

export type FolderRecord = v.InferOutput<typeof folderSchema>;

export const FOLDERS = createOwnList('search-folders', folderSchema, FOLDERS_MAX);

/** `null`: it has no name or no text, or one of both is too long, or there are too many. */
export async function createFolder(desk: Desk, name: string, text: string): Promise<string | null> {
	const folder = { id: toHex(desk.random(8)), name: toName(name), text: text.trim() };
	if (!v.safeParse(folderSchema, folder).success) return null;
	const isMade = await changeOwn(desk.store, FOLDERS, (all) =>
		all.length < FOLDERS_MAX ? [...all, folder] : all
	);
	return isMade ? folder.id : null;
}

export async function removeFolder(desk: Desk, id: string): Promise<Undo> {
	let gone: FolderRecord | undefined;
	await changeOwn(desk.store, FOLDERS, (all) => {
		gone = all.find((one) => one.id === id);
		return gone === undefined ? all : all.filter((one) => one.id !== id);
	});
	return async () => {
		await changeOwn(desk.store, FOLDERS, (all) =>
			gone === undefined || all.some((one) => one.id === id) ? all : [...all, gone]
		);
	};
}
