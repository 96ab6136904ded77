/**
 * The entries of one replica, parents before children, as a list that only grows at its end. Many
 * states share one log, each seeing its own length of it, so that appending copies nothing; a state
 * that is no longer the newest, or that changes an entry inside, gets a copy.
 */

import type { CID } from 'multiformats/cid';
import type { EntryBody } from '../wire/body.ts';
import { toHex } from '../wire/bytes.ts';
import type { EntryBundle, Header } from '../wire/entry.ts';
import type { EntryId } from '../wire/ids.ts';
import type { Refusal } from '../wire/refusal.ts';
import { hasBit, NO_BITS, unite, withBit, type Bits } from './bits.ts';
import { foldEpochs, type EpochFact, type Fold } from './fold.ts';
import type { RootHex } from './list.ts';
import type { OnRecord } from './on-record.ts';
import type { PackedLog } from './packed.ts';
import { PackedHeader, type PackedMessage } from './packed-node.ts';

/** Pasts whose folds one log remembers: a busy thread forks into a few at a time. */
const MAX_FOLDS = 64;

/** An entry with all its ancestors in the log. */
export interface LogNode {
	readonly id: EntryId;
	readonly cid: CID;
	readonly header: Header | PackedHeader;
	/** Places in the log; the order of the header. */
	readonly parents: readonly number[];
	/** Marks of its ancestors: epochs and joins. */
	readonly before: Bits;
	/** Every epoch entry and every readable join has one; `null`: all others. */
	readonly mark: number | null;
	readonly content: Content;
}

export type Content =
	/** The body was withheld. */
	| { readonly kind: 'absent' }
	/** It was read, and given up for good: it must not come back. Of a message, as `messageKey`. */
	| { readonly kind: 'gone'; readonly message: string | null }
	/** No key yet, or something that its check needs is not readable yet. */
	| { readonly kind: 'sealed'; readonly bundle: EntryBundle }
	/** Invalid, for good: a plain entry. What descends from it is judged by itself. */
	| { readonly kind: 'refused'; readonly reason: Refusal }
	/** Of a kind that a later version knows: kept and skipped. */
	| { readonly kind: 'unknown' }
	| { readonly kind: 'epoch'; readonly fact: EpochFact; readonly clock: Uint8Array }
	| EntryContent;

export interface EntryContent {
	readonly kind: 'entry';
	readonly body: EntryBody | PackedMessage;
	readonly by: RootHex;
	/** Sequence of the writer's root record, as the entry's epoch lists it. */
	readonly seq: number;
	/** Unix ms when it was opened here. */
	readonly seenMs: number;
	/** On-record signatures, checked when it was opened: of a message one, of an archive one each. */
	readonly records: readonly OnRecord[];
}

export interface Log {
	readonly nodes: LogNode[];
	readonly places: Map<EntryId, number>;
	/** Places of epoch entries, ascending. */
	readonly epochs: number[];
	/** What is said of each message, by `messageKey`. */
	readonly messages: Map<string, Said>;
	/** Ancestors of some nodes, filled on demand; places never change their meaning. */
	readonly ancestors: Map<number, ReadonlySet<number>>;
	/** Folds of some entries' pasts, by their marks; nor do marks. */
	readonly folds: Map<string, Fold>;
	/** The epoch in which each member wrote last, filled on demand. */
	readonly writtenIn: Map<RootHex, WrittenIn>;
	/** What is stored of its beginning (`snapshot.ts`). */
	snapshot: { readonly version: number; readonly size: number } | null;
	/** As much of it as was packed last. */
	packed: PackedLog | null;
	/** Came some of it with a snapshot, without texts? */
	isPacked: boolean;
}

/** Of the first `length` entries; `null`: in none. */
export interface WrittenIn {
	readonly length: number;
	readonly fact: EpochFact | null;
}

/** A log as one state sees it. */
export interface LogView {
	readonly log: Log;
	readonly length: number;
}

export function emptyLog(): LogView {
	return { log: createLog([]), length: 0 };
}

export function placeOf({ log, length }: LogView, id: EntryId): number | null {
	const place = log.places.get(id);
	return place === undefined || place >= length ? null : place;
}

export function nodeAt({ log, length }: LogView, place: number): LogNode {
	const node = place < length ? log.nodes[place] : undefined;
	if (node === undefined) throw new RangeError('no such place in the log');
	return node;
}

export function nodeOf(view: LogView, id: EntryId): LogNode | null {
	const place = placeOf(view, id);
	return place === null ? null : nodeAt(view, place);
}

export function listNodes({ log, length }: LogView): readonly LogNode[] {
	return log.nodes.length === length ? log.nodes : log.nodes.slice(0, length);
}

/** The parents' marks and all that lies before them. */
export function marksBefore(view: LogView, parents: readonly number[]): Bits {
	return parents.reduce<Bits>((bits, place) => {
		const { before, mark } = nodeAt(view, place);
		return unite(bits, mark === null ? before : withBit(before, mark));
	}, NO_BITS);
}

