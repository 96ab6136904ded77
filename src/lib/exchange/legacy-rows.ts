/** Brought mails as rows: messages that were never sealed, in threads that nobody else has. */

import { sha256 } from '@noble/hashes/sha2.js';
import { previewOf, toDigest } from '../post/digest.ts';
import { sealFile } from '../post/files.ts';
import { addressOf, ordinaryParty } from '../post/ordinary.ts';
import type { BlockStore, Ground } from '../post/ports.ts';
import type { LegacyRecord, MessageRecord, Place, ThreadRecord } from '../post/records.ts';
import { encodeSecrets, NO_SECRETS } from '../threads/secrets.ts';
import { toHex, utf8 } from '../wire/bytes.ts';
import {
	bytesToMessageId,
	idToCid,
	MESSAGE_ID_BYTES,
	toLegacyEntryId,
	type MessageId,
	type ThreadId
} from '../wire/ids.ts';
import type { Attachment, Mail, Party } from '../wire/mail.ts';
import type { Brought } from './brought.ts';
import type { MailPerson } from './mime-words.ts';

/**
 * What one mail is known by: its Message-ID, when, by whom, and what it says. Some programs give one id to
 * many mails, anybody can write the id of another's, and none of those may be lost; a mail without one is
 * known by its bytes.
 */
export function idOf({ mail, original, content }: Brought): MessageId {
	const { messageId, date, from } = mail;
	const bytes = original.kind === 'bytes' ? original.sha256 : content;
	const name = utf8(JSON.stringify([messageId, date, from.address.toLowerCase(), toHex(content)]));
	const digest = sha256(messageId === null ? bytes : name);
	return bytesToMessageId(digest.slice(0, MESSAGE_ID_BYTES));
}

type Sealing = Pick<Ground, 'suite' | 'random' | 'now'>;

/** Seals its files and its original into `blocks`; throws `StorageFull`. */
export async function toMessage(
	ground: Sealing,
	blocks: Pick<BlockStore, 'put'>,
	brought: Brought,
	place: { readonly thread: ThreadId; readonly id: MessageId }
): Promise<MessageRecord> {
	const { mail, marks, problem } = brought;
	const date = mail.date ?? ground.now();
	const attachments = await sealFiles(ground, blocks, brought.files);
	const { legacy, original } = await sealOriginal(ground, blocks, brought);
	const from = toParty(mail.from);
	return {
		...place,
		entry: toLegacyEntryId(legacy.sha256),
		from: addressOf(from),
		isMine: marks.isMine,
		mail: {
			...{ from, to: mail.to.map(toParty), cc: mail.cc.map(toParty) },
			...{ subject: mail.subject, date, text: mail.text, answers: [] },
			...(mail.html !== null && { html: mail.html }),
			attachments: problem === null ? attachments : [original]
		},
		bcc: mail.bcc.map(toParty),
		// A date that has not come yet would stand above all others for good.
		order: Math.min(date, ground.now()),
		receivedAt: ground.now(),
		isUnread: marks.isUnread && !marks.isMine,
		...{ isOnRecord: false, isVouched: false, deliveries: [], holders: [] },
		legacy
	};
}

function toParty({ name, address }: MailPerson): Party {
	return ordinaryParty(name, address);
}

async function sealFiles(
	ground: Sealing,
	blocks: Pick<BlockStore, 'put'>,
	files: Brought['files']
): Promise<Mail['attachments']> {
	const sealed: Attachment[] = [];
	for (const { name, type, inline, content } of files) {
		const file = await seal(ground, blocks, once(content), { name, type });
		sealed.push({ ...file, ...(inline !== null && { inline }) });
	}
	return sealed;
}

async function sealOriginal(
	ground: Sealing,
	blocks: Pick<BlockStore, 'put'>,
	{ mail, marks, original, problem }: Brought
): Promise<{ legacy: LegacyRecord; original: Attachment }> {
	const about = { name: `${mail.subject.slice(0, 60) || 'message'}.eml`, type: 'message/rfc822' };
	const source = original.kind === 'bytes' ? once(original.rest) : piecesOf(original.blob);
	const rest = await seal(ground, blocks, source, about);
	const whole = original.kind === 'bytes' ? original : { size: rest.size, sha256: rest.sha256 };
	const legacy = {
		...(mail.messageId !== null && { messageId: mail.messageId }),
		...{ rest, size: whole.size, sha256: whole.sha256 },
		parts: original.kind === 'bytes' ? original.parts : [],
		...(marks.labels.length > 0 && { labels: marks.labels }),
		...(marks.isStarred && { isStarred: true as const }),
		...(problem !== null && { problem })
	};
	return { legacy, original: rest };
}

async function seal(
	ground: Sealing,
	blocks: Pick<BlockStore, 'put'>,
	source: AsyncIterable<Uint8Array>,
	about: { readonly name: string; readonly type: string }
): Promise<Attachment> {
	const { key, manifest, sha256: digest, size } = await sealFile(ground, blocks, source);
	return { ...about, size, sha256: digest, key, manifest: idToCid(manifest) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	if (bytes.length > 0) yield await Promise.resolve(bytes);
}

const PIECE_BYTES = 1024 * 1024;

async function* piecesOf(blob: Blob): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < blob.size; at += PIECE_BYTES) {
		yield new Uint8Array(await blob.slice(at, at + PIECE_BYTES).arrayBuffer());
	}
}

const RANKS: readonly Place[] = ['trash', 'archive', 'inbox'];

/** @param added what is new in it, at least one; `places` of the same */
export function withMessages(
	before: ThreadRecord | null,
	id: ThreadId,
	added: readonly MessageRecord[],
	{ places, now }: { readonly places: readonly Place[]; readonly now: number }
): ThreadRecord {
	const isEmpty = before === null || before.count === 0;
	const ranks = [...places, ...(isEmpty ? [] : [before.place])].map((each) => RANKS.indexOf(each));
	const ordered = [...added].sort((a, b) => a.order - b.order);
	const newest = ordered.at(-1);
	const isNewer = newest !== undefined && (isEmpty || newest.order >= before.latest.date);
	// A row without a digest gets one when it is next read (`digests.ts`).
	const digest = isEmpty ? toDigest(added) : before.digest && toDigest(added, before.digest);
	const { digest: _old, ...rest } = before ?? newThread(id);
	return {
		...rest,
		version: rest.version + 1,
		place: RANKS[Math.max(...ranks)] ?? 'archive',
		subject: isEmpty || rest.subject === '' ? (ordered[0]?.mail.subject ?? '') : rest.subject,
		latest: isNewer
			? { from: newest.from, preview: previewOf(newest.mail.text), date: newest.order }
			: rest.latest,
		count: rest.count + added.length,
		unread: rest.unread + added.filter(({ isUnread }) => isUnread).length,
		hasAttachment: rest.hasAttachment || added.some(({ mail }) => mail.attachments.length > 0),
		...(digest && { digest }),
		updatedAt: Math.max(now, rest.updatedAt + 1)
	};
}

/** Without members it is given to nobody, and nobody is reached for it. */
function newThread(id: ThreadId): ThreadRecord {
	return {
		...{ id, secrets: encodeSecrets(NO_SECRETS), version: 0, place: 'trash', subject: '' },
		...{ members: [], latest: { from: addressOf(ordinaryParty('', '')), preview: '', date: 0 } },
		...{ count: 0, unread: 0, hasAttachment: false, dones: {}, updatedAt: 0 }
	};
}
