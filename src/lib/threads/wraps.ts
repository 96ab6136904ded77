/**
 * An epoch's secret, wrapped to each member (protocol §4): envelopes to prekeys, sorted by a hint that
 * only maker and member can compute, in blocks of at most 128.
 */

import { openEnvelope, sealEnvelope, type OpenedEnvelope } from '../crypto/envelope.ts';
import { randomSecret } from '../crypto/random.ts';
import type { Agreement } from '../crypto/suite.ts';
import { wrapPayloadDecoder, type WrapPayload } from '../wire/body.ts';
import { compare, concat, equal } from '../wire/bytes.ts';
import { cidOfObject, encodeFields, encodePlain, type Plain } from '../wire/codec.ts';
import { wrapBlockDecoder, type EpochHeader, type WrapRef } from '../wire/entry.ts';
import type { Card, CardPair } from '../wire/identity.ts';
import { LIMITS } from '../wire/limits.ts';
import { accept, refuse, type Result } from '../wire/refusal.ts';
import { commitTo, hintFor, toSecret } from './keys.ts';
import type { Me, OwnPrekey, ThreadPorts } from './thread.ts';

export interface WrapTarget {
	readonly card: Card;
	readonly xwing: Uint8Array;
	readonly payload: Pick<WrapPayload, 'secret' | 'seed' | 'slot' | 'contact'>;
}

export type WrapContext = Pick<EpochHeader, 'thread' | 'salt' | 'commit' | 'body'>;

export interface Wraps {
	readonly refs: readonly WrapRef[];
	readonly blocks: readonly Uint8Array[];
}

export function drawEphemeral({ suite, random }: ThreadPorts): Promise<Agreement> {
	return suite.agreement(randomSecret(random, 32));
}

/** Refuses what `sealEnvelope` refuses: a member's keys are not what its card says. */
export async function makeWraps(
	ports: ThreadPorts,
	me: Me,
	pair: CardPair,
	context: WrapContext,
	ephemeral: Agreement,
	targets: readonly WrapTarget[]
): Promise<Result<Wraps>> {
	const wraps: Wrap[] = [];
	for (let start = 0; start < targets.length; start += AT_ONCE) {
		const group = targets.slice(start, start + AT_ONCE);
		const made = await Promise.all(
			group.map((target) => makeWrap(ports, me, pair, context, ephemeral, target))
		);
		for (const wrap of made) {
			if (!wrap.ok) return wrap;
			wraps.push(wrap.value);
		}
	}
	wraps.sort((a, b) => compare(concat(a.hint, a.sealed), concat(b.hint, b.sealed)));
	return accept(toBlocks(wraps));
}

interface Wrap {
	readonly hint: Uint8Array;
	readonly sealed: Uint8Array;
}

/** Each waits a dozen times for the platform, which has more than one thread. */
const AT_ONCE = 16;

async function makeWrap(
	ports: ThreadPorts,
	me: Me,
	pair: CardPair,
	context: WrapContext,
	ephemeral: Agreement,
	{ card, xwing, payload }: WrapTarget
): Promise<Result<Wrap>> {
	const hint = await hintFor(ports.suite, ephemeral, card.prekey.dh, context.salt);
	if (hint === null) return refuse('wrong-shape');
	const sealed = await sealEnvelope(ports, {
		purpose: 'wrap',
		recipient: { root: card.root, prekey: card.prekey, xwing },
		sender: { root: me.root, pair, authentication: me.auth },
		context: toContext(context),
		payload: encodePlain({ ...payload, v: 1, t: 'wrap' })
	});
	return sealed.ok ? accept({ hint, sealed: sealed.value }) : sealed;
}

function toBlocks(wraps: readonly Wrap[]): Wraps {
	const refs: WrapRef[] = [];
	const blocks: Uint8Array[] = [];
	for (let start = 0; start < wraps.length; start += LIMITS.wrapsPerBlock) {
		const part = wraps.slice(start, start + LIMITS.wrapsPerBlock);
		const block = encodeFields({ v: 1, t: 'wraps', wraps: part });
		blocks.push(block);
		refs.push({ block: cidOfObject(block), first: part[0]?.hint ?? new Uint8Array() });
	}
	return { refs, blocks };
}

export interface OpenedWrap {
	readonly envelope: OpenedEnvelope;
	readonly payload: WrapPayload;
}

/**
 * `null`: no wrap for me among these blocks. Refuses `commit-mismatch` where the secret inside is not
 * the epoch's: it counts as missing (protocol §3), so that one CID cannot open to two texts.
 *
 * @param blocks those that the header names
 */
export async function openWrap(
	ports: ThreadPorts,
	me: Me,
	header: EpochHeader,
	blocks: readonly Uint8Array[]
): Promise<Result<OpenedWrap> | null> {
	let fault: Result<OpenedWrap> | null = null;
	for (const prekey of me.prekeys) {
		const hint = await hintFor(ports.suite, prekey.dh, header.eph, header.salt);
		for (const sealed of hint === null ? [] : findWraps(blocks, hint)) {
			const opened = await openOne(ports, me, prekey, header, sealed);
			if (opened?.ok === true) return opened;
			fault ??= opened;
		}
	}
	return fault;
}

function findWraps(blocks: readonly Uint8Array[], hint: Uint8Array): Uint8Array[] {
	return blocks.flatMap((block) => {
		const decoded = wrapBlockDecoder.decode(block);
		if (!decoded.ok) return [];
		return decoded.value.wraps.filter((wrap) => equal(wrap.hint, hint)).map(({ sealed }) => sealed);
	});
}

async function openOne(
	{ suite }: ThreadPorts,
	me: Me,
	prekey: OwnPrekey,
	header: EpochHeader,
	sealed: Uint8Array
): Promise<Result<OpenedWrap> | null> {
	const reader = { root: me.root, prekeys: [prekey] };
	const opened = await openEnvelope(suite, reader, 'wrap', toContext(header), sealed);
	if (opened === null || !opened.ok) return opened;
	const payload = wrapPayloadDecoder.decode(opened.value.payload);
	if (!payload.ok) return payload;
	const commit = await commitTo(suite, toSecret(payload.value.secret), header.salt);
	if (!equal(commit, header.commit)) return refuse('commit-mismatch');
	return accept({ envelope: opened.value, payload: payload.value });
}

/** §8.5: so that the tag vouches for the list. */
function toContext({ thread, salt, commit, body }: WrapContext): readonly Plain[] {
	return [thread ?? null, salt, commit, body];
}
