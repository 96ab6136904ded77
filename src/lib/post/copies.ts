/**
 * Sealing a mail: one copy in the thread of those whom everybody sees, and a side thread of its own
 * for each blind recipient (protocol §4, "Bcc"). All copies, the archive and the outbox are one
 * transaction.
 */

import { toHex } from '../wire/bytes.ts';
import { appendMessage, createThread } from '../threads/make.ts';
import type { Made, MakeResult } from '../threads/thread.ts';
import { endOf } from '../threads/ends.ts';
import type { EndRule } from '../wire/body.ts';
import { entryIdOf } from '../wire/entry.ts';
import {
	cidToBlockId,
	idToCid,
	rootKeyToAddress,
	type Address,
	type ThreadId
} from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Attachment, Mail } from '../wire/mail.ts';
import { threadPorts, type Account } from './account.ts';
import type { Addressee } from './addressing.ts';
import { announce } from './announcement.ts';
import {
	after,
	answeringIn,
	growCircle,
	isBlindThread,
	pastOf,
	type Answering
} from './answering.ts';
import { toParty } from './compose.ts';
import { putContactWithSlot, toPerson } from './contacts.ts';
import { openFile, sealFile } from './files.ts';
import { keepSecrets } from './kept-secrets.ts';
import type { Change, Desk, LookUp } from './ports.ts';
import type {
	DeliveryRecord,
	DraftEnd,
	DraftRecord,
	MessageRecord,
	OutboxRecord,
	OutboxFile,
	ThreadRecord
} from './records.ts';
import { doom } from './doomed.ts';
import { markEnds, placeUnder, type Marked } from './ends.ts';
import {
	exclusiveThread,
	keepReplica,
	putEntries,
	remembersReplica,
	requireSameThread,
	type Replica
} from './replicas.ts';
import { putThread, summarise } from './summary.ts';
import { openThreadSlots } from './registration.ts';
import type { SendOutcome, Written } from './send.ts';

interface Copy {
	readonly people: readonly Addressee[];
	readonly mail: Mail;
	readonly made: Made;
	/** `null`: a new thread. */
	readonly answering: Answering | null;
	readonly isSide: boolean;
}

export interface Recipients {
	readonly others: readonly Addressee[];
	/** What is written in the same transaction, given what was made. */
	readonly beside?: (made: Made) => readonly Change[];
}

interface Writing extends LookUp {
	/** Nothing is written before it resolves. */
	readonly turn?: Promise<unknown>;
	/** Called when it is durable, in that very task. */
	readonly onWritten?: (written: readonly Written[]) => void;
}

type AllSealed =
	{ readonly ok: true; readonly main: Copy; readonly sides: readonly Copy[] } | NotSent;
type NotSent = Extract<SendOutcome, { ok: false }>;

/** Throws `StorageFull` and `Overtaken`; nothing is written then, and the draft stays. */
export async function sealCopies(
	desk: Desk,
	account: Account,
	draft: DraftRecord,
	{ others, beside = () => [] }: Recipients,
	mail: Mail,
	writing: Writing = {}
): Promise<SendOutcome> {
	const answered = draft.kind === 'reply' || draft.kind === 'replyAll' ? draft.thread : undefined;
	const seal = () => sealAll(desk, account, draft, answered, others, mail, writing);
	const finish = async (sealed: AllSealed): Promise<SendOutcome> => {
		if (!sealed.ok) return sealed;
		const { main, sides } = sealed;
		return commit(desk, account, draft, main, sides, { ...writing, beside: beside(main.made) });
	};
	if (answered === undefined) {
		const sealed = await seal();
		await writing.turn;
		return finish(sealed);
	}
	// Sealed while the lock is asked for, upon what is remembered: the write finds out where that is old.
	const isEarly = writing.recalled !== undefined && remembersReplica(desk.store, answered);
	const early = isEarly ? sealEarly(seal) : null;
	await writing.turn;
	return exclusiveThread(desk, answered, async () => finish((await early) ?? (await seal())));
}

/** `null`: not without the lock. What another was about to write, or forbids it, is read again under it. */
async function sealEarly(seal: () => Promise<AllSealed>): Promise<AllSealed | null> {
	try {
		const sealed = await seal();
		return sealed.ok ? sealed : null;
	} catch {
		return null; // it fails under the lock again, unless it was the want of that
	}
}

async function sealAll(
	desk: Desk,
	account: Account,
	draft: DraftRecord,
	answered: ThreadId | undefined,
	others: readonly Addressee[],
	mail: Mail,
	look: LookUp
): Promise<AllSealed> {
	const visible = others.filter(({ field }) => field !== 'bcc');
	const blind = others.filter(({ field }) => field === 'bcc');
	const answering = await answeringIn(desk, account, answered, visible, look);
	const sealed = await sealMain(desk, account, draft, answering, visible, mail);
	if (!sealed.ok) return refusal(sealed);
	const made = await keepSecrets(desk, sealed);
	const main = { people: visible, mail, made, answering, isSide: false };
	const sides: Copy[] = [];
	for (const each of blind) {
		const side = await sealSide(desk, account, draft, mail, each);
		if (!side.made.ok) return refusal(side.made);
		sides.push({ ...side, made: await keepSecrets(desk, side.made) });
	}
	return { ok: true, main, sides };
}

