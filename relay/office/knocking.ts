/**
 * Knocking at the recipients' offices: at once, again with growing pauses while it fails, then from
 * an hour up to six while nobody has presented `done`, and at once when that office lost its memory.
 */

import { equal, toHex } from '../../src/lib/wire/bytes.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import type { Refusal } from '../../src/lib/wire/refusal.ts';
import { BOUNDS } from './bounds.ts';
import { commit } from './commit.ts';
import { dropNotice, hexToBytes } from './drops.ts';
import type { Office } from './office.ts';
import type { Change, DropOutcome } from './ports.ts';
import { changeSend, rowToSent, toTimeKey } from './sends.ts';
import type { SendRow } from './tables.ts';
import { createTurns } from './turns.ts';

/** Refusals that another try may not get: the slot is registered later, the crowd goes, room comes. */
const PASSING: readonly Refusal[] = [
	'unknown-slot',
	'slot-full',
	'rate-limited',
	'over-quota',
	'disk-full',
	'not-found'
];

interface Duty {
	readonly root: string;
	readonly knock: string;
}

/** Tries everything that is due, each office's drops one by one, several offices at once. */
export async function knockWhereDue(office: Office): Promise<void> {
	const byUrl = new Map<string, Duty[]>();
	for (const duty of findDue(office)) {
		const url = office.store.get('send', [duty.root, duty.knock])?.url;
		if (url !== undefined) byUrl.set(url, [...(byUrl.get(url) ?? []), duty]);
	}
	const turns = createTurns(BOUNDS.officesAtOnce);
	await Promise.all([...byUrl.values()].map((duties) => turns.run(() => knockAll(office, duties))));
}

function findDue(office: Office): Duty[] {
	const until = toTimeKey(office.now());
	const duties: Duty[] = [];
	for (const { key } of office.store.list('due', [], { limit: BOUNDS.dueAtOnce })) {
		const [time = '', root = '', knock = ''] = key;
		if (time > until) break;
		duties.push({ root, knock });
	}
	return duties;
}

/** An office that did not answer once is not asked again for the rest of this round. */
async function knockAll(office: Office, duties: readonly Duty[]): Promise<void> {
	let isSilent = false;
	for (const duty of duties) {
		const outcome = await knockOnce(office, duty, { isSilent });
		isSilent ||= outcome === 'unreachable';
	}
}

/** Never throws but where the disk is broken. What it did is told to whoever listens. */
export async function knockOnce(
	office: Office,
	{ root, knock }: Duty,
	options: { readonly isSilent?: boolean } = {}
): Promise<DropOutcome['kind'] | 'nothing'> {
	const row = office.store.get('send', [root, knock]);
	const name = `${root}/${knock}`;
	if (row === null || row.dueAt === null || office.underway.has(name)) return 'nothing';
	office.underway.add(name);
	try {
		const outcome = isOver(office, row) ? null : await dropAt(office, knock, row, options);
		const current = office.store.get('send', [root, knock]);
		// Withdrawn, done or replaced while we were out: this outcome is not about it.
		const isSame = current?.dueAt != null && equal(current.hash, row.hash);
		if (isSame) record(office, { root, knock }, current, outcome);
		return outcome?.kind ?? 'nothing';
	} finally {
		office.underway.delete(name);
	}
}

function isOver(office: Office, { createdAt }: SendRow): boolean {
	return office.now() >= createdAt + LIMITS.unconfirmedMs;
}

async function dropAt(
	office: Office,
	knock: string,
	{ url, slot, sealed, token }: SendRow,
	{ isSilent }: { readonly isSilent?: boolean }
): Promise<DropOutcome> {
	if (isSilent === true) return { kind: 'unreachable' };
	const note = { knock: hexToBytes(knock), sealed, token };
	if (url !== office.publicUrl) return office.errands.drop(url, slot, note);
	const dropped = await dropNotice(office, toHex(slot), note);
	return dropped.ok
		? { kind: 'dropped', dropped: dropped.value }
		: { kind: 'refused', reason: dropped.reason };
}

