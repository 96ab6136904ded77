/** Which part this user has in a conversation. */

import type { Delivery, Thread } from '../../app/view.ts';

export type Part = 'member' | 'left' | 'removed';

/**
 * Of a removal one may hear by a refusal first: the others took it in before they tell it. If all to whom
 * the last message went say so, it is so.
 */
export function partIn({ members, comings, messages }: Thread): Part {
	const isListed = members.some(({ isMe }) => isMe);
	const refusals = messages.at(-1)?.recipients ?? [];
	const isShutOut = refusals.length > 0 && refusals.every(isForNoMember);
	if (isListed && !isShutOut) return 'member';
	const hasLeft = comings.some(({ by, gone }) => by.isMe && gone.some(({ isMe }) => isMe));
	return hasLeft && !isListed ? 'left' : 'removed';
}

function isForNoMember({ state, refusal }: Delivery): boolean {
	return state === 'refused' && (refusal === 'removed' || refusal === 'not-a-member');
}
