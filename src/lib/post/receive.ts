/**
 * Receiving: bundles from a peer or a holder become archive records in one transaction; only then is
 * anything acknowledged (protocol §6.5). `send.ts` is its mirror image.
 *
 * sort by thread → open → judge → keep → commit. Nothing here trusts the carrier.
 */

import { openThreadSlots } from './registration.ts';
import { openBundles } from '../threads/receive.ts';
import { isBare, isOpen, refusalOf, refusedEntries, unwantedTexts } from '../threads/entries.ts';
import type { ThreadSecrets } from '../threads/secrets.ts';
import type { Opened, RefusedBundle, ThreadState } from '../threads/thread.ts';
import { cidOfObject } from '../wire/codec.ts';
import { entryIdOf, headerDecoder, type EntryBundle } from '../wire/entry.ts';
import { cidToThreadId, type Address, type EntryId, type ThreadId } from '../wire/ids.ts';
import type { Refusal } from '../wire/refusal.ts';
import { threadPorts, type Account } from './account.ts';
import { bringsWraps, endWait, isWhole, letWait, waitingOf } from './antechamber.ts';
import { meetMembers } from './acquaintance.ts';
import { claimsOf, type Claims } from './claims.ts';
import { keepSecrets } from './kept-secrets.ts';
import { countRefusals } from './refusals.ts';
import { untilSettled, type LookUp } from './look-up.ts';
import type { Change, Desk, Received, Sort } from './ports.ts';
import { putMessage } from './delivery.ts';
import { markEnds, placeEarlier, placeUnder } from './ends.ts';
import { newRows } from './message-rows.ts';
import type { MessageRecord, ThreadRecord } from './records.ts';
import { markOverfull, weigh, withBrought } from './brought.ts';
import { withoutDeleted } from './deleted.ts';
import { dropOutline, gatherOutline } from './entry-rows.ts';
import { endParting } from './parted.ts';
import { promisedAmong, promisesOf, whereItWasPut, withComing } from './promised.ts';
import {
	dropReplica,
	exclusiveThread,
	keepReplica,
	loadReplica,
	putEntries,
	requireSameThread,
	type Replica
} from './replicas.ts';
import { putOpenable } from './snapshots.ts';
import { putThread, summarise } from './summary.ts';
import { putGone } from './texts.ts';
import { asRead, turned, without } from './turned.ts';
import { markTakenBack } from './withdraw.ts';
import { noteCounted } from './withheld.ts';

export interface Admission {
	/** Whose word lets a thread in that does not stand here yet. */
	readonly from: Address;
	/** Did the user, or an invite of theirs, say yes to the writer? Else new threads are refused. */
	readonly mayBegin: boolean;
	/** Does the writer become a contact? Yes where the user invited or accepted them. */
	readonly makesContact: boolean;
	/** Of a thread that is new here: what we know of it already. */
	readonly secrets?: ThreadSecrets;
	/** What is written in the same transaction, where anything of it is kept. */
	readonly beside?: readonly Change[];
}

/**
 * Resolves when all that counts is durable. Throws `StorageFull`; nothing of it is stored then.
 *
 * What it decides upon is remembered rather than read where it can be, and asked for again in the
 * transaction that writes.
 *
 * @param look what the admission was decided upon: then it throws `Overtaken` where that, or another
 * row, has been written by another meanwhile, and may have stored some of the threads
 */
export async function receive(
	desk: Desk,
	account: Account,
	admission: Admission,
	bundles: readonly EntryBundle[],
	{ recalled: relied }: LookUp = {}
): Promise<Received> {
	const results: Received[] = [];
	for (const [thread, some] of sortByThread(bundles)) {
		const take = (look: LookUp) => receiveInThread(desk, account, admission, thread, some, look);
		results.push(
			await exclusiveThread(desk, thread, () =>
				relied === undefined ? untilSettled(take) : take({ recalled: [...relied] })
			)
		);
	}
	const refused = results.flatMap((result) => result.refused);
	await countRefusals(
		desk,
		refused.map(({ reason }) => reason)
	);
	return {
		stored: results.flatMap((result) => result.stored),
		refused,
		missing: results.flatMap((result) => result.missing),
		bare: results.flatMap((result) => result.bare ?? [])
	};
}

/** A bundle whose header is none is dropped here: nobody can name it, so nobody waits for it. */
function sortByThread(bundles: readonly EntryBundle[]): Map<ThreadId, EntryBundle[]> {
	const sorted = new Map<ThreadId, EntryBundle[]>();
	for (const bundle of bundles) {
		const header = headerDecoder.decode(bundle.header);
		if (!header.ok) continue;
		const id = cidToThreadId(header.value.thread ?? cidOfObject(bundle.header));
		const some = sorted.get(id);
		if (some === undefined) sorted.set(id, [bundle]);
		else some.push(bundle);
	}
	return sorted;
}

