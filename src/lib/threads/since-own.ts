/** What lies between two words of one member: others' entries on which the later one stands. */

import { toHex } from '../wire/bytes.ts';
import type { EntryId } from '../wire/ids.ts';
import { nodeAt, placeOf, type LogNode } from './log.ts';
import type { ThreadState } from './thread.ts';

/**
 * Ancestors of these entries that came after the member's last own one, parents first; what lies behind
 * an own entry counts as told with it. At most `limit`, the nearest ones.
 */
export function sinceOwn(
	{ replica: { view } }: ThreadState,
	root: Uint8Array,
	fresh: readonly EntryId[],
	limit: number
): EntryId[] {
	const own = toHex(root);
	const start = new Set(fresh.flatMap((id) => placeOf(view, id) ?? []));
	const seen = new Set(start);
	const open = [...start];
	const between: number[] = [];
	for (let next = open.shift(); next !== undefined; next = open.shift()) {
		const isFresh = start.has(next);
		const node = nodeAt(view, next);
		if (!isFresh && makerOf(node) === own) continue;
		if (!isFresh) between.push(next);
		if (between.length === limit) break;
		for (const parent of node.parents) {
			if (!seen.has(parent)) open.push(parent);
			seen.add(parent);
		}
	}
	return between.sort((a, b) => a - b).map((place) => nodeAt(view, place).id);
}

/** `null` where the body is not here to say it. */
function makerOf({ content }: LogNode): string | null {
	if (content.kind === 'entry') return content.by;
	return content.kind === 'epoch' ? content.fact.list.maker : null;
}
