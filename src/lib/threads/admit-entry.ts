/**
 * A plain entry → what it says and who says it: open under its epoch, check certificate and signature
 * by its own past (protocol §3).
 */

import { entryBodyDecoder, type EntryBody, type JoinBody } from '../wire/body.ts';
import { equal, fromHex, toHex } from '../wire/bytes.ts';
import type { EntryBundle, EntryHeader } from '../wire/entry.ts';
import { cidToEntryId } from '../wire/ids.ts';
import { accept, refuse, type Refusal, type Result } from '../wire/refusal.ts';
import { hasClosed, joinKeyBefore, see, type Admission } from './admission.ts';
import { hasBit, type Bits } from './bits.ts';
import type { Fold } from './fold.ts';
import { certificateToSign, entryKey, joinToSign, toSecret, vouchFor } from './keys.ts';
import { foldBefore, nodeOf, type Content } from './log.ts';
import { isSigned, openBody } from './seal.ts';

export async function admitEntry(
	admission: Admission,
	header: EntryHeader,
	bundle: EntryBundle,
	before: Bits
): Promise<Content> {
	if (bundle.body === null) return { kind: 'absent' };
	const epochId = cidToEntryId(header.epoch);
	const epoch = nodeOf(admission.view, epochId);
	if (epoch?.mark == null || epoch.header.t !== 'epoch' || !hasBit(before, epoch.mark)) {
		return refused('wrong-shape');
	}
	const secret = admission.secrets.get(epochId)?.secret;
	const past = foldBefore(admission.view, before);
	if (secret === undefined || past === null || hasClosed(admission, before)) {
		return { kind: 'sealed', bundle };
	}
	const key = await entryKey(admission.suite, toSecret(secret), header.salt, admission.thread);
	const opened = await openBody(admission.suite, key, header, bundle.body);
	const body = opened.ok ? entryBodyDecoder.decode(opened.value) : opened;
	if (!body.ok) return body.reason === 'unknown-type' ? { kind: 'unknown' } : refused(body.reason);
	return admitBody(admission, header, body.value, past, before);
}

function refused(reason: Refusal): Content {
	return { kind: 'refused', reason };
}

async function admitBody(
	admission: Admission,
	header: EntryHeader,
	body: EntryBody,
	past: Fold,
	before: Bits
): Promise<Content> {
	const by = toHex(body.cert.root);
	const member = past.members.get(by);
	if (member === undefined) return refused('not-a-member');
	const checked = await checkWriter(admission, header, body, past, before);
	if (!checked.ok) return refused(checked.reason);
	const isForbidden = past.rules.write === 'creator' && by !== past.creator && body.t !== 'join';
	if (isForbidden) return refused('not-allowed');
	if (body.t === 'message' && !equal(body.mail.from.root, body.cert.root)) {
		return refused('wrong-shape');
	}
	await takeVouch(admission, body, past);
	see(admission, body);
	const isOnRecord = body.t === 'message' && body.record !== undefined;
	return {
		kind: 'entry',
		body,
		by,
		seq: member.record.seq,
		seenMs: admission.now,
		record: isOnRecord ? 'wrong' : 'off'
	};
}

async function checkWriter(
	admission: Admission,
	header: EntryHeader,
	body: EntryBody,
	past: Fold,
	before: Bits
): Promise<Result<null>> {
	const { cert } = body;
	const join =
		body.t === 'join'
			? await readJoin(admission, body, past)
			: joinKeyBefore(admission, past, toHex(cert.root), before);
	if (join === null) return refuse('unknown-writer');
	if (!equal(cert.writer, body.writer)) return refuse('unknown-writer');
	const message = certificateToSign(admission.origin, cert);
	const key = fromHex(join) ?? new Uint8Array();
	if (!(await admission.suite.verify(key, message, cert.sig))) return refuse('unknown-writer');
	return (await isSigned(admission.suite, header, body)) ? accept(null) : refuse('wrong-signature');
}

/** The join key that the entry names, where the member's seed signed it. */
async function readJoin(
	{ suite, origin }: Admission,
	{ root, join, seedSig, cert }: JoinBody,
	past: Fold
): Promise<string | null> {
	const seed = past.members.get(toHex(root))?.seed ?? null;
	if (seed === null || !equal(root, cert.root)) return null;
	const message = joinToSign(origin, root, join);
	const isProved = await suite.verify(fromHex(seed) ?? new Uint8Array(), message, seedSig);
	return isProved ? toHex(join) : null;
}

/** The authenticator made for me decides whether my app says "really Bob"; its absence voids nothing. */
async function takeVouch(admission: Admission, body: EntryBody, past: Fold): Promise<void> {
	const { me, suite, origin, sure } = admission;
	const writer = toHex(body.writer);
	const mine = body.vouches.find(({ to }) => equal(to, me.root));
	const auth = past.members.get(toHex(body.cert.root))?.identity?.card.auth;
	if (mine === undefined || auth === undefined || sure.has(writer)) return;
	const expected = await vouchFor(suite, me.auth, auth, {
		origin,
		writer: body.writer,
		writerRoot: body.cert.root,
		readerRoot: me.root
	});
	if (expected !== null && equal(expected, mine.mac)) sure.add(writer);
}
