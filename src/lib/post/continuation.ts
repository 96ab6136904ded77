/** Whether an answer stays in its thread, by whom it names (docs/decisions/0007). */

import type { Address } from '../wire/ids.ts';
import type { ThreadRecord } from './records.ts';

export type Continuation =
	/** To exactly the thread's members. */
	| { readonly kind: 'same' }
	| { readonly kind: 'adds'; readonly added: readonly Address[] }
	/** Members who are left out would read it in the old thread; or nobody may be added there. */
	| { readonly kind: 'parts'; readonly without: readonly Address[] };

/** @param named all whom To and Cc name; oneself may be among them */
export function continuationOf(
	{ members, mayAdd }: Pick<ThreadRecord, 'members'> & { readonly mayAdd: boolean },
	me: Address,
	named: readonly Address[]
): Continuation {
	const everybody = new Set([me, ...named]);
	const known = new Set(members);
	const without = members.filter((address) => !everybody.has(address));
	if (without.length > 0 || !known.has(me)) return { kind: 'parts', without };
	const added = [...everybody].filter((address) => !known.has(address));
	if (added.length === 0) return { kind: 'same' };
	return mayAdd ? { kind: 'adds', added } : { kind: 'parts', without };
}
