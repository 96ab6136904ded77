/**
 * What the admission of a batch of entries works with. It changes as entries are taken: keys are
 * learned, certificates seen; `receive.ts` makes a new immutable replica of it in the end.
 */

import type { CID } from 'multiformats/cid';
import type { Suite } from '../crypto/suite.ts';
import type { Body, Certificate } from '../wire/body.ts';
import { equal, fromHex, toHex } from '../wire/bytes.ts';
import { entriesById, type EntryId } from '../wire/ids.ts';
import { hasBit, type Bits } from './bits.ts';
import { merge } from './clock.ts';
import { MapDraft, SetDraft } from './draft.ts';
import type { FoldMember } from './fold.ts';
import { certificateToSign, writerOf } from './keys.ts';
import type { RootHex } from './list.ts';
import type { LogView } from './log.ts';
import type { OwnEntry } from './own.ts';
import {
	joinName,
	vouchName,
	writerName,
	type Certified,
	type JoinFact,
	type Replica
} from './replica.ts';
import type { EpochSecrets, ThreadSecrets } from './secrets.ts';
import type { Me, OpenOptions, ThreadPorts } from './thread.ts';
import type { OpenedWrap } from './wraps.ts';

export interface Admission {
	readonly ports: ThreadPorts;
	/** Of `ports`; for our own storage one that verifies nothing again. */
	readonly suite: Suite;
	readonly isTrusted: boolean;
	readonly me: Me;
	/** This device's writer key here, as `writerName`. */
	readonly ownWriter: string;
	/** Unix ms. */
	readonly now: number;
	readonly thread: CID;
	readonly origin: Uint8Array;
	readonly secrets: MapDraft<EntryId, EpochSecrets>;
	readonly sure: SetDraft<string>;
	readonly believed: SetDraft<string>;
	readonly closed: SetDraft<number>;
	readonly certificates: MapDraft<RootHex, ReadonlyMap<string, Certified>>;
	readonly vouched: SetDraft<string>;
	/** Bodies that need not be opened, by entry. */
	readonly plain: ReadonlyMap<EntryId, Uint8Array>;
	readonly gone: ReadonlyMap<EntryId, string | null>;
	/** The entry that we have just sealed: what it says need not be read out of it. */
	readonly own: OwnEntry | null;
	/** Epochs among whose wraps we looked for ours in this batch, with what we found. */
	readonly searched: Map<string, OpenedWrap | null>;
	view: LogView;
	joins: readonly JoinFact[];
	marks: number;
	clock: Uint8Array;
}

export async function beginAdmission(
	ports: ThreadPorts,
	me: Me,
	replica: Replica,
	{ trusted: isTrusted = false, plain = new Map(), gone = new Map() }: OpenOptions,
	own: OwnEntry | null
): Promise<Admission> {
	const { suite } = ports;
	const writer = await writerOf(me, replica.origin);
	return {
		ports,
		suite: isTrusted ? withoutVerifying(suite) : suite,
		isTrusted,
		me,
		ownWriter: writerName(me.root, writer.publicKey),
		now: ports.now(),
		thread: replica.thread,
		origin: replica.origin,
		secrets: new MapDraft(secretsById(replica.secrets)),
		sure: new SetDraft(sureSet(replica.secrets)),
		believed: new SetDraft(replica.believed),
		closed: new SetDraft(replica.closed),
		certificates: new MapDraft(replica.certificates),
		vouched: new SetDraft(replica.vouched),
		plain,
		gone,
		own,
		searched: new Map(),
		view: replica.view,
		joins: replica.joins,
		marks: replica.marks,
		clock: replica.clock
	};
}

const secretMaps = new WeakMap<ThreadSecrets['epochs'], ReadonlyMap<EntryId, EpochSecrets>>();
const sureSets = new WeakMap<ThreadSecrets['sureWriters'], ReadonlySet<string>>();

