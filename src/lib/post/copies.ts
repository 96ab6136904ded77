/**
 * Sealing a mail: one copy in the thread of those whom everybody sees, and a side thread of its own
 * for each blind recipient (protocol §4, "Bcc"). All copies, the archive and the outbox are one
 * transaction.
 */

import { equal, toHex } from '../wire/bytes.ts';
import { createThread, appendMessage } from '../threads/make.ts';
import { membersOf } from '../threads/read.ts';
import type { Draft, Made, MakeResult, Person } from '../threads/thread.ts';
import { entryIdOf, headerDecoder } from '../wire/entry.ts';
import {
	cidToEntryId,
	idToCid,
	parseBlockId,
	rootKeyToAddress,
	type Address,
	type BlockId,
	type EntryId,
	type ThreadId
} from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Attachment, Mail } from '../wire/mail.ts';
import { threadPorts, type Account } from './account.ts';
import type { Addressee } from './addressing.ts';
import { toParty } from './compose.ts';
import { putContactWithSlot, type Correspondent } from './contacts.ts';
import { openFile, sealFile } from './files.ts';
import { planKnock } from './knock.ts';
import type { Change, Desk } from './ports.ts';
import type {
	DeliveryRecord,
	DraftRecord,
	MessageRecord,
	OutboxRecord,
	ThreadRecord
} from './records.ts';
import { slotIdOf } from './registration.ts';
import { exclusiveThread, keepReplica, loadReplica, putEntries, type Replica } from './replicas.ts';
import { putThread, summarise } from './summary.ts';
import type { SendOutcome } from './send.ts';

interface Copy {
	readonly people: readonly Addressee[];
	readonly mail: Mail;
	readonly made: Made;
	/** The replica before; null: a new thread. */
	readonly before: Replica | null;
	readonly isSide: boolean;
	/** Attachment blocks that a holder of this copy must have. */
	readonly blocks: readonly BlockId[];
}

export interface Recipients {
	readonly others: readonly Addressee[];
}

/** Throws `StorageFull`; nothing is written then, and the draft stays. */
export async function sealCopies(
	desk: Desk,
	account: Account,
	draft: DraftRecord,
	{ others }: Recipients,
	mail: Mail
): Promise<SendOutcome> {
	const visible = others.filter(({ field }) => field !== 'bcc');
	const blind = others.filter(({ field }) => field === 'bcc');
	const answered = await threadToAnswerIn(desk, account, draft, visible);
	const work = async (): Promise<SendOutcome> => {
		const before = answered === null ? null : await loadReplica(desk, account, answered);
		const made = await sealMain(desk, account, draft, before, visible, mail);
		if (!made.ok) return refusal(made);
		const blocks = draft.files.flatMap(({ sealed }) => toBlockIds(sealed?.blocks ?? []));
		const main = { people: visible, mail, made, before, isSide: false, blocks };
		const sides: Copy[] = [];
		for (const each of blind) {
			const side = await sealSide(desk, account, mail, each);
			if (!side.made.ok) return refusal(side.made);
			sides.push({ ...side, made: side.made });
		}
		return commit(desk, account, draft, main, sides);
	};
	return answered === null ? work() : exclusiveThread(desk, answered, work);
}

/** The thread goes on if this mail has exactly its members; else those who are left out would read it. */
async function threadToAnswerIn(
	desk: Desk,
	account: Account,
	draft: DraftRecord,
	visible: readonly Addressee[]
): Promise<ThreadId | null> {
	if (draft.thread === undefined || draft.kind === 'new' || draft.kind === 'forward') return null;
	const replica = await loadReplica(desk, account, draft.thread);
	if (replica === null) return null;
	const members = new Set(membersOf(replica.state).map(({ root }) => rootKeyToAddress(root)));
	const named = new Set([account.record.address, ...visible.map(({ who }) => who.address)]);
	return members.size === named.size && members.isSubsetOf(named) ? draft.thread : null;
}

async function sealMain(
	desk: Desk,
	account: Account,
	draft: DraftRecord,
	before: Replica | null,
	visible: readonly Addressee[],
	mail: Mail
): Promise<MakeResult> {
	const people = visible.map(({ who }) => toPerson(who));
	const written: Draft = { mail };
	if (before !== null) {
		return appendMessage(threadPorts(desk), account.me, before.state, written, people);
	}
	const { from, to, cc, subject } = mail;
	return createThread(threadPorts(desk), account.me, {
		people,
		open: { from: [from], to, cc, subject },
		rules: { add: 'members', write: 'members' },
		...(draft.thread !== undefined && draft.kind !== 'forward' && { previous: draft.thread }),
		draft: written
	});
}

/** Its attachments are sealed again: equal CIDs would tell a holder that both copies are one mail. */
async function sealSide(desk: Desk, account: Account, mail: Mail, blind: Addressee) {
	const blocks: BlockId[] = [];
	const attachments: Attachment[] = [];
	for (const file of mail.attachments) {
		const sealed = await sealFile(desk, desk.blocks, openFile(desk, desk.blocks, file));
		attachments.push({ ...file, key: sealed.key, manifest: idToCid(sealed.manifest) });
		blocks.push(...sealed.blocks);
	}
	const copy = { ...mail, attachments, blind: true };
	const { from, to, cc, subject } = mail;
	const made = await createThread(threadPorts(desk), account.me, {
		people: [toPerson(blind.who)],
		open: { from: [from], to, cc, subject },
		rules: { add: 'creator', write: 'members' },
		draft: { mail: copy }
	});
	return { people: [blind], mail: copy, made, before: null, isSide: true, blocks };
}