async function sealMain(
	desk: Desk,
	account: Account,
	draft: DraftRecord,
	answering: Answering | null,
	visible: readonly Addressee[],
	mail: Mail
): Promise<MakeResult> {
	const seat = answering?.seat ?? null;
	const people = [...visible.map(({ who }) => who), ...(seat === null ? [] : [seat])].map(toPerson);
	const ports = threadPorts(desk);
	const written = { mail, ...onRecord(account, draft) };
	if (answering !== null) {
		const grown = await growCircle(desk, account, draft, answering, people);
		if (grown !== null && !grown.ok) return grown;
		const state = grown?.state ?? answering.before.state;
		const made = await appendMessage(ports, account.me, state, written, people);
		return made.ok && grown !== null ? after(grown, made) : made;
	}
	const { from, to, cc } = mail;
	const ends = toRule(draft.threadEnds);
	const isAnswer = draft.thread !== undefined && draft.kind !== 'forward';
	const names = isAnswer && !(await isBlindThread(desk, account, draft.thread));
	return createThread(ports, account.me, {
		people,
		open: { from: [from], to, cc, subject: lastingSubject(mail, ends) },
		...(ends !== null && { ends }),
		rules: { add: 'members', write: 'members' },
		...(names && { previous: draft.thread }),
		draft: written
	});
}

function onRecord({ cardSigner }: Account, draft: DraftRecord) {
	return draft.isOnRecord === true ? { onRecord: cardSigner } : {};
}

/** Its attachments are sealed again: equal CIDs would tell a holder that both copies are one mail. */
async function sealSide(
	desk: Desk,
	account: Account,
	draft: DraftRecord,
	mail: Mail,
	blind: Addressee
) {
	const attachments: Attachment[] = [];
	for (const file of mail.attachments) {
		const sealed = await sealFile(desk, desk.blocks, openFile(desk, desk.blocks, file));
		attachments.push({ ...file, key: sealed.key, manifest: idToCid(sealed.manifest) });
	}
	const copy = { ...mail, attachments, blind: true };
	const { from, to, cc } = mail;
	const ends = toRule(draft.threadEnds);
	const made = await createThread(threadPorts(desk), account.me, {
		people: [toPerson(blind.who)],
		open: { from: [from], to, cc, subject: lastingSubject(mail, ends) },
		...(ends !== null && { ends }),
		rules: { add: 'creator', write: 'members' },
		draft: { mail: copy, ...onRecord(account, draft) }
	});
	return { people: [blind], mail: copy, made, answering: null, isSide: true };
}

/** An epoch entry is kept for good: a subject that is to end does not stand in it. */
function lastingSubject(mail: Mail, rule: EndRule | null): string {
	return endOf(mail, rule) === null ? mail.subject : '';
}

function toRule(ends: DraftEnd | undefined): EndRule | null {
	return ends === undefined ? null : { ...ends };
}

function refusal(made: Exclude<MakeResult, Made>): NotSent {
	if (made.kind === 'needs-people') {
		const address = made.roots[0] === undefined ? '' : rootKeyToAddress(made.roots[0]);
		return { ok: false, problem: { kind: 'unknown-address', address } };
	}
	return made.reason === 'too-large'
		? { ok: false, problem: { kind: 'too-large', limitBytes: LIMITS.bodyBytes } }
		: { ok: false, problem: { kind: 'not-a-member' } };
}

async function commit(
	desk: Desk,
	account: Account,
	draft: DraftRecord,
	main: Copy,
	sides: readonly Copy[],
	{ recalled = [], onWritten, beside }: Writing & { readonly beside: readonly Change[] }
): Promise<SendOutcome> {
	const seal = async (copy: Copy): Promise<Sealed> => {
		const dones = new Map(copy.people.map(({ who }) => [who.address, desk.random(32)]));
		const outboxId = toHex(desk.random(16));
		const row = toMessage(desk, account, copy, copy === main ? [main, ...sides] : []);
		const { rows, under, changes } = await markEnds(desk, copy.made.state, [row]);
		const files = filesOf(copy.mail, draft);
		return { copy, own: rows[0] ?? row, files, under, ends: changes, dones, outboxId };
	};
	const first = await seal(main);
	const message = first.own;
	const sealed = [first];
	for (const side of sides) sealed.push(await seal(side));
	const people = sealed.flatMap(({ copy }) => copy.people);
	const slots = await Promise.all(sealed.map(({ copy }) => openThreadSlots(desk, copy.made.state)));
	const replicas: Replica[] = [];
	const written: Written[] = [];
	// The row of an answered thread is read anew: the user may have moved it meanwhile.
	const write = (row: ThreadRecord | null): Change[] => {
		requireSameThread(main.answering?.before ?? null, row);
		replicas.length = 0;
		written.length = 0;
		const changes = sealed.flatMap((each) => {
			const before = each.copy === main ? row : null;
			const put = putCopy(desk, account, each, before, { draft, main, message });
			const { record, outbox, changes } = put;
			const { made, people } = each.copy;
			replicas.push({ record, state: made.state });
			if (people.length > 0) written.push({ record: outbox, bundles: made.bundles });
			return changes;
		});
		return [
			...changes,
			...[...slots, beside].flat(),
			...welcome(people),
			{ table: 'draft', key: [draft.id], remove: true },
			...doom(draft.under === undefined ? [] : [draft.under])
		];
	};
	const stored = { recalled, onStored: () => onWritten?.(written) };
	await desk.store.update('thread', [main.made.state.id], write, stored);
	for (const replica of replicas) keepReplica(desk.store, replica);
	return { ok: true, threadId: main.made.state.id, messageId: message.id, written };
}

