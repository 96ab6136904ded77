/**
 * What lists show of a thread, and search looks at: its row without what only an opened thread needs.
 * What is not named here as left out is listed, so a field that a row gets is there by itself.
 */

import type { Mail } from '../wire/mail.ts';
import type { Digest, MessageHeader } from './digest.ts';
import type { Circle, ThreadRecord } from './records.ts';

/** To be raised when `toListed` gives anything else of a row that has not changed. */
export const LISTED_FORMAT = 1;

export interface ListedThread extends Omit<
	ThreadRecord,
	'secrets' | 'refused' | 'dones' | 'coming' | 'circle' | 'digest'
> {
	readonly circle?: Pick<Circle, 'mayAdd'>;
	readonly digest?: ListedDigest;
}

/** A `Digest` is one, too. */
export interface ListedDigest extends Omit<Digest, 'last' | 'mine' | 'recent'> {
	readonly last: ListedHeader;
	readonly mine?: ListedHeader;
}

export interface ListedHeader extends Pick<
	MessageHeader,
	'id' | 'isMine' | 'order' | 'bcc' | 'deliveries' | 'holders' | 'preview' | 'endsAt' | 'endedAt'
> {
	readonly mail: Pick<Mail, 'to' | 'cc' | 'subject'>;
}

export function toListed(row: ThreadRecord): ListedThread {
	const { secrets: _, refused: __, dones: ___, coming: ____, circle, digest, ...listed } = row;
	return {
		...listed,
		...(circle && { circle: { mayAdd: circle.mayAdd } }),
		...(digest && { digest: toListedDigest(digest) })
	};
}

function toListedDigest({ last, mine, recent: _, ...digest }: Digest): ListedDigest {
	return {
		...digest,
		last: toListedHeader(last),
		...(mine && { mine: toListedHeader(mine) })
	};
}

export function toListedHeader(header: MessageHeader): ListedHeader {
	const { id, isMine, order, bcc, deliveries, holders, preview } = header;
	const { endsAt, endedAt } = header;
	const { to, cc, subject } = header.mail;
	return {
		...{ id, isMine, order, bcc, deliveries, holders, preview },
		...(endsAt !== undefined && { endsAt }),
		...(endedAt !== undefined && { endedAt }),
		mail: { to, cc, subject }
	};
}
