/**
 * What lists show of a thread, and search looks at: its row without what only an opened thread needs.
 * What is not named here as left out is listed, so a field that a row gets is there by itself.
 */

import { readOwnCbor } from '../wire/cbor-read.ts';
import { encodeFields } from '../wire/codec.ts';
import type { Address } from '../wire/ids.ts';
import type { Mail } from '../wire/mail.ts';
import { headersIn, isOnItsWay, mineIn, type Digest, type MessageHeader } from './digest.ts';
import type { Circle, ThreadRecord, Withheld } from './records.ts';

/** To be raised when `toListed` gives anything else of a row that has not changed. */
export const LISTED_FORMAT = 3;

export interface ListedThread extends Omit<
	ThreadRecord,
	| 'secrets'
	| 'refused'
	| 'dones'
	| 'coming'
	| 'outlines'
	| 'opening'
	| 'circle'
	| 'digest'
	| 'withheld'
> {
	readonly circle?: Pick<Circle, 'mayAdd'> & {
		/** Who was a member and is no more; absent: nobody. */
		readonly former?: readonly Address[];
	};
	readonly withheld?: Readonly<Record<Address, Pick<Withheld, 'print'>>>;
	/** For `digestOf`: of ten thousand threads few are looked at, and read it would be most of a row. */
	readonly digest?: Uint8Array;
	/** Of my newest message in it, as `MessageHeader.order`; absent: none of mine, or not known. */
	readonly mineAt?: number;
	/** One of the messages in the digest is on its way, or has an end to come; absent: none. */
	readonly isMoving?: true;
	/** Who wrote or is named in it besides the members; absent: nobody. */
	readonly others?: readonly Address[];
}

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
	const { secrets: _, refused: __, dones: ___, opening: ____, ...rest } = row;
	const { coming: _count, outlines: _rows, circle, digest, withheld, ...listed } = rest;
	return {
		...listed,
		...(withheld && { withheld: toPrints(withheld) }),
		...(circle && { circle: toListedCircle(circle, row.members) }),
		...(digest && digestToFields(digest, row.members))
	};
}

/** `undefined`: it has none yet. */
export function digestOf({ digest }: Pick<ListedThread, 'digest'>): ListedDigest | undefined {
	if (digest === undefined) return undefined;
	const read: unknown = readOwnCbor(digest);
	if (!isDigest(read)) throw new TypeError('a digest is a map');
	return read;
}

/** This program wrote it, in a row whose tag was checked: its shape is not checked again. */
function isDigest(read: unknown): read is ListedDigest {
	return read !== null && typeof read === 'object';
}

function digestToFields(
	digest: Digest,
	members: readonly Address[]
): Pick<ListedThread, 'digest' | 'mineAt' | 'isMoving' | 'others'> {
	const mine = mineIn(digest);
	const others = new Set([...digest.writers, ...digest.named].map(({ address }) => address));
	for (const member of members) others.delete(member);
	return {
		digest: encodeFields({ ...toListedDigest(digest) }),
		...(mine && { mineAt: mine.order }),
		...(headersIn(digest).some(isOnItsWay) && { isMoving: true }),
		...(others.size > 0 && { others: [...others] })
	};
}

function toListedCircle(
	{ mayAdd, events }: Circle,
	members: readonly Address[]
): ListedThread['circle'] {
	const gone = new Set(events.flatMap((event) => event.gone));
	for (const address of members) gone.delete(address);
	return { mayAdd, ...(gone.size > 0 && { former: [...gone] }) };
}

function toPrints(withheld: Readonly<Record<Address, Withheld>>): ListedThread['withheld'] {
	const prints = Object.entries(withheld).map(([name, { print }]) => [name, { print }] as const);
	return Object.fromEntries(prints);
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
