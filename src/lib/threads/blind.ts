/** Is a thread a blind recipient's? */

import { nodeAt, type Content, type Log } from './log.ts';
import type { ThreadState } from './thread.ts';

interface Found {
	/** So many nodes were looked at. */
	readonly upTo: number;
	/** The first place that says so. */
	readonly place: number | null;
}

/** Every answer asks, so no node is looked at twice; a place in a log never changes its meaning. */
const foundByLog = new WeakMap<Log, Found>();

/** Says one of its messages that it went to a blind recipient (protocol §4, "Bcc")? */
export function isBlind({ replica: { view } }: ThreadState): boolean {
	const known = foundByLog.get(view.log) ?? { upTo: 0, place: null };
	let { upTo, place } = known;
	for (; place === null && upTo < view.length; upTo++) {
		if (saysBlind(nodeAt(view, upTo).content)) place = upTo;
	}
	foundByLog.set(view.log, { upTo: Math.max(upTo, known.upTo), place });
	return place !== null && place < view.length;
}

function saysBlind(content: Content): boolean {
	if (content.kind !== 'entry') return false;
	const { body } = content;
	if (body.t === 'message') return body.mail.blind === true;
	return body.t === 'archive' && body.messages.some(({ mail }) => mail.blind === true);
}
