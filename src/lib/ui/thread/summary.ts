import type { Badge, Thread } from '../../app/view.ts';
import { plural } from '../../words/plural.ts';
import { badgeSentence, joinNames, shortNames } from '../shared/people.ts';

/** `4 messages · Mira, Tom and you · all verified in person`; without `you` where I left. */
export function threadSummary(thread: Thread): string {
	const others = thread.members.filter((member) => !member.isMe);
	const isMember = others.length < thread.members.length;
	const names = [...shortNames(others), ...(isMember ? [/* @wc-include */ 'you'] : [])];
	const parts = [
		plural(thread.messages.length + thread.earlier, ['# message', '# messages']),
		joinNames(names)
	].filter(Boolean);
	const trust = trustSummary(others.map((member) => member.badge));
	return [...parts, ...(trust ? [trust] : [])].join(' · ');
}

/** The weakest counts: one doubtful key among five makes the thread doubtful. */
function trustSummary(badges: readonly Badge[]): string | null {
	const [first, ...rest] = badges;
	if (!first) return null;
	for (const weak of ['doubtful', 'ordinary', 'new'] as const) {
		const count = badges.filter((badge) => badge === weak).length;
		if (count === 0) continue;
		return count === badges.length
			? badgeSentence(weak)
			: `${String(count)} of ${String(badges.length)} ${badgeSentence(weak)}`;
	}
	if (rest.some((badge) => badge !== first)) return null;
	if (first === 'known') return null;
	return rest.length > 0 ? `all ${badgeSentence(first)}` : badgeSentence(first);
}
