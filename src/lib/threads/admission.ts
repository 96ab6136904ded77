/**
 * What the admission of a batch of entries works with. It changes as entries are taken: keys are
 * learned, certificates seen; `receive.ts` makes a new immutable replica of it in the end.
 */

import type { CID } from 'multiformats/cid';
import type { Suite } from '../crypto/suite.ts';
import type { Certificate } from '../wire/body.ts';
import { toHex } from '../wire/bytes.ts';
import type { EntryId } from '../wire/ids.ts';
import { hasBit, type Bits } from './bits.ts';
import { merge } from './clock.ts';
import type { Fold } from './fold.ts';
import type { RootHex } from './list.ts';
import type { LogView } from './log.ts';
import type { JoinFact, Replica } from './replica.ts';
import type { EpochSecrets } from './secrets.ts';
import type { Me, ThreadPorts } from './thread.ts';

export interface Admission {
	readonly ports: ThreadPorts;
	/** Of `ports`; for our own storage one that verifies nothing again. */
	readonly suite: Suite;
	readonly isTrusted: boolean;
	readonly me: Me;
	/** Hex of this device's writer key here. */
	readonly ownWriter: string;
	/** Unix ms. */
	readonly now: number;
	readonly thread: CID;
	readonly origin: Uint8Array;
	readonly secrets: Map<EntryId, EpochSecrets>;
	readonly sure: Set<string>;
	readonly joins: JoinFact[];
	readonly closed: Set<number>;
	readonly certificates: Map<RootHex, ReadonlyMap<string, Certificate>>;
	readonly vouched: Set<RootHex>;
	view: LogView;
	marks: number;
	clock: Uint8Array;
}

export interface Seen {
	readonly clock: Uint8Array;
	readonly writer: Uint8Array;
	readonly cert: Certificate;
	readonly vouches: readonly { readonly to: Uint8Array }[];
}

export async function beginAdmission(
	ports: ThreadPorts,
	me: Me,
	replica: Replica,
	isTrusted: boolean
): Promise<Admission> {
	const { suite } = ports;
	const writer = await me.writer(replica.origin);
	const admission: Admission = {
		ports,
		suite: isTrusted ? withoutVerifying(suite) : suite,
		isTrusted,
		me,
		ownWriter: toHex(writer.publicKey),
		now: ports.now(),
		thread: replica.thread,
		origin: replica.origin,
		secrets: new Map(Object.entries(replica.secrets.epochs) as [EntryId, EpochSecrets][]),
		sure: new Set(replica.secrets.sureWriters),
		joins: [...replica.joins],
		closed: new Set(replica.closed),
		certificates: new Map(replica.certificates),
		vouched: new Set(replica.vouched),
		view: replica.view,
		marks: replica.marks,
		clock: replica.clock
	};
	return admission;
}

/** Is an epoch that is not readable here among these ancestors? */
export function hasClosed({ closed }: Admission, before: Bits): boolean {
	return [...closed].some((mark) => hasBit(before, mark));
}

/** Takes from an authentic body its clock, its certificate, and whom it vouches to. */
export function see(admission: Admission, { clock, writer, cert, vouches }: Seen): void {
	admission.clock = merge(admission.clock, clock, admission.now);
	const root = toHex(cert.root);
	const key = toHex(writer);
	const known = admission.certificates.get(root);
	if (known?.has(key) !== true) {
		admission.certificates.set(root, new Map(known).set(key, cert));
	}
	if (key !== admission.ownWriter) return;
	for (const { to } of vouches) admission.vouched.add(toHex(to));
}

/** Signatures were checked when the entries arrived: what our sealed storage gives is as it was. */
function withoutVerifying(suite: Suite): Suite {
	const trusting: Suite = Object.create(suite);
	trusting.verify = () => Promise.resolve(true);
	return trusting;
}

/** A member's join key at this point: from the list, else from its own `join` under its seed. */
export function joinKeyBefore(
	{ joins }: Pick<Admission, 'joins'>,
	past: Fold,
	root: RootHex,
	before: Bits
): string | null {
	const member = past.members.get(root);
	if (member === undefined) return null;
	if (member.join !== null) return member.join;
	const own = joins.find(
		(join) => join.root === root && join.seed === member.seed && hasBit(before, join.mark)
	);
	return own?.join ?? null;
}
