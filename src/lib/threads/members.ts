/** What a replica says of its members: who they are, who came and went, what my wraps told. */

import type { Certificate } from '../wire/body.ts';
import { fromHex, toHex } from '../wire/bytes.ts';
import { cidToEntryId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { clockMs, shownMs } from './clock.ts';
import type { EpochFact, FoldMember } from './fold.ts';
import type { RootHex } from './list.ts';
import { listEpochs, nodeAt, nodeOf, type LogNode, type LogView, type WrittenIn } from './log.ts';
import type { Replica } from './replica.ts';
import type { MembershipEvent, ThreadMember, ThreadState } from './thread.ts';

/** Sorted by root key; ourselves included. */
export function membersOf({ replica }: ThreadState): readonly ThreadMember[] {
	const { fold } = replica.standing;
	if (fold === null) return [];
	return [...fold.members.values()].flatMap((member) => toMember(replica, member, fold.creator));
}

function toMember(replica: Replica, member: FoldMember, creator: string): ThreadMember[] {
	const { root, identity } = member;
	const key = fromHex(root);
	if (identity === null || key === null) return [];
	return [
		{
			root: key,
			record: identity.recordBytes,
			card: identity.cardBytes,
			identity: { record: identity.record, card: identity.card },
			isCreator: root === creator,
			devices: devicesOf(replica, member).map(({ writer, peer }) => ({ writer, peer }))
		}
	];
}

/**
 * The member's slot for notices in this thread (32 bytes), as the epoch says in which it wrote last: so
 * its office knows it. A removal draws new ones, of which nobody has heard yet. `null`: it never wrote.
 */
export function slotOf({ replica: { view } }: ThreadState, root: Uint8Array): Uint8Array | null {
	const hex = toHex(root);
	const members = epochWrittenIn(view, hex)?.list.members ?? [];
	return members.find((member) => member.root === hex)?.slot ?? null;
}

/** Each send asks it of each recipient, and one who never writes is looked for in all that was written. */
function epochWrittenIn(view: LogView, root: RootHex): EpochFact | null {
	const { writtenIn } = view.log;
	const known = writtenIn.get(root);
	// What is known of more entries than this state has says nothing of it.
	const { length, fact } = known && known.length <= view.length ? known : NOTHING_KNOWN;
	let last: EpochFact | null = null;
	for (let place = view.length - 1; place >= length && last === null; place--) {
		last = epochOfWord(view, nodeAt(view, place), root);
	}
	const written = { length: view.length, fact: last ?? fact };
	writtenIn.set(root, written);
	return written.fact;
}

/** `null`: somebody else wrote this. */
function epochOfWord(view: LogView, { header, content }: LogNode, by: RootHex): EpochFact | null {
	if (content.kind === 'epoch') return content.fact.list.maker === by ? content.fact : null;
	if (content.kind !== 'entry' || content.by !== by || header.t !== 'entry') return null;
	const epoch = nodeOf(view, cidToEntryId(header.epoch))?.content;
	return epoch?.kind === 'epoch' ? epoch.fact : null;
}

const NOTHING_KNOWN: WrittenIn = { length: 0, fact: null };

/** From the list, and from what the member's devices wrote since; the latest last. */
export function devicesOf(replica: Replica, { root, devices }: FoldMember): Certificate[] {
	const known = new Map(devices.map((device) => [toHex(device.writer), device]));
	for (const [writer, { cert }] of replica.certificates.get(root) ?? []) known.set(writer, cert);
	return [...known.values()].slice(-LIMITS.devices);
}

/** May this member add others, by the rules as they stand? */
export function mayAdd({ replica }: ThreadState, root: Uint8Array): boolean {
	const { fold } = replica.standing;
	const hex = toHex(root);
	if (fold?.members.has(hex) !== true) return false;
	return fold.rules.add === 'members' || (fold.creator === hex && fold.creatorActs);
}

/** Who began the thread, as long as its word rules there; `null`: nobody does any more. */
export function creatorOf({ replica }: ThreadState): Uint8Array | null {
	const { fold } = replica.standing;
	return fold?.creatorActs === true ? fromHex(fold.creator) : null;
}

/** May this member remove others? */
export function mayRemove({ replica }: ThreadState, root: Uint8Array): boolean {
	const { fold } = replica.standing;
	return fold?.creator === toHex(root) && fold.creatorActs && fold.members.has(fold.creator);
}

/** Who came and went since the thread began, in the order of the log. */
export function membershipEvents({ replica }: ThreadState): readonly MembershipEvent[] {
	const { view, standing, secrets } = replica;
	return listEpochs(view).flatMap(({ id, content, parents }) => {
		if (content.kind !== 'epoch' || parents.length === 0) return [];
		const { changes, list, mark } = content.fact;
		const by = fromHex(list.maker);
		const added = changes.added.flatMap((root) => fromHex(root) ?? []);
		const gone = [...changes.removed, ...(changes.leaves ? [list.maker] : [])].flatMap(
			(root) => fromHex(root) ?? []
		);
		const isVoid = standing.fold?.voids.has(mark) ?? true;
		if (by === null || isVoid || added.length + gone.length === 0) return [];
		const atMs = shownMs(content.clock, secrets.epochs[id]?.storedAt ?? clockMs(content.clock));
		return [{ entry: id, by, atMs, added, gone }];
	});
}

/**
 * When another last gave us the secret of an epoch that counts: Unix ms of its maker's clock, clamped as
 * a message's is. `null`: nobody did.
 */
export function lastGivenMs({ replica }: ThreadState, root: Uint8Array): number | null {
	const { view, standing, secrets } = replica;
	const own = toHex(root);
	const times = listEpochs(view).flatMap(({ id, content }) => {
		const told = secrets.epochs[id];
		if (told === undefined || content.kind !== 'epoch') return [];
		const { list, mark } = content.fact;
		const isVoid = standing.fold?.voids.has(mark) ?? true;
		return isVoid || list.maker === own ? [] : [shownMs(content.clock, told.storedAt)];
	});
	return times.length === 0 ? null : Math.max(...times);
}

export interface OwnWrap {
	/** Root key of whoever made the epoch. */
	readonly maker: Uint8Array;
	/** Secret of our slot for this thread. */
	readonly slot?: Uint8Array | undefined;
	/** The maker's contact slot for us. */
	readonly contact?: Uint8Array | undefined;
}

/** What the makers of epochs told us alone, in the order of the log. */
export function ownWraps({ replica }: ThreadState): readonly OwnWrap[] {
	return listEpochs(replica.view).flatMap(({ id, content }) => {
		const told = replica.secrets.epochs[id];
		const maker = content.kind === 'epoch' ? fromHex(content.fact.list.maker) : null;
		return maker === null || told === undefined
			? []
			: [{ maker, slot: told.slot, contact: told.contact }];
	});
}