/** The thread as it stands here, and the rows upon which it is decided what becomes of it. */
interface Standing {
	readonly before: Replica | null;
	readonly look: LookUp;
	readonly claims: Claims;
}

async function receiveInThread(
	desk: Desk,
	account: Account,
	admission: Admission,
	thread: ThreadId,
	all: readonly EntryBundle[],
	look: LookUp
): Promise<Received> {
	const before = await loadReplica(desk, account, thread, look);
	const { taken, refused } = weigh(before, admission.from, all);
	if (before !== null && refused.length > 0) {
		await markOverfull(desk, before.record, admission.from);
	}
	const claims = claimsOf(desk);
	const standing = { before, look, claims };
	const received = await receiveWeighed(desk, account, admission, standing, thread, taken);
	if (before?.record.withheld !== undefined) {
		const counted = new Set(taken.map(({ header }) => entryIdOf(header)));
		await noteCounted(desk, account, admission.from, thread, counted);
	}
	if (before?.record.parted?.[admission.from] !== undefined && taken.length > 0) {
		await endParting(desk, account, admission.from, thread);
	}
	const tooMuch = refuseAll(refused, 'rate-limited').refused;
	return { ...received, refused: [...received.refused, ...tooMuch] };
}

async function receiveWeighed(
	desk: Desk,
	account: Account,
	admission: Admission,
	{ before, look, claims }: Standing,
	thread: ThreadId,
	bundles: readonly EntryBundle[]
): Promise<Received> {
	if (before === null && !admission.mayBegin) return refuseAll(bundles, 'not-allowed');
	const waiting = before === null ? waitingOf(desk.store, thread) : null;
	const all = [...(waiting?.bundles ?? []), ...bundles];
	if (waiting !== null && !bringsWraps(bundles)) {
		letWait(desk.store, thread, { ...waiting, bundles: all });
		return refuseAll(waiting.isClosed && isWhole(all) ? bundles : [], 'no-wrap-for-me');
	}
	const opened = await openBundles(threadPorts(desk), account.me, before?.state ?? null, all, {
		...(desk.breathe && { breathe: desk.breathe }),
		...(admission.secrets && { secrets: admission.secrets })
	});
	if (opened.state === null) {
		const isClosed = opened.refused.some(({ reason }) => reason === 'no-wrap-for-me');
		letWait(desk.store, thread, { bundles: all, isClosed });
	}
	const came = idsOf(bundles);
	const refused = opened.refused.filter(isFinal).flatMap(({ id, reason }) => {
		return id === null || !came.has(id) ? [] : [{ id, reason }];
	});
	const missing = [{ thread, ids: opened.missing }].filter(({ ids }) => ids.length > 0);
	if (opened.state === null) return { stored: [], refused, missing };
	const kept = await keepSecrets(claims.desk, { ...opened, state: opened.state });
	const { state } = kept;
	// What waits for its ancestors is stored, too; its writer hears of it when it can be read.
	const ids = idsOf(all);
	const stored = [...ids].filter((id) => isOpen(state, id) && refusalOf(state, id) === null);
	// Here, but nobody is shown it: its writer is told so, not that it has arrived.
	const hidden = [...ids].flatMap((id) => {
		const reason = refusalOf(state, id);
		return reason === null ? [] : [{ id, reason }];
	});
	const isRefusalNew = refusedEntries(state).size > countRefused(before);
	if (opened.kept.length > 0 || isRefusalNew) {
		const promised = promisedAmong(all, opened.kept);
		const standing = { before, look, claims };
		const wasKept = await keep(desk, account, admission, standing, { ...kept, promised });
		if (wasKept.isWhole) keepReplica(desk.store, { record: wasKept.record, state });
		else dropReplica(desk.store, thread);
	} else {
		// No write asks for it: what is said to be stored must be so in every tab.
		requireSameThread(before, await desk.store.get('thread', [thread]));
	}
	endWait(desk.store, thread);
	return { stored, refused: [...refused, ...hidden], missing, bare: bareAmong(state, bundles) };
}

/** What is to come later is not said to be missing. */
function bareAmong(state: ThreadState, bundles: readonly EntryBundle[]): Received['bare'] {
	const alone = bundles.filter(({ body, later }) => body === null && later !== true);
	const ids = alone.map(({ header }) => entryIdOf(header)).filter((id) => isBare(state, id));
	return ids.length === 0 ? [] : [{ thread: state.id, ids }];
}

function countRefused(replica: Replica | null): number {
	return replica === null ? 0 : refusedEntries(replica.state).size;
}

/** Else it may come whole from another holder, or its parents may: nothing is said of it now. */
function isFinal({ forGood, reason }: RefusedBundle): boolean {
	return forGood || reason === 'no-wrap-for-me';
}

