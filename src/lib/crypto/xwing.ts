/**
 * X-Wing, HPKE's KEM 0x647a (draft-connolly-cfrg-xwing-kem §5): ML-KEM-768 and X25519, whichever
 * libraries they come from, joined by SHA3-256.
 *
 * | | ML-KEM-768 | X25519 |
 * |---|---|---|
 * | SHAKE-256(seed 32, 96) | 64 | 32 |
 * | public key, 1,216 | 1,184 | 32 |
 * | enc, 1,120 | 1,088 | 32 |
 */

import { sha3_256, shake256 } from '@noble/hashes/sha3.js';
import { concat, utf8 } from '../wire/bytes.ts';
import { requireSize } from './bytes.ts';
import { ML_KEM_SIZES, type MlKem } from './mlkem.ts';
import { Secret } from './secret.ts';
import { SIZES, type Suite } from './suite.ts';

/** The draft's picture of an X-wing, six bytes (§5.3). */
const LABEL = utf8('\\.//^\\');

type Xwing = Pick<Suite, 'kem' | 'encapsulate'>;

/** X25519 results of low order make the whole `null`, which the draft leaves open. */
export function createXwing(mlKem: MlKem, agreement: Suite['agreement']): Xwing {
	return {
		async kem(seed) {
			const halves = await expandSeed(seed, mlKem, agreement);
			const publicKey = concat(halves.m.publicKey, halves.x.publicKey);
			return {
				publicKey,
				async decapsulate(enc) {
					if (enc.length !== SIZES.enc) return null;
					const point = enc.subarray(ML_KEM_SIZES.ciphertext);
					const m = await halves.m.decapsulate(enc.subarray(0, ML_KEM_SIZES.ciphertext));
					const x = await halves.x.agree(point);
					return m && x && combine(m, x, point, halves.x.publicKey);
				}
			};
		},
		async encapsulate(publicKey, random) {
			if (publicKey.length !== SIZES.kemPublic) return null;
			const coins = random(2 * SIZES.seed);
			const peer = publicKey.subarray(ML_KEM_SIZES.publicKey);
			const [ephemeral, m] = await Promise.all([
				agreement(new Secret(coins.slice(SIZES.seed))),
				mlKem.encapsulate(
					publicKey.subarray(0, ML_KEM_SIZES.publicKey),
					new Secret(coins.slice(0, SIZES.seed))
				)
			]);
			const x = await ephemeral.agree(peer);
			if (m === null || x === null) return null;
			return {
				enc: concat(m.ciphertext, ephemeral.publicKey),
				shared: combine(m.shared, x, ephemeral.publicKey, peer)
			};
		}
	};
}

async function expandSeed(seed: Secret, mlKem: MlKem, agreement: Suite['agreement']) {
	requireSize('an X-Wing seed', seed.length, SIZES.seed);
	const expanded = shake256(seed.reveal(), { dkLen: ML_KEM_SIZES.seed + SIZES.seed });
	const [m, x] = await Promise.all([
		mlKem.key(new Secret(expanded.slice(0, ML_KEM_SIZES.seed))),
		agreement(new Secret(expanded.slice(ML_KEM_SIZES.seed)))
	]);
	return { m, x };
}

function combine(m: Secret, x: Secret, point: Uint8Array, publicKey: Uint8Array): Secret {
	return new Secret(sha3_256(concat(m.reveal(), x.reveal(), point, publicKey, LABEL)));
}
