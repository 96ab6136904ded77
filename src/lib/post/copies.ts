/**
 * Sealing a mail: one copy in the thread of those whom everybody sees, and a side thread of its own
 * for each blind recipient (protocol §4, "Bcc"). All copies, the archive and the outbox are one
 * transaction.
 */

import { appendMessage, createThread } from '../threads/make.ts';
import { TextsAway } from '../threads/packed-node.ts';
import type { Made, MakeResult } from '../threads/thread.ts';
import { endOf } from '../threads/ends.ts';
import type { EndRule } from '../wire/body.ts';
import { idToCid, rootKeyToAddress, type ThreadId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Attachment, Mail } from '../wire/mail.ts';
import { threadPorts, type Account } from './account.ts';
import type { Addressee } from './addressing.ts';
import { claimsOf } from './claims.ts';
import { after, answeringIn, growCircle, isBlindThread, type Answering } from './answering.ts';
import { toPerson } from './contacts.ts';
import { openFile, sealFile } from './files.ts';
import { keepSecrets } from './kept-secrets.ts';
import type { LookUp } from './look-up.ts';
import { Overtaken, type Change, type Desk } from './ports.ts';
import type { DraftEnd, DraftRecord } from './records.ts';
import { exclusiveThread, remembersReplica, threadLock, wantTexts } from './replicas.ts';
import type { SendOutcome } from './send.ts';
import { commitCopies, type Copy, type Writing } from './copy-rows.ts';

export interface Recipients {
	readonly others: readonly Addressee[];
	/** What is written in the same transaction, given what was made. */
	readonly beside?: (made: Made) => readonly Change[];
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
	const claims = claimsOf(desk);
	const work = async ({ locks }: Writing = {}): Promise<SendOutcome> => {
		const sealed = await sealAll(claims.desk, account, draft, answered, others, mail, writing);
		if (!sealed.ok) return sealed;
		const { main, sides } = sealed;
		const { recalled, onWritten } = writing;
		const rows = { recalled, locks, onWritten, beside: beside(main.made) };
		return commitCopies(claims, account, draft, main, sides, rows);
	};
	if (answered === undefined) return work(writing);
	const { locks } = writing;
	if (locks === undefined) return exclusiveThread(desk, answered, () => work());
	// The write finds out where what is remembered is old; what is read must be read under the lock.
	if (!remembersReplica(desk.store, answered)) throw new Overtaken('not in memory');
	try {
		return await work({ locks: [...locks, threadLock(answered)] });
	} catch (problem) {
		if (!(problem instanceof TextsAway)) throw problem;
		wantTexts(desk.store, answered);
		throw new Overtaken('its texts are not in memory');
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