export function refuseAll(bundles: readonly EntryBundle[], reason: Refusal): Received {
	const refused = bundles.map(({ header }) => ({ id: entryIdOf(header), reason }));
	return { stored: [], refused, missing: [] };
}

function idsOf(bundles: readonly EntryBundle[]): ReadonlySet<EntryId> {
	return new Set(bundles.map(({ header }) => entryIdOf(header)));
}

const NOTHING: ReadonlySet<EntryId> = new Set();

type Read = Opened & { readonly state: ThreadState; readonly promised: ReadonlySet<EntryId> };

async function keep(
	desk: Desk,
	account: Account,
	admission: Admission,
	standing: Standing,
	opened: Read
): Promise<{ readonly record: ThreadRecord; readonly isWhole: boolean }> {
	const { before, look, claims } = standing;
	const { state, kept } = opened;
	const prepared = await claims.write(() => prepare(desk, account, admission, standing, opened));
	const { changes, news, hidden, goneCount, promises, isWhole } = prepared;
	await markTakenBack(desk, state, new Set(opened.opened));
	// The row itself is read anew: the user may have moved or read the thread meanwhile.
	const sort = await desk.sorter?.(look);
	const dropped = await dropOutline(desk, before?.record, state, idsOf(kept));
	let record = before?.record ?? null;
	const decide = (row: ThreadRecord | null): Change[] => {
		requireSameThread(before, row);
		const summary = summarise(desk, account, row, opened, news, goneCount);
		const moved = whereItWasPut(summary, row, news, promises);
		const placed = withBrought(moved, before, admission.from, kept);
		record = withComing(without(placed, hidden), admission.from, state, opened.promised);
		const sorted = sortedBy(sort, record, news, row, changes);
		const promised = record.members.includes(admission.from) ? opened.promised : NOTHING;
		const outlined = gatherOutline(sorted.row, sorted.changes, promised, dropped);
		// What memory has and storage has not is no state to open the thread from.
		const put = isWhole ? putOpenable(desk, outlined.record, state) : null;
		record = put?.record ?? outlined.record;
		return [...outlined.changes, ...(put?.changes ?? [putThread(record)])];
	};
	await claims.write(() => desk.store.update('thread', [state.id], decide, look));
	await countRefusals(desk, prepared.oddities);
	if (record === null) throw new Error('an update decides before it resolves');
	// What memory has and storage has not would be handed on, and promised to others.
	return { record, isWhole };
}

/** All that is written beside the thread's row. */
async function prepare(
	desk: Desk,
	account: Account,
	admission: Admission,
	{ before, look, claims }: Standing,
	{ state, kept, opened }: Read
) {
	const fresh = new Set(opened);
	const unwelcome = unwantedTexts(state, fresh);
	const wanted = new Set([...fresh].filter((id) => !unwelcome.some(({ entry }) => entry === id)));
	const promises = await promisesOf(desk, before, fresh);
	const deleted = await withoutDeleted(desk, before, state, wanted, promises);
	const [{ added, gone }, { revived, hidden }, slots, met] = await Promise.all([
		newRows(desk, account, state, deleted.messages, look, before?.record.count ?? 0),
		turned(desk, before, state),
		openThreadSlots(desk, state),
		meetMembers(desk, account, admission, state, look)
	]);
	const unwanted = [...unwelcome, ...deleted.texts];
	const marked = await markEnds(claims.desk, state, added);
	const news = [...marked.rows, ...revived];
	const changes: Change[] = [
		...placeUnder(putEntries(state.id, kept), marked.under),
		...(await placeEarlier(desk, state, marked, idsOf(kept))),
		...putGone(state.id, kept, [...unwanted, ...marked.again], deleted.copies),
		...marked.changes,
		...[...news, ...hidden.map(asRead)].map((put) => putMessage(state.id, put)),
		...gone.map((id) => ({ table: 'message', key: [state.id, id], remove: true }) as const),
		...[slots, met, admission.beside ?? []].flat()
	];
	const goneCount = gone.length;
	const isWhole = unwanted.length === 0;
	return { changes, news, hidden, goneCount, promises, oddities: marked.oddities, isWhole };
}

/** The rows of messages that a rule changed, in place of those that were to be written. */
function sortedBy(
	sort: Sort | undefined,
	record: ThreadRecord,
	news: readonly MessageRecord[],
	before: ThreadRecord | null,
	changes: readonly Change[]
): { readonly row: ThreadRecord; readonly changes: readonly Change[] } {
	if (sort === undefined) return { row: record, changes };
	const { row, changed } = sort(record, news, before);
	const keys = new Set(changed.map(({ thread, id }) => [thread, id].join()));
	const others = changes.filter(({ table, key }) => table !== 'message' || !keys.has(key.join()));
	return { row, changes: [...others, ...changed.map((one) => putMessage(one.thread, one))] };
}
