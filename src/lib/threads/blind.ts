/** Is a thread a blind recipient's? */

import { nodeAt, type Content, type Log } from './log.ts';
import { PackedMessage } from './packed-node.ts';
import type { ThreadState } from './thread.ts';

interface Found {
	/** So many nodes were looked at. */
	readonly upTo: number;
	/** The first place that says so. */
	readonly blind: number | null;
	/** The first place whose text is not here, or no more, with whatever it says. */
	readonly unread: number | null;
}

const NOTHING_YET: Found = { upTo: 0, blind: null, unread: null };

/** Every answer asks, so no node is looked at twice; a place in a log never changes its meaning. */
const foundByLog = new WeakMap<Log, Found>();

/**
 * Says one of its messages that it went to a blind recipient (protocol §4, "Bcc")? `null` where none
 * does, but a text is gone, or has not come, that may: whoever keeps rows of messages knows.
 */
export function isBlind({ replica: { view } }: ThreadState): boolean | null {
	let { upTo, blind, unread } = foundByLog.get(view.log) ?? NOTHING_YET;
	for (; upTo < view.length; upTo++) {
		const { content } = nodeAt(view, upTo);
		if (saysBlind(content)) blind ??= upTo;
		if (content.kind === 'gone' || content.kind === 'absent') unread ??= upTo;
	}
	foundByLog.set(view.log, { upTo, blind, unread });
	if (blind !== null && blind < view.length) return true;
	return unread !== null && unread < view.length ? null : false;
}

/**
 * Was it begun as a blind recipient's is, so that its creator alone may add anybody? What to go by where
 * `isBlind` cannot say.
 */
export function mayBeBlind({ replica: { standing } }: ThreadState): boolean {
	return standing.fold?.rules.add === 'creator';
}

function saysBlind(content: Content): boolean {
	if (content.kind !== 'entry') return false;
	const { body } = content;
	if (body instanceof PackedMessage) return body.isBlind;
	if (body.t === 'message') return body.mail.blind === true;
	return body.t === 'archive' && body.messages.some(({ mail }) => mail.blind === true);
}
