/**
 * Member lists as the fold compares them: keys and CIDs as text, signatures already judged.
 *
 * Beside the fields of `wire/body.ts` a member whose join key is listed for the first time carries
 * `seedSig`: 64, the seed's signature over that key, so that whoever cannot read the `join` entry
 * (newcomers, restored devices) still comes to the same fold.
 */

import type { Certificate, Member, OpenFields, Rules, StateBody } from '../wire/body.ts';
import { toHex } from '../wire/bytes.ts';
import { cidToBlockId } from '../wire/ids.ts';
import type { VerifiedIdentity } from './thread.ts';

/** A root key in hex: what identities are compared and sorted by inside `threads/`. */
export type RootHex = string;

/** A signed object by its CID and its place in the order of such objects. */
export interface Ranked {
	readonly cid: string;
	readonly seq: number;
}

export interface Listed {
	readonly root: RootHex;
	readonly record: Ranked;
	readonly card: Ranked;
	/** Hex; `null` until the member has joined. */
	readonly join: string | null;
	/** Public key of the join seed in hex; `null` once `join` is there. */
	readonly seed: string | null;
	/** The seed under which `join` was proved to whoever opened this entry; `null`: not at all. */
	readonly provedBy: string | null;
	readonly slot: Uint8Array;
	readonly devices: readonly Certificate[];
	readonly identity: ListedIdentity | null;
}

/** Root record and card, verified, with their bytes as signed. */
export interface ListedIdentity extends VerifiedIdentity {
	readonly recordBytes: Uint8Array;
	readonly cardBytes: Uint8Array;
}

export interface EpochList {
	readonly maker: RootHex;
	readonly creator: RootHex;
	/** In the order of the entry. */
	readonly members: readonly Listed[];
	readonly rules: Rules;
	readonly open: OpenFields;
	/** Thread that this one continues, as text. */
	readonly previous: string | null;
}

/** `identities` by root; `provedBy` is filled in by whoever knows the entry's past. */
export function readList(
	body: StateBody,
	identities: ReadonlyMap<RootHex, ListedIdentity>
): EpochList {
	return {
		maker: toHex(body.cert.root),
		creator: toHex(body.creator),
		members: body.members.map((member) => readMember(member, identities)),
		rules: { add: body.rules.add, write: body.rules.write },
		open: body.open,
		previous: body.previous?.toString() ?? null
	};
}

function readMember(member: Member, identities: ReadonlyMap<RootHex, ListedIdentity>): Listed {
	const root = toHex(member.root);
	const identity = identities.get(root) ?? null;
	return {
		root,
		record: { cid: cidToBlockId(member.record), seq: identity?.record.seq ?? 0 },
		card: { cid: cidToBlockId(member.card), seq: identity?.card.seq ?? 0 },
		join: member.join === undefined ? null : toHex(member.join),
		seed: member.seed === undefined ? null : toHex(member.seed),
		provedBy: null,
		slot: member.slot,
		devices: member.devices,
		identity
	};
}

/** The extra field of a member whose join key is new in this list. */
export function seedSigOf(member: Member): Uint8Array | null {
	const { seedSig } = member;
	return seedSig instanceof Uint8Array && seedSig.length === 64 ? seedSig : null;
}
