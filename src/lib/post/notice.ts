/**
 * A knock at one of my slots: opened and judged before anything is fetched (protocol §6, step 7a).
 *
 * open → verify the writer → judge → remember. What is remembered is durable, so the office may
 * forget it; what is refused is counted.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { openEnvelope, vouch, type OpenedEnvelope } from '../crypto/envelope.ts';
import { verifyCard, type VerifiedCard } from '../identity/chain.ts';
import { judge } from '../trust/policy.ts';
import { equal, toHex } from '../wire/bytes.ts';
import { cidToEntryId, cidToThreadId, rootKeyToAddress } from '../wire/ids.ts';
import { isOfficeUrl } from '../wire/invite.ts';
import { noticeDecoder, type Notice } from '../wire/notice.ts';
import type { Knocked } from '../wire/office.ts';
import { accept, refuse, type Result } from '../wire/refusal.ts';
import type { Account } from './account.ts';
import { noticeContext } from './knock.ts';
import { recordEnded } from './ended.ts';
import type { Desk } from './ports.ts';
import type { KnockRecord } from './records.ts';
import { countRefusals } from './refusals.ts';
import { isSharedThread } from './replicas.ts';

/** The setting that says when the own office last said all that it had, Unix ms. */
export const HEARD = ['heard-at'];

/** Notices of one writer about one thread that wait besides the last to come: most are its repeats. */
const MOST_BESIDE = 3;

/** The record that now waits; `null` where the knock was refused, and the office may forget it. */
export async function takeKnock(
	desk: Desk,
	account: Account,
	knocked: Knocked
): Promise<KnockRecord | null> {
	const taken = await judgeKnock(desk, account, knocked);
	if (!taken.ok) {
		await countRefusals(desk, [taken.reason]);
		return null;
	}
	return rememberKnock(desk, taken.value);
}

/** Durable when it resolves; with what waits under this knock already. */
export async function rememberKnock(
	{ store }: Pick<Desk, 'store'>,
	taken: KnockRecord
): Promise<KnockRecord> {
	let record = taken;
	const key = knockKey(record);
	await store.update('knock', key, (waiting) => {
		record = waiting === null ? taken : afterWaiting(waiting, taken);
		return record === waiting ? [] : [{ table: 'knock', key, put: record }];
	});
	return record;
}

/**
 * A repeat says nothing new; another notice may, and what the user has accepted stays accepted. Nobody
 * can say which of two is the newer: the network may have kept one back. Both wait.
 */
function afterWaiting(waiting: KnockRecord, taken: KnockRecord): KnockRecord {
	const { since = taken.since, beside = [], enclosed, promisedSince } = waiting;
	const known = [waiting, ...beside];
	if (known.some(({ hash }) => equal(hash, taken.hash))) return waiting;
	if (waiting.from !== taken.from) return { ...taken, since };
	const { hash, heads } = waiting;
	const both = {
		...{ ...(enclosed && { enclosed }), ...taken, since },
		...(promisedSince !== undefined && { promisedSince }),
		beside: [{ hash, heads }, ...beside].slice(0, MOST_BESIDE)
	};
	if (waiting.wait !== 'fetch') return both;
	const makesContact = taken.makesContact || waiting.makesContact;
	return { ...both, wait: 'fetch', makesContact };
}

async function judgeKnock(
	desk: Desk,
	account: Account,
	knocked: Knocked
): Promise<Result<KnockRecord>> {
	const read = await readNotice(desk, account, knocked);
	if (!read.ok) return read;
	const { notice, writer } = read.value;
	const thread = cidToThreadId(notice.thread);
	const contact = await desk.store.get('contact', [writer.address]);
	const verdict = judge({
		tier: contact?.tier ?? null,
		isKnownThread: await isSharedThread(desk, thread),
		token: await holdToken(desk, notice, knocked.pass)
	});
	if (verdict.kind === 'refused') return refuse(verdict.reason);
	await recordEnded(desk, writer.address, thread, notice.ended ?? []);
	return accept({
		from: writer.address,
		name: writer.card.name,
		thread,
		epoch: cidToEntryId(notice.epoch),
		heads: notice.heads.map(cidToEntryId),
		holders: notice.holders.filter(isOfficeUrl),
		done: notice.done,
		knock: knocked.knock,
		hash: knocked.hash,
		introduction: notice.intro ?? '',
		...(notice.ends !== undefined && { ends: notice.ends }),
		wait: verdict.kind === 'requests' ? 'request' : 'fetch',
		makesContact: verdict.kind === 'inbox' && verdict.makesContact,
		record: notice.record,
		card: notice.card,
		receivedAt: desk.now(),
		since: { takenMs: desk.now(), afterMs: await lastHearing(desk) }
	});
}

export async function lastHearing({ store }: Desk): Promise<number> {
	const heard = await store.get('setting', HEARD);
	return typeof heard?.value === 'number' ? heard.value : 0;
}

/** Envelope, payload, knock, and the writer's card, which must be its author's. */
async function readNotice(
	desk: Desk,
	account: Account,
	{ slot, knock, sealed }: Knocked
): Promise<Result<{ notice: Notice; writer: VerifiedCard }>> {
	const context = noticeContext(slot, knock);
	const opened = await openEnvelope(desk.suite, account.reader, 'notice', context, sealed);
	if (opened === null) return refuse('no-wrap-for-me');
	if (!opened.ok) return opened;
	const notice = noticeDecoder.decode(opened.value.payload);
	if (!notice.ok) return notice;
	if (!equal(sha256(notice.value.done), knock)) return refuse('wrong-hash');
	const writer = await writerOf(desk, opened.value, notice.value);
	return writer.ok ? accept({ notice: notice.value, writer: writer.value }) : writer;
}

async function writerOf(
	desk: Desk,
	opened: OpenedEnvelope,
	{ record, card }: Notice
): Promise<Result<VerifiedCard>> {
	const address = rootKeyToAddress(opened.root);
	const writer = await verifyCard(desk.suite, address, record, card);
	if (!writer.ok) return writer;
	const vouched = vouch(opened, writer.value.card);
	return vouched.ok ? writer : vouched;
}

/**
 * A pass that the office booked was good when its writer used it, however long we slept. An office that
 * lies about that lets in who has a token of ours: it could have let them in then.
 */
export async function holdToken(
	desk: Pick<Desk, 'store' | 'now'>,
	{ token }: Pick<Notice, 'token'>,
	pass: Knocked['pass']
): Promise<'valid' | 'spent' | 'none'> {
	if (token === undefined) return 'none';
	const invite = await desk.store.get('invite', [toHex(sha256(token))]);
	const isGood = invite !== null && (pass === 'token' || invite.until > desk.now());
	return isGood ? 'valid' : 'spent';
}

export function knockKey({ knock }: Pick<KnockRecord, 'knock'>): readonly string[] {
	return [toHex(knock)];
}
