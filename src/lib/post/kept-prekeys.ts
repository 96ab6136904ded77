/** The private parts of prekeys in storage: under the key ring, for each of them is to be destroyed. */

import type { OpeningPrekey } from '../crypto/envelope.ts';
import { Secret } from '../crypto/secret.ts';
import { loadPrekey } from '../identity/prekey.ts';
import { concat } from '../wire/bytes.ts';
import { keepEach } from './kept-secrets.ts';
import type { Desk } from './ports.ts';
import type { PrekeyRecord } from './records.ts';

const DH_BYTES = 32;

/** Those that are not under the ring yet come under it, where there is one. */
export async function keepPrekeys(
	desk: Pick<Desk, 'ring'>,
	prekeys: readonly PrekeyRecord[]
): Promise<PrekeyRecord[]> {
	const bare = prekeys.filter(({ kept }) => kept === undefined);
	const kept = await keepEach(desk, bare.map(seedsIn));
	if (kept === null) return [...prekeys];
	return prekeys.map((prekey) => {
		const under = kept[bare.indexOf(prekey)];
		if (under === undefined) return prekey;
		const { kemSeed: _kem, dhSeed: _dh, ...rest } = prekey;
		return { ...rest, kept: under };
	});
}

/** Those whose private parts still exist. Throws `RingAway`. */
export async function openPrekeys(
	desk: Pick<Desk, 'ring' | 'suite'>,
	prekeys: readonly PrekeyRecord[]
): Promise<OpeningPrekey[]> {
	const opened = await Promise.all(prekeys.map((prekey) => openPrekey(desk, prekey)));
	return opened.filter((prekey) => prekey !== null);
}

/** `null`: it went with the ring. */
export async function openPrekey(
	{ ring, suite }: Pick<Desk, 'ring' | 'suite'>,
	prekey: PrekeyRecord
): Promise<OpeningPrekey | null> {
	const { id, kept } = prekey;
	const seeds = kept === undefined ? seedsIn(prekey) : await ring.open(kept.under, kept.sealed);
	if (seeds === null) return null;
	return loadPrekey(suite, {
		id,
		kemSeed: new Secret(seeds.slice(0, -DH_BYTES)),
		dhSeed: new Secret(seeds.slice(-DH_BYTES))
	});
}

function seedsIn({ kemSeed, dhSeed }: PrekeyRecord): Uint8Array {
	if (kemSeed === undefined || dhSeed === undefined) throw new Error('a prekey has its seeds');
	return concat(kemSeed, dhSeed);
}