function record(
	office: Office,
	{ root, knock }: Duty,
	row: SendRow,
	outcome: DropOutcome | null
): void {
	const after = afterOutcome(row, outcome, office.now());
	// First the run that took it: were that unknown after a crash, nobody would see it end.
	if (outcome?.kind === 'dropped' && !isBootKnown(office, row.url)) {
		noteBoot(office, row.url, outcome.dropped.boot);
	}
	const stored = commit(office.store, changeSend(root, knock, row, after));
	// No room: the row stays as it was, and is due again at the next round.
	if (!stored.ok) return;
	if (isNews(row, after)) office.listeners.tell(root, rowToSent(knock, after));
	if (outcome?.kind === 'dropped') noteBoot(office, row.url, outcome.dropped.boot);
}

function afterOutcome(row: SendRow, outcome: DropOutcome | null, now: number): SendRow {
	if (outcome === null) return { ...row, state: 'expired', time: now, dueAt: null };
	if (outcome.kind === 'dropped') {
		const { rootSeq, seq } = outcome.dropped;
		const isFirst = row.state !== 'noticed';
		const pauseMs = isFirst ? LIMITS.repeatMs : grow(row.pauseMs, LIMITS.repeatMs);
		const time = isFirst ? now : row.time;
		const next = { dueAt: now + pauseMs, pauseMs, reason: undefined };
		return { ...row, ...next, state: 'noticed', time, rootSeq, seq };
	}
	const reason = outcome.kind === 'refused' ? outcome.reason : undefined;
	if (reason !== undefined && !PASSING.includes(reason)) {
		return { ...row, state: 'refused', time: now, dueAt: null, reason };
	}
	const pauseMs = grow(row.pauseMs, BOUNDS.retryMs);
	return { ...row, dueAt: now + pauseMs, pauseMs, reason: reason ?? row.reason };
}

function grow(pauseMs: number, leastMs: number): number {
	return Math.min(Math.max(2 * pauseMs, leastMs), LIMITS.repeatMaxMs);
}

function isNews(before: SendRow, after: SendRow): boolean {
	return (
		before.state !== after.state ||
		before.reason !== after.reason ||
		before.rootSeq !== after.rootSeq ||
		before.seq !== after.seq
	);
}

/** Asks each office to which we have sends whether it still runs; hourly, and at our own start. */
export async function lookAtBoots(office: Office): Promise<void> {
	const urls = new Set(
		office.store.list('target', []).map(({ key }) => decodeURIComponent(key[0] ?? ''))
	);
	const turns = createTurns(BOUNDS.officesAtOnce);
	const look = async (url: string) => {
		const boot = url === office.publicUrl ? office.boot : await office.errands.boot(url);
		if (boot !== null) noteBoot(office, url, boot);
	};
	await Promise.all([...urls].map((url) => turns.run(() => look(url))));
}

function isBootKnown({ store }: Office, url: string): boolean {
	return store.get('boot', [encodeURIComponent(url)]) !== null;
}

/** A new run of that office has lost its notices: everything that it had taken is due again. */
function noteBoot(office: Office, url: string, boot: string): void {
	const key = [encodeURIComponent(url)];
	const known = office.store.get('boot', key);
	if (known?.boot === boot) return;
	const changes: Change[] = [{ table: 'boot', key, put: { boot } }];
	const now = office.now();
	for (const { key: target } of known === null ? [] : office.store.list('target', key)) {
		const [, root = '', knock = ''] = target;
		const row = office.store.get('send', [root, knock]);
		if (row?.state !== 'noticed') continue;
		changes.push(...changeSend(root, knock, row, { ...row, dueAt: now, pauseMs: 0 }));
	}
	// No room: the word stays the old one, so the next look finds the change again.
	if (commit(office.store, changes).ok && changes.length > 1) office.hurry();
}
