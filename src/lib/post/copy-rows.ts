/**
 * What is written for the copies of a mail: entries, archive, outbox and threads, in one transaction.
 */

import { toHex } from '../wire/bytes.ts';
import type { Made } from '../threads/thread.ts';
import { entryIdOf } from '../wire/entry.ts';
import { cidToBlockId, type Address } from '../wire/ids.ts';
import type { Mail } from '../wire/mail.ts';
import { type Account } from './account.ts';
import type { Addressee } from './addressing.ts';
import type { Claims } from './claims.ts';
import { announce } from './announcement.ts';
import { pastOf, type Answering } from './answering.ts';
import { toParty } from './compose.ts';
import { putContactWithSlot } from './contacts.ts';
import type { LookUp } from './look-up.ts';
import type { Change, Desk } from './ports.ts';
import type {
	DeliveryRecord,
	DraftRecord,
	MessageRecord,
	OutboxRecord,
	OutboxFile,
	ThreadRecord
} from './records.ts';
import { doom } from './doomed.ts';
import { markEnds, placeUnder, type Marked } from './ends.ts';
import { keepReplica, putEntries, requireSameThread, type Replica } from './replicas.ts';
import { putOpenable } from './snapshots.ts';
import { summarise } from './summary.ts';
import { openThreadSlots } from './registration.ts';
import type { SendOutcome, Written } from './send.ts';

export interface Copy {
	readonly people: readonly Addressee[];
	readonly mail: Mail;
	readonly made: Made;
	/** `null`: a new thread. */
	readonly answering: Answering | null;
	readonly isSide: boolean;
}

export interface Writing extends LookUp {
	/** The store takes them for the write: nobody holds them yet. */
	readonly locks?: readonly string[] | undefined;
	/** Called when it is durable, in that very task. */
	readonly onWritten?: ((written: readonly Written[]) => void) | undefined;
}

/** Throws `StorageFull` and `Overtaken`; nothing is written then, and what was claimed is free. */
export async function commitCopies(
	claims: Claims,
	account: Account,
	draft: DraftRecord,
	main: Copy,
	sides: readonly Copy[],
	{ recalled = [], locks, onWritten, beside }: Writing & { readonly beside: readonly Change[] }
): Promise<SendOutcome> {
	const { desk } = claims;
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
			const { made, people } = each.copy;
			replicas.push({ record: put.record, state: made.state });
			if (people.length > 0) written.push({ record: put.outbox, bundles: made.bundles });
			return put.changes;
		});
		return [
			...changes,
			...[...slots, beside].flat(),
			...welcome(sealed.flatMap(({ copy }) => copy.people)),
			{ table: 'draft', key: [draft.id], remove: true },
			...doom(draft.under === undefined ? [] : [draft.under])
		];
	};
	const stored = { recalled, locks, onStored: () => onWritten?.(written) };
	const { id } = main.made.state;
	await claims.write(() => desk.store.update('thread', [id], write, stored));
	for (const replica of replicas) keepReplica(desk.store, replica);
	return { ok: true, threadId: id, messageId: message.id, written };
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
	const row = {
		...summary,
		dones,
		...(draft.history !== undefined && { history: draft.history }),
		...(copy.isSide && { sideOf: main.made.state.id })
	};
	const { record, changes: thread } = putOpenable(desk, row, state);
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
		...thread,
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
