/**
 * Which epoch to write in (protocol §4): the one that knows most epochs, ties by the smaller CID, of
 * those that
 *
 * - we hold the secret of, and that the fold does not void;
 * - were made by one who is in their list and in the fold (else a removed or leaving member makes the
 *   epoch that the others write in);
 * - list exactly the fold: addresses, root records, join keys or seeds, rules;
 * - leave nobody behind: every epoch that they do not know was given to all present members. Without
 *   this a member who cannot open an epoch beside the chosen one would never be told its list key.
 */

import { compare } from '../wire/bytes.ts';
import type { EntryId } from '../wire/ids.ts';
import { hasBit } from './bits.ts';
import type { EpochFact, Fold } from './fold.ts';
import type { Listed } from './list.ts';

/** `epochs` are those before the parents that the writer is going to name, as is `fold`. */
export function chooseEpoch(
	epochs: readonly EpochFact[],
	fold: Fold,
	hasSecret: (id: EntryId) => boolean
): EpochFact | null {
	const fitting = epochs.filter(
		(epoch) =>
			hasSecret(epoch.id) &&
			!fold.voids.has(epoch.mark) &&
			isFromInside(epoch, fold) &&
			equalsFold(epoch, fold) &&
			leavesNobodyBehind(epoch, epochs, fold)
	);
	const depthOf = (epoch: EpochFact) => epochs.filter((e) => hasBit(epoch.before, e.mark)).length;
	const best = fitting.toSorted(
		(a, b) => depthOf(b) - depthOf(a) || compare(a.cid.bytes, b.cid.bytes)
	);
	return best[0] ?? null;
}

function isFromInside({ list }: EpochFact, fold: Fold): boolean {
	return fold.members.has(list.maker) && list.members.some(({ root }) => root === list.maker);
}

export function equalsFold({ list }: EpochFact, fold: Fold): boolean {
	const { rules } = fold;
	if (list.rules.add !== rules.add || list.rules.write !== rules.write) return false;
	if (list.members.length !== fold.members.size) return false;
	return list.members.every((member) => isSameMember(member, fold.members.get(member.root)));
}

function isSameMember(a: Listed, b: Listed | undefined): boolean {
	return a.record.cid === b?.record.cid && a.join === b.join && a.seed === b.seed;
}

function leavesNobodyBehind(chosen: EpochFact, epochs: readonly EpochFact[], fold: Fold): boolean {
	return epochs.every((epoch) => {
		if (epoch === chosen || hasBit(chosen.before, epoch.mark)) return true;
		const given = new Set(epoch.list.members.map(({ root }) => root));
		return [...fold.members.keys()].every((root) => given.has(root));
	});
}
