/** What the next entry of this replica has before it, and which epoch it goes to. */

import { rootRecordDecoder } from '../wire/identity.ts';
import { toHex } from '../wire/bytes.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Bits } from './bits.ts';
import { clockMs } from './clock.ts';
import { chooseEpoch } from './epoch-choice.ts';
import type { EpochFact, Fold } from './fold.ts';
import { foldBefore, nodeOf } from './log.ts';
import { chooseParents } from './parents.ts';
import type { Replica } from './replica.ts';
import type { ThreadSecrets } from './secrets.ts';
import type { EpochChoice, Person, ThreadState } from './thread.ts';

export interface Past {
	/** Places in the log, sorted by CID. */
	readonly parents: readonly number[];
	readonly before: Bits;
	readonly epochs: readonly EpochFact[];
	readonly fold: Fold;
}

const pasts = new WeakMap<Replica, Past | null>();

/** `null`: nothing here can be built upon. A replica does not change, so this is found out once. */
export function pastOf(replica: Replica): Past | null {
	const known = pasts.get(replica);
	if (known !== undefined) return known;
	const past = findPast(replica);
	pasts.set(replica, past);
	return past;
}

function findPast({ view, standing }: Replica): Past | null {
	const { places, before, epochs } = chooseParents(view, standing.heads);
	const fold = foldBefore(view, before);
	return fold === null ? null : { parents: places, before, epochs, fold };
}

/** `people`: the newest cards that the caller has; a newer root record among them is a reason. */
export function epochToWriteIn(
	{ replica }: ThreadState,
	nowMs: number,
	people: readonly Person[]
): EpochChoice {
	const past = pastOf(replica);
	if (past === null) return { kind: 'due', why: 'none-fits' };
	if (people.some((person) => hasNewRecord(past.fold, person))) {
		return { kind: 'due', why: 'card-key-changed' };
	}
	const chosen = chooseHere(replica, past);
	if (chosen === null) return { kind: 'due', why: 'none-fits' };
	if (nowMs - madeAt(replica, chosen) > LIMITS.epochAgeMs) return { kind: 'due', why: 'too-old' };
	return { kind: 'write', epoch: chosen.id };
}

interface Choice {
	readonly epochs: ThreadSecrets['epochs'];
	readonly chosen: EpochFact | null;
}

/** By fold, which is one object for one past: entry after entry the choice is the same. */
const choices = new WeakMap<Fold, Choice>();

/** `null` where a new epoch is due, whatever its reason but age and new cards. */
export function chooseHere({ secrets }: Replica, { epochs, fold }: Past): EpochFact | null {
	const known = choices.get(fold);
	if (known?.epochs === secrets.epochs) return known.chosen;
	const chosen = chooseEpoch(epochs, fold, (id) => secrets.epochs[id]?.secret !== undefined);
	choices.set(fold, { epochs: secrets.epochs, chosen });
	return chosen;
}

function hasNewRecord({ members }: Fold, { root, record }: Person): boolean {
	const member = members.get(toHex(root));
	const decoded = rootRecordDecoder.decode(record);
	return member !== undefined && decoded.ok && decoded.value.seq > member.record.seq;
}

/** By its maker's clock, which may be wrong; but it was not made after it came here. */
function madeAt({ view, secrets }: Replica, { id }: EpochFact): number {
	const storedAt = secrets.epochs[id]?.storedAt ?? 0;
	const content = nodeOf(view, id)?.content;
	return content?.kind === 'epoch' ? Math.min(storedAt, clockMs(content.clock)) : storedAt;
}