/** A copy with all that is drawn for it, so that writing it again writes the same. */
interface Sealed {
	readonly copy: Copy;
	readonly own: MessageRecord;
	readonly files: readonly OutboxFile[];
	readonly under: Marked['under'];
	readonly ends: readonly Change[];
	/** For recipients who have no unpresented secret of this thread. */
	readonly dones: ReadonlyMap<Address, Uint8Array>;
	readonly outboxId: string;
}

function putCopy(
	desk: Desk,
	account: Account,
	{ copy, own, files, under, ends, dones: fresh, outboxId }: Sealed,
	before: ThreadRecord | null,
	{
		draft,
		main,
		message
	}: { readonly draft: DraftRecord; readonly main: Copy; readonly message: MessageRecord }
): { record: ThreadRecord; outbox: OutboxRecord; changes: Change[] } {
	const { bundles, state } = copy.made;
	const summary = summarise(desk, account, before, copy.made, [own]);
	const dones = { ...Object.fromEntries(fresh), ...summary.dones };
	const record = {
		...summary,
		dones,
		...(draft.history !== undefined && { history: draft.history }),
		...(copy.isSide && { sideOf: main.made.state.id })
	};
	const id = { id: outboxId, shownIn: main.made.state.id, message: message.id };
	const announced = announce(account, {
		...{ state, bundles, dones, people: copy.people.map(({ who }) => who) },
		// What ends must not stay behind in a notice.
		introduction: own.endsAt === undefined ? copy.mail.text : '',
		files,
		...(copy.answering !== null && pastOf(copy.answering))
	});
	const outbox = {
		...{ ...id, ...announced, createdAt: record.updatedAt },
		...(own.endsAt !== undefined && { ends: own.endsAt })
	};
	const changes: Change[] = [
		...placeUnder(putEntries(state.id, bundles), under),
		...ends,
		putThread(record),
		{ table: 'message', key: [state.id, own.id], put: own }
	];
	if (copy.people.length > 0) changes.push({ table: 'outbox', key: [outboxId], put: outbox });
	return { record, outbox, changes };
}

function toMessage(
	desk: Desk,
	account: Account,
	{ made, mail }: Copy,
	copies: readonly Copy[]
): MessageRecord {
	const entry = made.bundles.at(-1);
	if (made.message === null || entry === undefined) throw new Error('a copy has its message');
	const people = copies.flatMap((copy) => copy.people);
	return {
		thread: made.state.id,
		id: made.message,
		entry: entryIdOf(entry.header),
		from: account.record.address,
		isMine: true,
		mail,
		bcc: people.filter(({ field }) => field === 'bcc').map(({ who }) => toParty(who)),
		order: desk.now(),
		receivedAt: desk.now(),
		isUnread: false,
		isOnRecord: made.testimony !== null,
		...(made.testimony !== null && { testimony: made.testimony }),
		isVouched: true,
		deliveries: people.map((each) => toDelivery(each, desk.now())),
		holders: []
	};
}

function toDelivery({ field, who }: Addressee, at: number): DeliveryRecord {
	return { to: toParty(who), field, state: 'written', times: { written: at } };
}

/** Whom one writes to is no stranger any more, and gets a slot to answer to. A seat gets the slot alone. */
function welcome(people: readonly Addressee[]): Change[] {
	return people.flatMap(({ who: { contact } }) =>
		contact.tier === 'unknown'
			? putContactWithSlot({ ...contact, tier: contact.seat === undefined ? 'known' : 'unknown' })
			: []
	);
}

function filesOf({ attachments }: Mail, { files }: Pick<DraftRecord, 'files'>): OutboxFile[] {
	const sealed = files.flatMap((file) => file.sealed ?? []);
	const reused = new Set(sealed.flatMap((one) => (one.isReused ? one.manifest : [])));
	return attachments.map(({ manifest: cid, size }) => {
		const manifest = cidToBlockId(cid);
		return { manifest, size, ...(reused.has(manifest) && { isReused: true }) };
	});
}