/** Entry after entry they are the same. */
export function secretsById({ epochs }: ThreadSecrets): ReadonlyMap<EntryId, EpochSecrets> {
	const known = secretMaps.get(epochs) ?? new Map(entriesById(epochs));
	secretMaps.set(epochs, known);
	return known;
}

export function sureSet({ sureWriters }: ThreadSecrets): ReadonlySet<string> {
	const known = sureSets.get(sureWriters) ?? new Set(sureWriters);
	sureSets.set(sureWriters, known);
	return known;
}

/** What we have just sealed under this id; `null`: it is not ours, or not new. */
export function ownBody({ own }: Admission, id: EntryId): Body | null {
	return own?.arrived.id === id ? own.body : null;
}

/** Is an epoch that is not readable here among these ancestors? */
export function hasClosed({ closed }: Admission, before: Bits): boolean {
	return closed.all.size > 0 && [...closed.all].some((mark) => hasBit(before, mark));
}

export interface Seen {
	readonly clock: Uint8Array;
	readonly writer: Uint8Array;
	readonly cert: Certificate;
	readonly vouches: readonly { readonly to: Uint8Array }[];
}

/**
 * Takes from an authentic body its clock, its certificate, whether its join key is to be believed, and
 * to whom it vouches. `join`: the key that certifies; `members`: those of the entry's past or list.
 */
export function see(
	admission: Admission,
	{ clock, writer, cert, vouches }: Seen,
	join: string,
	members: ReadonlyMap<RootHex, Pick<FoldMember, 'identity'>>
): void {
	admission.clock = merge(admission.clock, clock, admission.now);
	const root = toHex(cert.root);
	const key = toHex(writer);
	const known = admission.certificates.get(root);
	if (!isSameCertificate(known?.get(key), cert, [join])) {
		admission.certificates.set(root, new Map(known).set(key, { cert, join }));
	}
	const name = writerName(cert.root, writer);
	if (admission.sure.has(name)) admission.believed.add(joinName(root, join));
	if (name !== admission.ownWriter) return;
	for (const { to } of vouches) {
		const auth = members.get(toHex(to))?.identity?.card.auth;
		if (auth !== undefined) admission.vouched.add(vouchName(to, auth));
	}
}

/** Signatures were checked when the entries arrived: what our sealed storage gives is as it was. */
function withoutVerifying(suite: Suite): Suite {
	return { ...suite, verify: () => Promise.resolve(true) };
}

/**
 * The keys that may certify a member's devices at this point: the listed one, else those that were
 * signed by the member's seed and stand among these ancestors. There are several where the maker of
 * the seed joins in the member's name: both count as signatures, and the authenticator tells which
 * one is real (protocol §3).
 */
export function joinKeysBefore(
	{ joins }: Pick<Admission, 'joins'>,
	{ root, join, seed }: FoldMember,
	before: Bits
): readonly string[] {
	if (join !== null) return [join];
	const own = joins.filter(
		(fact) => fact.root === root && fact.seed === seed && hasBit(before, fact.mark)
	);
	return [...new Set(own.map((fact) => fact.join))];
}

/** The first of these keys that signed the certificate; `null`: none did. */
export async function certifier(
	{ ports, origin, certificates }: Admission,
	cert: Certificate,
	keys: readonly string[]
): Promise<string | null> {
	const seen = certificates.get(toHex(cert.root))?.get(toHex(cert.writer));
	if (seen !== undefined && isSameCertificate(seen, cert, keys)) return seen.join;
	const message = certificateToSign(origin, cert);
	// Our storage does not remember which key it was, nor whether any: that may have been undecided.
	for (const key of keys) {
		if (await ports.suite.verify(fromHex(key) ?? new Uint8Array(), message, cert.sig)) return key;
	}
	return null;
}

function isSameCertificate(
	seen: Certified | undefined,
	{ sig, peer }: Certificate,
	keys: readonly string[]
): boolean {
	if (seen === undefined || !keys.includes(seen.join)) return false;
	return seen.cert.peer === peer && equal(seen.cert.sig, sig);
}
