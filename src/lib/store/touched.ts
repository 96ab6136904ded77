/** Which threads were written since the packs of lists were made (`post/listing.ts`). */

import type { Change } from '../post/ports.ts';
import { parseThreadId, type ThreadId } from '../wire/ids.ts';

/** With a word for each thread whose row is among these, to be written with them. */
export function withTouched(list: readonly Change[]): readonly Change[] {
	const threads = new Set(list.flatMap((change) => threadOf(change) ?? []));
	if (threads.size === 0) return list;
	return [
		...list,
		...[...threads].map((thread): Change => ({ table: 'touched', key: [thread], put: { thread } }))
	];
}

function threadOf(change: Change): ThreadId | null {
	if (change.table !== 'thread') return null;
	return 'put' in change ? change.put.id : parseThreadId(change.key[0] ?? '');
}
