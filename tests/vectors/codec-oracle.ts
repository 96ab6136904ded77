/**
 * What the codec was before it became fast, as the oracle of the one that is: the library decodes, and
 * what does not come back byte for byte is refused; valibot alone judges the shape.
 */

import * as dagCbor from '@ipld/dag-cbor';
import { CID } from 'multiformats/cid';
import * as v from 'valibot';
import { equal } from '../../src/lib/wire/bytes.ts';
import type { Plain } from '../../src/lib/wire/codec.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import { accept, refuse, type Result } from '../../src/lib/wire/refusal.ts';

export function encodeSlowly(value: Plain): Uint8Array {
	if (depthOf(value) > LIMITS.depth) throw new RangeError('too deep');
	return Uint8Array.from(dagCbor.encode(withoutUndefined(value)));
}

function withoutUndefined(value: Plain): unknown {
	if (Array.isArray(value)) return value.map(withoutUndefined);
	if (value === null || typeof value !== 'object') return value;
	if (value instanceof Uint8Array || CID.asCID(value) !== null) return value;
	const present = Object.entries(value).filter(([, field]) => field !== undefined);
	return Object.fromEntries(present.map(([key, field]) => [key, withoutUndefined(field ?? null)]));
}

export function decodeSlowly(bytes: Uint8Array): Result<Plain> {
	try {
		const value: unknown = dagCbor.decode(bytes);
		const isOurs =
			isPlain(value) && depthOf(value) <= LIMITS.depth && equal(dagCbor.encode(value), bytes);
		return isOurs ? accept(value) : refuse('not-canonical');
	} catch {
		return refuse('not-canonical');
	}
}

function isPlain(value: unknown): value is Plain {
	if (value === null || value instanceof Uint8Array) return true;
	if (typeof value === 'number') return Number.isSafeInteger(value);
	if (typeof value !== 'object') return typeof value === 'string' || typeof value === 'boolean';
	const cid = CID.asCID(value);
	if (cid !== null) return isOurCid(cid);
	return Object.values(value).every(isPlain);
}

function depthOf(value: Plain | undefined): number {
	if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return 0;
	if (CID.asCID(value) !== null) return 0;
	const inside: readonly (Plain | undefined)[] = Object.values(value);
	return inside.reduce<number>((most, each) => Math.max(most, 1 + depthOf(each)), 1);
}

function isOurCid({ version, code, multihash }: CID): boolean {
	const isOurCodec = code === 0x71 || code === 0x55;
	return version === 1 && isOurCodec && multihash.code === 0x12 && multihash.size === 32;
}

export function judgeSlowly<T>(schema: v.GenericSchema<unknown, T>, value: Plain): Result<T> {
	const parsed = v.safeParse(schema, value);
	return parsed.success ? accept(parsed.output) : refuse('wrong-shape');
}
