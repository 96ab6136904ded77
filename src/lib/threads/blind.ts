/** Is a thread a blind recipient's? */

import { nodeAt, type Content, type Log } from './log.ts';
import type { ThreadState } from './thread.ts';

interface Found {
	/** So many nodes were looked at. */
	readonly upTo: number;
	/** The first place that says so. */
	readonly blind: number | null;
	/** The first place whose text is gone, with whatever it said. */
	readonly gone: number | null;
}

/** Every answer asks, so no node is looked at twice; a place in a log never changes its meaning. */
const foundByLog = new WeakMap<Log, Found>();

/**
 * Says one of its messages that it went to a blind recipient (protocol §4, "Bcc")? `null` where none
 * does, but a text is gone that may have: whoever keeps rows of messages knows.
 */
export function isBlind({ replica: { view } }: ThreadState): boolean | null {
	let { upTo, blind, gone } = foundByLog.get(view.log) ?? { upTo: 0, blind: null, gone: null };
	for (; upTo < view.length; upTo++) {
		const { content } = nodeAt(view, upTo);
		if (saysBlind(content)) blind ??= upTo;
		if (content.kind === 'gone') gone ??= upTo;
	}
	foundByLog.set(view.log, { upTo, blind, gone });
	if (blind !== null && blind < view.length) return true;
	return gone !== null && gone < view.length ? null : false;
}

function saysBlind(content: Content): boolean {
	if (content.kind !== 'entry') return false;
	const { body } = content;
	if (body.t === 'message') return body.mail.blind === true;
	return body.t === 'archive' && body.messages.some(({ mail }) => mail.blind === true);
}
