/** What may be somebody else's, after a card key was revoked (protocol §2). */

/** What one replica knows of a revoked key. */
export interface Revocation {
	/** `compromisedSince` of the root record, Unix ms. */
	readonly since: number;
	/**
	 * When this replica first learned of it: its clock, Unix ms, but greater than that of everything it
	 * stored before, so that a clock set back clears nothing.
	 */
	readonly learnedAt: number;
}

/** An entry of a thread, as one replica has it. */
export interface StoredEntry {
	readonly id: string;
	readonly parents: readonly string[];
	/** Root key of its writer, in hex. */
	readonly root: string;
	/** As its writer dated it, Unix ms. */
	readonly datedMs: number;
	/** When this replica stored it: as `learnedAt`. */
	readonly storedAt: number;
}

/**
 * The entries of this identity that somebody else may have written. Not doubtful is only what this
 * replica stored, or what is an ancestor of another member's entry that it stored, before it learned
 * of the revocation, and that is dated before the key was compromised. A claimed earlier date alone
 * clears nothing. Doubt marks a message and never hides it.
 */
export function findDoubtful(
	entries: readonly StoredEntry[],
	root: string,
	{ since, learnedAt }: Revocation
): ReadonlySet<string> {
	const before = entries.filter(({ storedAt }) => storedAt < learnedAt);
	const witnesses = before.filter((entry) => entry.root !== root);
	const witnessed = ancestorsOf(entries, witnesses);
	const wasHere = new Set([...before.map(({ id }) => id), ...witnessed]);
	const suspects = entries.filter((entry) => entry.root === root);
	const doubtful = suspects.filter(({ id, datedMs }) => !wasHere.has(id) || datedMs >= since);
	return new Set(doubtful.map(({ id }) => id));
}

function ancestorsOf(
	entries: readonly StoredEntry[],
	witnesses: readonly StoredEntry[]
): ReadonlySet<string> {
	const parentsOf = new Map(entries.map(({ id, parents }) => [id, parents]));
	const found = new Set<string>();
	const open = witnesses.flatMap(({ parents }) => parents);
	for (let id = open.pop(); id !== undefined; id = open.pop()) {
		if (found.has(id)) continue;
		found.add(id);
		open.push(...(parentsOf.get(id) ?? []));
	}
	return found;
}
