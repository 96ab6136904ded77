/** The thread's row: what the list of threads shows without opening it. */

import { endRuleOf } from '../threads/ends.ts';
import { printOfThread, refusedEntries } from '../threads/entries.ts';
import { mayAdd, mayRemove, membersOf, membershipEvents } from '../threads/members.ts';
import { encodeSecrets, type ThreadSecrets } from '../threads/secrets.ts';
import type { ThreadState } from '../threads/thread.ts';
import { rootKeyToAddress } from '../wire/ids.ts';
import type { Account } from './account.ts';
import { previewOf, toDigest, type Digest } from './digest.ts';
import { filingAfter } from './marks.ts';
import { partedAfter, withParted } from './parted.ts';
import type { Change, Clock } from './ports.ts';
import type { Circle, MessageRecord, ThreadRecord } from './records.ts';
import { withheldAfter } from './withheld.ts';

/** The row after these new messages; a message from others brings the thread back to the inbox, unless it is muted. */
export function summarise(
	{ now }: { readonly now: Clock },
	account: Account,
	before: ThreadRecord | null,
	{ state, secrets }: { readonly state: ThreadState; readonly secrets: ThreadSecrets },
	added: readonly MessageRecord[],
	goneCount = 0
): ThreadRecord {
	const shown = added.filter(({ refused }) => refused === undefined);
	// What one member says of another's words stands in the thread, not in the list of threads.
	const own = shown.filter(({ keptBy }) => keptBy === undefined);
	const first = before === null || before.count === 0 ? shown : null;
	const latest = (own.length > 0 ? own : (first ?? own)).sort((a, b) => a.order - b.order).at(-1);
	const isNewer =
		latest !== undefined && (first !== null || latest.order >= (before?.latest.date ?? 0));
	const refused = refusedEntries(state);
	const ends = endRuleOf(state);
	const unread = added.filter((message) => message.isUnread);
	const digest = goneCount > 0 ? null : digestAfter(before, added);
	const row: ThreadRecord = {
		id: state.id,
		secrets: encodeSecrets(secrets),
		...(refused.size > 0 && { refused: Object.fromEntries(refused) }),
		version: (before?.version ?? 0) + 1,
		...filingAfter(before, unread.length > 0),
		subject: (first === null ? before?.subject : lastingSubject(latest)) ?? '',
		members: membersOf(state).map(({ root }) => rootKeyToAddress(root)),
		entriesPrint: printOfThread(state),
		...withheldAfter(state, before?.withheld),
		...partedAfter(state, account, before?.parted),
		latest: isNewer
			? toLatest(latest)
			: (before?.latest ?? { from: account.record.address, preview: '', date: now() }),
		count: (before?.count ?? 0) + shown.length - goneCount,
		unread: (before?.unread ?? 0) + unread.length,
		hasAttachment:
			(before?.hasAttachment ?? false) || shown.some(({ mail }) => mail.attachments.length > 0),
		...(digest !== null && { digest }),
		...lasting(before),
		dones: before?.dones ?? {},
		...(before?.sideOf !== undefined && unread.length === 0 && { sideOf: before.sideOf }),
		circle: circleOf(state, account),
		...(ends !== null && { ends }),
		...(before?.history !== undefined && { history: before.history }),
		// Grows with each write, also where the clock stands or goes back: it orders what is on its way.
		updatedAt: Math.max(now(), (before?.updatedAt ?? 0) + 1)
	};
	return withParted(row, account);
}

/** What new messages leave as it is. */
function lasting(before: ThreadRecord | null): Partial<ThreadRecord> {
	const { coming, comingAt, outlines, brought, overfull, placedAt, emptiedAt } = before ?? {};
	return {
		...(coming !== undefined && { coming }),
		...(comingAt !== undefined && { comingAt }),
		...(outlines !== undefined && { outlines }),
		...(brought !== undefined && { brought }),
		...(overfull !== undefined && { overfull }),
		...(placedAt !== undefined && { placedAt }),
		...(emptiedAt !== undefined && { emptiedAt })
	};
}

/** `null`: it is to be made from all messages. */
function digestAfter(before: ThreadRecord | null, added: readonly MessageRecord[]): Digest | null {
	if (before === null || before.count === 0) return toDigest(added);
	return before.digest === undefined ? null : toDigest(added, before.digest);
}

function circleOf(state: ThreadState, { root }: Account): Circle {
	const toAddresses = (roots: readonly Uint8Array[]) => roots.map(rootKeyToAddress);
	return {
		mayAdd: mayAdd(state, root),
		mayRemove: mayRemove(state, root),
		events: membershipEvents(state).map(({ by, atMs, added, gone }) => ({
			by: rootKeyToAddress(by),
			at: atMs,
			added: toAddresses(added),
			gone: toAddresses(gone)
		}))
	};
}

/** What ends stands in its own row alone, and the list reads it there. */
function lastingSubject(message: MessageRecord | undefined): string {
	return message?.endsAt === undefined ? (message?.mail.subject ?? '') : '';
}

function toLatest({ from, mail, order, endsAt }: MessageRecord): ThreadRecord['latest'] {
	return { from, preview: endsAt === undefined ? previewOf(mail.text) : '', date: order };
}

export function putThread(record: ThreadRecord): Change {
	return { table: 'thread', key: [record.id], put: record };
}
