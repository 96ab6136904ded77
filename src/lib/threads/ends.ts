/**
 * End dates: until when a message is to be kept by those who have it. Its writer may give it one, and
 * the creator of a thread may give one to all that is written there; the earlier counts.
 */

import type { EndRule } from '../wire/body.ts';
import { cidToEntryId, idToCid } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Mail } from '../wire/mail.ts';
import type { Refusal } from '../wire/refusal.ts';
import { nodeOf } from './log.ts';
import type { ThreadState } from './thread.ts';

type Dated = Pick<Mail, 'date' | 'ends'>;

/** Unix ms; `null`: never. */
export function endOf({ date, ends }: Dated, rule: EndRule | null = null): number | null {
	const own = ends !== undefined && oddityOf({ date, ends }) === null ? [ends] : [];
	const all = [...own, ...ruled(date, rule)].filter((end) => end <= LIMITS.endMs);
	return all.length === 0 ? null : Math.min(...all);
}

function ruled(date: number, rule: EndRule | null): number[] {
	const fixed = rule?.at === undefined ? [] : [rule.at];
	return rule?.after === undefined ? fixed : [...fixed, date + rule.after];
}

/**
 * Why the writer's own end date is none: before the message itself, or beyond the years that people
 * count. `null`: it is good, or there is none.
 */
export function oddityOf({ date, ends }: Dated): Refusal | null {
	if (ends === undefined) return null;
	if (ends > LIMITS.endMs) return 'future-clock';
	return ends <= date ? 'wrong-shape' : null;
}

/** As the thread's creator set it at its beginning; `null`: what is written there has no end of itself. */
export function endRuleOf({ id, replica }: Pick<ThreadState, 'id' | 'replica'>): EndRule | null {
	const first = cidToEntryId(idToCid(id)); // a thread has the id of its first epoch entry
	const content = nodeOf(replica.view, first)?.content;
	return content?.kind === 'epoch' ? (content.fact.ends ?? null) : null;
}