export function pushNode(view: LogView, node: LogNode): LogView {
	const { log, length } = view.log.nodes.length === view.length ? view : forkLog(view);
	log.places.set(node.id, length);
	if (node.header.t === 'epoch') log.epochs.push(length);
	if (node.header instanceof PackedHeader) log.isPacked = true;
	indexMessage(log.messages, node, length);
	log.nodes.push(node);
	return { log, length: length + 1 };
}

/** New contents for entries that are there; whatever depends on them is the caller's. */
export function replaceNodes(view: LogView, nodes: ReadonlyMap<number, LogNode>): LogView {
	if (nodes.size === 0) return view;
	const copy = copyLog(view);
	for (const [place, node] of nodes) copy.log.nodes[place] = node;
	return copy;
}

/** Its beginning is the same. */
function forkLog(view: LogView): LogView {
	const copy = copyLog(view);
	const { snapshot, packed } = view.log;
	if (snapshot !== null && snapshot.size <= view.length) copy.log.snapshot = snapshot;
	if (packed !== null && packed.size <= view.length) copy.log.packed = packed;
	return copy;
}

function copyLog(view: LogView): LogView {
	return { log: createLog(view.log.nodes.slice(0, view.length)), length: view.length };
}

function createLog(nodes: LogNode[]): Log {
	const places = new Map(nodes.map(({ id }, place) => [id, place]));
	const epochs = nodes.flatMap(({ header }, place) => (header.t === 'epoch' ? [place] : []));
	const messages = new Map<string, Said>();
	for (const [place, node] of nodes.entries()) indexMessage(messages, node, place);
	return {
		...{ nodes, places, epochs, messages },
		...{ ancestors: new Map(), folds: new Map(), writtenIn: new Map() },
		...{ snapshot: null, packed: null },
		isPacked: nodes.some(({ header }) => header instanceof PackedHeader)
	};
}

/** Places: of the first two entries that say it, of the first that withdraws it or is gone. */
export interface Said {
	readonly first?: number;
	readonly second?: number;
	readonly withdrawn?: number;
	readonly gone?: number;
}

function indexMessage(messages: Log['messages'], { content }: LogNode, place: number): void {
	const [key, said] = saidBy(content);
	if (key === null) return;
	const known = messages.get(key);
	if (known === undefined) messages.set(key, { [said]: place });
	else if (said !== 'first') messages.set(key, { [said]: place, ...known });
	else
		messages.set(
			key,
			known.first === undefined ? { ...known, first: place } : { second: place, ...known }
		);
}

function saidBy(content: Content): readonly [string | null, keyof Said] {
	if (content.kind === 'gone') return [content.message, 'gone'];
	if (content.kind !== 'entry') return [null, 'first'];
	const { body } = content;
	if (body.t === 'message') return [messageKey(body.cert.root, body.id), 'first'];
	if (body.t === 'withdraw') return [messageKey(body.cert.root, body.target), 'withdrawn'];
	return [null, 'first'];
}

/** A message's id is unique for each writer alone. */
export function messageKey(root: Uint8Array, id: Uint8Array): string {
	return `${toHex(root)}/${toHex(id)}`;
}

/** Is this said of the message, as far as the view sees? */
export function isSaid({ log, length }: LogView, key: string, what: keyof Said): boolean {
	const place = log.messages.get(key)?.[what];
	return place !== undefined && place < length;
}

/** Places of all ancestors of the node at `place`. */
export function ancestorsOf(view: LogView, place: number): ReadonlySet<number> {
	const known = view.log.ancestors.get(place);
	if (known !== undefined) return known;
	const found = new Set<number>();
	const open = [...nodeAt(view, place).parents];
	for (let next = open.pop(); next !== undefined; next = open.pop()) {
		if (found.has(next)) continue;
		found.add(next);
		open.push(...nodeAt(view, next).parents);
	}
	view.log.ancestors.set(place, found);
	return found;
}

/** Epoch entries, readable or not, in the order of the log. */
export function listEpochs({ log, length }: LogView): LogNode[] {
	return log.epochs.flatMap((place) => (place < length ? (log.nodes[place] ?? []) : []));
}

export function epochFacts(view: LogView): EpochFact[] {
	return listEpochs(view).flatMap(({ content }) =>
		content.kind === 'epoch' ? [content.fact] : []
	);
}

/** The fold of the readable epochs among these marks; `null` where there is none. */
export function foldBefore(view: LogView, before: Bits): Fold | null {
	const { folds } = view.log;
	const key = before.join();
	const known = folds.get(key);
	if (known !== undefined) return known;
	const facts = epochFacts(view).filter(({ mark }) => hasBit(before, mark));
	if (facts.length === 0) return null;
	const fold = foldEpochs(facts);
	if (folds.size >= MAX_FOLDS) folds.clear();
	folds.set(key, fold);
	return fold;
}
