/** What a replica says of its entries: which are here, whole, counted, and for whom. */

import type { CID } from 'multiformats/cid';
import { toHex } from '../wire/bytes.ts';
import { sha256ToRawCid } from '../wire/codec.ts';
import { encodeHeader, entryIdOf } from '../wire/entry.ts';
import { cidToEntryId, type EntryId } from '../wire/ids.ts';
import type { Refusal } from '../wire/refusal.ts';
import {
	ancestorsOf,
	isSaid,
	listNodes,
	messageKey,
	nodeAt,
	nodeOf,
	placeOf,
	type LogNode
} from './log.ts';
import { PackedHeader } from './packed-node.ts';
import { changeEntries, printOf } from './print.ts';
import type { Replica } from './replica.ts';
import type { ThreadState } from './thread.ts';

/** Every entry that is here, also what waits for its parents: what reconciliation compares. */
export function entryIds({ replica }: ThreadState): readonly EntryId[] {
	return entryIdsOf(replica);
}

export function entryIdsOf(replica: Here): readonly EntryId[] {
	const { view, pending, refused } = replica;
	const nodes = listNodes(view).map(({ id }) => id);
	const ids = new Set([...nodes, ...pending.keys(), ...refused.keys()]);
	return [...ids].filter((id) => isHere(replica, id));
}

/**
 * One whose body we could read and do not have is not here: whoever gave us the header alone is not
 * the last word.
 */
export function isHere(replica: Here, id: EntryId): boolean {
	if (replica.refused.has(id) || replica.pending.has(id)) return true;
	const node = nodeOf(replica.view, id);
	return node !== null && !lacksBody(replica, node);
}

type Here = Pick<Replica, 'view' | 'pending' | 'refused' | 'secrets'>;

/** Of `entryIds`; compared with peers' (`print.ts`). */
export function printOfThread({ replica }: ThreadState): Uint8Array {
	return printOf(replica.present);
}

/** As `printOfThread`, as if these were not here. */
export function printWithout({ replica }: ThreadState, ids: readonly EntryId[]): Uint8Array {
	return printOf(changeEntries(replica.present, ids, () => false));
}

/** Is it here, with its body or without, or refused for good? */
export function hasEntry({ replica }: ThreadState, id: EntryId): boolean {
	const { view, pending, refused } = replica;
	return placeOf(view, id) !== null || pending.has(id) || refused.has(id);
}

/** Those whose ancestors are all here, parents first. */
export function entriesInOrder({ replica }: ThreadState): readonly EntryId[] {
	return listNodes(replica.view).map(({ id }) => id);
}

function lacksBody({ secrets }: Pick<Replica, 'secrets'>, { header, content }: LogNode): boolean {
	if (content.kind !== 'absent' || header.t === 'epoch') return content.kind === 'absent';
	return secrets.epochs[cidToEntryId(header.epoch)]?.secret !== undefined;
}

/**
 * May this member have the entry's body? Of a message that was taken back nobody.
 * Of plain entries those in epochs that were given to it; every
 * member gets all epoch entries (protocol §4, "from here on").
 */
export function mayHaveBody({ replica }: ThreadState, root: Uint8Array, id: EntryId): boolean {
	const node = nodeOf(replica.view, id);
	if (node === null) return false;
	const { header, content } = node;
	if (header.t === 'epoch') return true;
	if (isTakenBack(replica, content)) return false;
	return isGiven(replica, cidToEntryId(header.epoch), root);
}

function isTakenBack({ view }: Pick<Replica, 'view'>, content: LogNode['content']): boolean {
	const message = messageIn(content);
	return message !== null && isSaid(view, message, 'withdrawn');
}

/**
 * Is it one that counts as here and whose body this member was given, but cannot have from us: it was
 * taken back, or let go of? A member that lacks it goes on lacking it, and both may stop saying so.
 */
export function isWithheld({ replica }: ThreadState, root: Uint8Array, id: EntryId): boolean {
	const { view, pending, refused } = replica;
	const node = nodeOf(view, id);
	// An epoch entry that was refused for good: not even its header was kept.
	if (node === null) return refused.has(id) && !pending.has(id);
	const { header, content } = node;
	if (header.t === 'epoch' || lacksBody(replica, node)) return false;
	if (!isGiven(replica, cidToEntryId(header.epoch), root)) return false;
	return content.kind === 'absent' || content.kind === 'gone' || isTakenBack(replica, content);
}

/** Is its header here, and its body not, though we could read it? */
export function isBare({ replica }: ThreadState, id: EntryId): boolean {
	const node = nodeOf(replica.view, id);
	return node !== null && node.header.t === 'entry' && lacksBody(replica, node);
}

/**
 * What is not here of what this member, ourselves, was given: bodies of plain entries, and the wraps
 * of epochs that others' list keys opened. Without the wrap a body is fetched all the same: whoever
 * wrote it may take our next word for its receipt.
 */
export function missingParts({ replica }: ThreadState, root: Uint8Array): readonly MissingPart[] {
	return listNodes(replica.view).flatMap((node): MissingPart[] => {
		const { id, header, content } = node;
		if (header instanceof PackedHeader) return []; // it was read
		if (header.t === 'entry') {
			if (hasEnded(replica, cidToEntryId(header.epoch))) return [];
			const isMissing =
				lacksBody(replica, node) ||
				(content.kind === 'absent' && isGiven(replica, cidToEntryId(header.epoch), root));
			return isMissing ? [{ id, part: 'body', block: sha256ToRawCid(header.body) }] : [];
		}
		const isKnown = replica.secrets.epochs[id]?.secret !== undefined || hasEnded(replica, id);
		if (isKnown || !isGiven(replica, id, root)) return [];
		return header.wraps.map(({ block }) => ({ id, part: 'wrap', block }));
	});
}