function toPerson({ root, keys, contact }: Correspondent): Person {
	const { record, card, xwing } = keys;
	return { root, record, card, xwing, contact: slotIdOf(contact.mySlot) };
}

function refusal(made: Exclude<MakeResult, Made>): SendOutcome {
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
	sides: readonly Copy[]
): Promise<SendOutcome> {
	const message = toMessage(desk, account, main, [main, ...sides]);
	const seal = (copy: Copy): Sealed => {
		const own = copy === main ? message : toMessage(desk, account, copy, []);
		const dones = new Map(copy.people.map(({ who }) => [who.address, desk.random(32)]));
		return { copy, own, dones, outboxId: toHex(desk.random(16)) };
	};
	const sealed = [main, ...sides].map(seal);
	const people = sealed.flatMap(({ copy }) => copy.people);
	const replicas: Replica[] = [];
	// The row of an answered thread is read anew: the user may have moved it meanwhile.
	await desk.store.update('thread', [main.made.state.id], (row) => {
		replicas.length = 0;
		const changes = sealed.flatMap((each) => {
			const before = each.copy === main ? row : null;
			const { record, changes } = putCopy(desk, account, each, before, { main, message });
			replicas.push({ record, state: each.copy.made.state });
			return changes;
		});
		return [...changes, ...welcome(people), { table: 'draft', key: [draft.id], remove: true }];
	});
	for (const replica of replicas) keepReplica(desk.store, replica);
	return { ok: true, threadId: main.made.state.id, messageId: message.id };
}

/** A copy with all that is drawn for it, so that writing it again writes the same. */
interface Sealed {
	readonly copy: Copy;
	readonly own: MessageRecord;
	/** For recipients who have no unpresented secret of this thread. */
	readonly dones: ReadonlyMap<Address, Uint8Array>;
	readonly outboxId: string;
}

function putCopy(
	desk: Desk,
	account: Account,
	{ copy, own, dones: fresh, outboxId }: Sealed,
	before: ThreadRecord | null,
	{ main, message }: { readonly main: Copy; readonly message: MessageRecord }
): { record: ThreadRecord; changes: Change[] } {
	const { bundles, state } = copy.made;
	const summary = summarise(desk, account, before, copy.made, [own]);
	const dones = { ...Object.fromEntries(fresh), ...summary.dones };
	const record = {
		...summary,
		dones,
		...(copy.isSide && { sideOf: main.made.state.id })
	};
	const id = { id: outboxId, shownIn: main.made.state.id, message: message.id };
	const outbox = { ...id, ...toOutbox(copy, dones), createdAt: record.updatedAt };
	const changes: Change[] = [
		...putEntries(state.id, bundles),
		putThread(record),
		{ table: 'message', key: [state.id, own.id], put: own }
	];
	if (copy.people.length > 0) changes.push({ table: 'outbox', key: [outboxId], put: outbox });
	return { record, changes };
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
		isOnRecord: false,
		isVouched: true,
		deliveries: people.map((each) => toDelivery(each, desk.now())),
		holders: []
	};
}

function toDelivery({ field, who }: Addressee, at: number): DeliveryRecord {
	return { to: toParty(who), field, state: 'written', times: { written: at } };
}

function toOutbox(
	copy: Copy,
	dones: Readonly<Record<Address, Uint8Array>>
): Omit<OutboxRecord, 'id' | 'shownIn' | 'message' | 'createdAt'> {
	const { bundles, state } = copy.made;
	const joined = membersOf(state).filter((member) => member.joined);
	return {
		thread: state.id,
		entries: bundles.map(({ header }) => entryIdOf(header)),
		epoch: epochOf(bundles.at(-1)?.header),
		introduction: copy.mail.text,
		blocks: copy.blocks,
		kept: 0,
		isKept: false,
		knocks: copy.people.flatMap(({ who }) => {
			const member = joined.find(({ root }) => equal(root, who.root));
			const done = dones[who.address];
			if (done === undefined) return [];
			const threadSlot = member?.slot ?? null;
			return [planKnock({ contact: who.contact, card: who.card, threadSlot, done })];
		})
	};
}

function epochOf(header: Uint8Array | undefined): EntryId {
	const decoded = header === undefined ? null : headerDecoder.decode(header);
	if (decoded?.ok !== true || decoded.value.epoch === undefined) {
		throw new Error('a message names its epoch');
	}
	return cidToEntryId(decoded.value.epoch);
}

/** Whom one writes to is no stranger any more, and gets a slot to answer to. */
function welcome(people: readonly Addressee[]): Change[] {
	return people.flatMap(({ who: { contact } }) =>
		contact.tier === 'unknown' ? putContactWithSlot({ ...contact, tier: 'known' }) : []
	);
}

function toBlockIds(texts: readonly string[]): BlockId[] {
	return texts.flatMap((text) => parseBlockId(text) ?? []);
}
