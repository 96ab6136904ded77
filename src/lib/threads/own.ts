/**
 * Entries that we have just sealed ourselves, and the one place that makes them. An `OwnEntry` holds
 * what was sealed in clear, decoded as everybody will decode it, so that nobody here opens, reads and
 * verifies again what we signed a moment ago. Its private fields make it a type of its own: nothing
 * that came from outside, or out of storage, can be passed for one.
 */

import type { Secret } from '../crypto/secret.ts';
import { SIZES, type Signer, type Suite } from '../crypto/suite.ts';
import { entryBodyDecoder, stateDecoder, type Body } from '../wire/body.ts';
import { cutField } from '../wire/cbor-cut.ts';
import { copyFields, encodeFields, sha256ToObjectCid } from '../wire/codec.ts';
import {
	headerCore,
	headerDecoder,
	noteEntryId,
	type EntryBundle,
	type Header,
	type WrapRef
} from '../wire/entry.ts';
import { cidToEntryId } from '../wire/ids.ts';
import { accept, type Result } from '../wire/refusal.ts';
import type { Arrived } from './waiting.ts';
import { sealBody } from './seal.ts';

class OwnEntryMade {
	readonly ok = true;
	readonly #arrived: Arrived;
	readonly #body: Body;

	constructor(arrived: Arrived, body: Body) {
		this.#arrived = arrived;
		this.#body = body;
	}

	/** As if it had come through the door for everybody, whole. */
	get arrived(): Arrived {
		return this.#arrived;
	}

	get bundle() {
		return this.#arrived.bundle;
	}

	get body(): Body {
		return this.#body;
	}
}

export type OwnEntry = OwnEntryMade;

type Fields = Readonly<Record<string, unknown>>;

/** Stands in a header until there is one. */
const NO_HASH = new Uint8Array(SIZES.hash);

/** What its maker signs with and seals under. */
export interface OwnKeys {
	readonly writer: Signer;
	/** Of this body alone. */
	readonly key: Secret | Promise<Secret>;
}

interface Wrapped {
	readonly refs: readonly WrapRef[];
	readonly blocks: readonly Uint8Array[];
}

/** Refuses `too-large`. */
export async function sealOwnEntry(
	suite: Suite,
	core: Fields,
	keys: OwnKeys,
	fields: Fields
): Promise<Result<OwnEntry>> {
	const header = encodeFields({ ...core, body: NO_HASH });
	const cut = cutField(header, 'body');
	if (cut === null) throw new Error('it was just written');
	const sealed = await sealFields(suite, cut.rest, keys, fields);
	if (!sealed.ok) return sealed;
	const { body, hash, sig } = sealed.value;
	header.set(hash, cut.end - hash.length);
	const read = ours(headerDecoder.judge(copyFields({ ...core, body: hash })));
	const own = await toOwn(suite, read, { header, body, wraps: [] });
	const said = ours(entryBodyDecoder.judge(copyFields({ ...fields, sig })));
	return accept(new OwnEntryMade(own, said));
}

/** `wrap`: given the header without its wraps. Refuses `too-large` and what `wrap` refuses. */
export async function sealOwnEpoch<Core extends Fields>(
	suite: Suite,
	core: Core,
	keys: OwnKeys,
	fields: Fields,
	wrap: (bound: Core & { readonly body: Uint8Array }) => Promise<Result<Wrapped>>
): Promise<Result<OwnEntry>> {
	const sealed = await sealFields(suite, headerCore(core), keys, fields);
	if (!sealed.ok) return sealed;
	const { body, hash, plain } = sealed.value;
	const bound = { ...core, body: hash };
	const wrapped = await wrap(bound);
	if (!wrapped.ok) return wrapped;
	const { refs, blocks } = wrapped.value;
	const header = encodeFields({ ...bound, wraps: refs });
	const read = ours(headerDecoder.decode(header));
	const own = await toOwn(suite, read, { header, body, wraps: blocks });
	return accept(new OwnEntryMade(own, ours(stateDecoder.decode(plain))));
}

async function sealFields(
	suite: Suite,
	core: Uint8Array,
	{ writer, key }: OwnKeys,
	fields: Fields
) {
	const sealed = await sealBody(suite, writer, key, core, fields);
	if (!sealed.ok) return sealed;
	const { sealed: body, ...rest } = sealed.value;
	return accept({ ...rest, body, hash: await suite.sha256(body) });
}

async function toOwn(suite: Suite, header: Header, bundle: EntryBundle): Promise<Arrived> {
	const cid = sha256ToObjectCid(await suite.hashBlock(bundle.header));
	const id = cidToEntryId(cid);
	noteEntryId(bundle.header, id);
	return { id, cid, header, bundle };
}

/** What nobody would take is a bug of ours. */
function ours<T>(result: Result<T>): T {
	if (!result.ok) throw new Error(`we refuse our own entry: ${result.reason}`);
	return result.value;
}