export interface MissingPart {
	/** Of the entry. */
	readonly id: EntryId;
	readonly part: 'body' | 'wrap';
	readonly block: CID;
}

function isGiven({ view }: Replica, epoch: EntryId, root: Uint8Array): boolean {
	const content = nodeOf(view, epoch)?.content;
	const hex = toHex(root);
	return content?.kind === 'epoch' && content.fact.list.members.some((each) => each.root === hex);
}

function hasEnded({ secrets }: Replica, epoch: EntryId): boolean {
	return secrets.epochs[epoch]?.endedAt !== undefined;
}

/**
 * Why the entry is not shown although it is here: its writer was removed, say, or it came after its
 * epoch's secret was destroyed.
 */
export function refusalOf({ replica }: ThreadState, id: EntryId): Refusal | null {
	const place = placeOf(replica.view, id);
	if (place === null) return null;
	const { header, content } = nodeAt(replica.view, place);
	const isTooLate =
		content.kind === 'sealed' &&
		header.t === 'entry' &&
		hasEnded(replica, cidToEntryId(header.epoch));
	return isTooLate ? 'sealed-too-late' : (replica.standing.refused.get(place) ?? null);
}

function messageIn(content: LogNode['content']): string | null {
	if (content.kind !== 'entry' || content.body.t !== 'message') return null;
	return messageKey(content.body.cert.root, content.body.id);
}

/** An entry that has a text, and the message that it says, as `messageKey`; `null`: an archive. */
export interface TextEntry {
	readonly entry: EntryId;
	readonly message: string | null;
}

/** Is it one on which no other entry's verdict depends (docs/decisions/0009)? Else it may be anything. */
export function isText({ replica }: ThreadState, id: EntryId): boolean {
	const content = nodeOf(replica.view, id)?.content;
	if (content?.kind !== 'entry') return false;
	return content.body.t === 'message' || content.body.t === 'archive';
}

/**
 * Its bytes, without a look into storage; `null`: it is not here, waits for its parents, came with a
 * snapshot, or has a field of a name that JavaScript owns, which decoding dropped.
 */
export function headerOf({ replica }: ThreadState, id: EntryId): Uint8Array | null {
	const node = nodeOf(replica.view, id);
	if (node === null || node.header instanceof PackedHeader) return null;
	const header = encodeHeader(node.header);
	return entryIdOf(header) === id ? header : null;
}

/** Does it have copies of what somebody wrote before others came? */
export function hasArchives({ replica }: ThreadState): boolean {
	return listNodes(replica.view).some(
		({ content }) => content.kind === 'entry' && content.body.t === 'archive'
	);
}

/** How many bodies that we could read are not here. */
export function countLacking({ replica }: ThreadState): number {
	return listNodes(replica.view).filter((node) => lacksBody(replica, node)).length;
}

/** Is there such a body among the ancestors of this entry? */
export function lacksBehind({ replica }: ThreadState, id: EntryId): boolean {
	const place = placeOf(replica.view, id);
	if (place === null) return true;
	const behind = [...ancestorsOf(replica.view, place)];
	return behind.some((each) => lacksBody(replica, nodeAt(replica.view, each)));
}

/** All of them: a message that was sealed again has several. */
export function textEntries({ replica }: ThreadState): readonly TextEntry[] {
	return listNodes(replica.view).flatMap(({ id, content }) => textIn(id, content));
}

/** Those of these that have a text. */
export function textsAmong(
	{ replica }: ThreadState,
	entries: ReadonlySet<EntryId>
): readonly TextEntry[] {
	return [...entries].flatMap((entry) => {
		const content = nodeOf(replica.view, entry)?.content;
		return content === undefined ? [] : textIn(entry, content);
	});
}

function textIn(entry: EntryId, content: LogNode['content']): TextEntry[] {
	const message = messageIn(content);
	const isArchive = content.kind === 'entry' && content.body.t === 'archive';
	return message === null && !isArchive ? [] : [{ entry, message }];
}

/**
 * Those of these entries whose text nobody wants any more: the user deleted the message, or its writer
 * took it back.
 */
export function unwantedTexts(
	{ replica }: ThreadState,
	entries: ReadonlySet<EntryId>
): readonly TextEntry[] {
	const { view } = replica;
	return [...entries].flatMap((entry): TextEntry[] => {
		const content = nodeOf(view, entry)?.content;
		const message = content === undefined ? null : messageIn(content);
		if (message === null) return [];
		const isUnwanted = isSaid(view, message, 'gone') || isSaid(view, message, 'withdrawn');
		return isUnwanted ? [{ entry, message }] : [];
	});
}

/** Entries that stand in both, refused in one and not, or for another reason, in the other. */
export function changedRefusals(before: ThreadState, after: ThreadState): ReadonlySet<EntryId> {
	const refused = [before, after].flatMap(({ replica: { view, standing } }) =>
		[...standing.refused.keys()].map((place) => nodeAt(view, place).id)
	);
	const changed = refused.filter((id) => refusalOf(before, id) !== refusalOf(after, id));
	return new Set(changed.filter((id) => nodeOf(before.replica.view, id) !== null));
}

/** Entries found invalid: to be stored with the others, and given back when they are opened again. */
export function refusedEntries({ replica }: ThreadState): ReadonlyMap<EntryId, Refusal> {
	return replica.refused;
}

/** Is it here with all its ancestors, and readable, or was it, before the user let go of it? */
export function isOpen({ replica }: ThreadState, id: EntryId): boolean {
	const kind = nodeOf(replica.view, id)?.content.kind;
	return kind === 'epoch' || kind === 'entry' || kind === 'gone';
}
