/** The fields of the vector files that we look at. */

import * as v from 'valibot';

const test = <T extends v.ObjectEntries>(fields: T) =>
	v.object({ tcId: v.number(), result: v.picklist(['valid', 'invalid', 'acceptable']), ...fields });

const hex = v.string();

export const aeadFile = v.object({
	testGroups: v.array(
		v.object({
			ivSize: v.number(),
			keySize: v.number(),
			tagSize: v.number(),
			tests: v.array(test({ key: hex, iv: hex, aad: hex, msg: hex, ct: hex, tag: hex }))
		})
	)
});

export const edFile = v.object({
	testGroups: v.array(
		v.object({ publicKey: v.object({ pk: hex }), tests: v.array(test({ msg: hex, sig: hex })) })
	)
});

export const dhFile = v.object({
	testGroups: v.array(
		v.object({ tests: v.array(test({ public: hex, private: hex, shared: hex })) })
	)
});

export const hkdfFile = v.object({
	testGroups: v.array(
		v.object({
			tests: v.array(test({ ikm: hex, salt: hex, info: hex, size: v.number(), okm: hex }))
		})
	)
});

export const mlKemFile = v.object({
	testGroups: v.array(
		v.object({ tests: v.array(test({ seed: hex, ek: v.optional(hex), c: hex, K: hex })) })
	)
});

export const encapsFile = v.object({
	testGroups: v.array(v.object({ tests: v.array(test({ ek: hex, m: hex, c: hex, K: hex })) }))
});

export const keygenFile = v.object({
	testGroups: v.array(v.object({ tests: v.array(test({ seed: hex, ek: hex })) }))
});

export const hpkeFile = v.array(
	v.object({
		mode: v.number(),
		kem_id: v.number(),
		aead_id: v.number(),
		info: hex,
		shared_secret: hex,
		key: hex,
		base_nonce: hex,
		encryptions: v.array(v.object({ aad: hex, ct: hex, nonce: hex, pt: hex }))
	})
);

export const xwingFile = v.array(v.object({ seed: hex, eseed: hex, ss: hex, pk: hex, ct: hex }));
