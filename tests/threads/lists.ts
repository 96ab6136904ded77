/** Epochs by their lists alone, for tests of the fold: signatures are taken as given. */

import { withBit, NO_BITS, type Bits } from '../../src/lib/threads/bits.ts';
import { foldEpochs, type EpochFact, type Fold } from '../../src/lib/threads/fold.ts';
import { judgeEpoch } from '../../src/lib/threads/judge.ts';
import type { EpochList, Listed, RootHex } from '../../src/lib/threads/list.ts';
import type { Rules } from '../../src/lib/wire/body.ts';
import { cidOfObject, encodePlain } from '../../src/lib/wire/codec.ts';
import { cidToEntryId } from '../../src/lib/wire/ids.ts';

/** `join` or `seed` with whatever names it; `record` and `card` are sequences. */
export interface Member {
	readonly join?: string;
	readonly seed?: string;
	/** The seed that signed the join key, where it is new. */
	readonly provedBy?: string;
	readonly record?: number;
	readonly card?: number;
	/** Tells two objects with one sequence apart. */
	readonly version?: string;
}

export type Members = Readonly<Record<RootHex, Member>>;

export interface EpochOf {
	readonly by: RootHex;
	readonly after: readonly string[];
	readonly members: Members;
	readonly rules?: Rules;
	readonly creator?: RootHex;
	readonly previous?: string | null;
}

const OPEN_RULES: Rules = { add: 'members', write: 'members' };

export function toList({ by, members, rules, creator, previous }: EpochOf): EpochList {
	const listed = Object.entries(members).map(([root, member]) => toListed(root, member));
	return {
		maker: by,
		creator: creator ?? 'alice',
		members: listed.sort((a, b) => (a.root < b.root ? -1 : 1)),
		rules: rules ?? OPEN_RULES,
		open: { from: [], to: [], cc: [], subject: '' },
		previous: previous ?? null
	};
}

function toListed(
	root: RootHex,
	{ join, seed, provedBy, record = 1, card = 1, version = '' }: Member
): Listed {
	return {
		root,
		record: { cid: `record ${String(record)}${version}`, seq: record },
		card: { cid: `card ${String(card)}${version}`, seq: card },
		join: join ?? null,
		seed: seed ?? null,
		provedBy: provedBy ?? null,
		slot: new Uint8Array(32),
		devices: [],
		identity: null
	};
}

/** A thread's epochs by name; `salt` changes their CIDs, hence the order of what is concurrent. */
export class Epochs {
	readonly #facts = new Map<string, EpochFact>();
	readonly #salt: number;

	constructor(salt = 0) {
		this.#salt = salt;
	}

	/** Throws the reason where the list is none that its maker may make. */
	add(name: string, epoch: EpochOf): this {
		const list = toList(epoch);
		const past = epoch.after.length === 0 ? null : this.foldBefore(epoch.after);
		const changes = judgeEpoch(list, past);
		if (!changes.ok) throw new Error(`${name}: ${changes.reason}`);
		const cid = cidOfObject(encodePlain([name, this.#salt]));
		const maker = past?.members.get(epoch.by) ?? list.members.find(({ root }) => root === epoch.by);
		this.#facts.set(name, {
			id: cidToEntryId(cid),
			cid,
			mark: this.#facts.size,
			before: this.#before(epoch.after),
			list,
			changes: changes.value,
			makerSeq: maker?.record.seq ?? 0
		});
		return this;
	}

	fact(name: string): EpochFact {
		const fact = this.#facts.get(name);
		if (fact === undefined) throw new Error(`no epoch ${name}`);
		return fact;
	}

	get all(): EpochFact[] {
		return [...this.#facts.values()];
	}

	#before(parents: readonly string[]): Bits {
		return parents.reduce<Bits>((bits, name) => {
			const { before, mark } = this.fact(name);
			const own = withBit(bits, mark);
			return this.all
				.filter((fact) => has(before, fact.mark))
				.reduce<Bits>((sum, fact) => withBit(sum, fact.mark), own);
		}, NO_BITS);
	}

	foldBefore(parents: readonly string[]): Fold {
		const before = this.#before(parents);
		return foldEpochs(this.all.filter(({ mark }) => has(before, mark)));
	}

	fold(): Fold {
		return foldEpochs(this.all);
	}

	/** Roots of the members. */
	members(): string[] {
		return [...this.fold().members.keys()];
	}

	voidOf(name: string): string | undefined {
		return this.fold().voids.get(this.fact(name).mark);
	}
}

function has(bits: Bits, mark: number): boolean {
	return ((bits[mark >>> 5] ?? 0) & (1 << (mark & 31))) !== 0;
}
