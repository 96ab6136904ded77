/** What a member may lack, as far as can be said without asking it. */

import { toHex } from '../wire/bytes.ts';
import type { EntryId } from '../wire/ids.ts';
import { listNodes, placeOf, type LogNode } from './log.ts';
import type { RootHex } from './list.ts';
import type { ThreadState } from './thread.ts';

/**
 * These heads and what they stand on, parents first, but for what the member surely has: what it made
 * itself, what it has confirmed, and all that those stand on.
 *
 * @param root 32 bytes
 */
export function lackedEntries(
	{ replica }: ThreadState,
	root: Uint8Array,
	heads: readonly EntryId[],
	confirmed: readonly EntryId[]
): readonly EntryId[] {
	const nodes = listNodes(replica.view);
	const placesOf = (ids: readonly EntryId[]) =>
		ids.flatMap((id) => placeOf(replica.view, id) ?? []);
	const hex = toHex(root);
	const own = nodes.flatMap((node, place) => (isBy(node, hex) ? [place] : []));
	const known = withAncestors(nodes, [...own, ...placesOf(confirmed)]);
	const needed = withAncestors(nodes, placesOf(heads));
	return nodes.flatMap(({ id }, place) => (needed.has(place) && !known.has(place) ? [id] : []));
}

function withAncestors(nodes: readonly LogNode[], places: readonly number[]): ReadonlySet<number> {
	const found = new Set<number>();
	const open = [...places];
	for (let next = open.pop(); next !== undefined; next = open.pop()) {
		if (found.has(next)) continue;
		found.add(next);
		open.push(...(nodes[next]?.parents ?? []));
	}
	return found;
}

function isBy({ content }: LogNode, root: RootHex): boolean {
	if (content.kind === 'entry') return content.by === root;
	return content.kind === 'epoch' && content.fact.list.maker === root;
}
