import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cidOfObject, encodePlain } from '../wire/codec.ts';
import { cidToEntryId } from '../wire/ids.ts';
import { decodeSecrets, encodeSecrets } from './secrets.ts';

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const epoch = fc.record(
	{ secret: key, listKey: key, joinSeed: key, slot: key, contact: key, storedAt: fc.nat() },
	{ requiredKeys: ['listKey', 'storedAt'] }
);
const secrets = fc
	.record({ epochs: fc.array(epoch, { maxLength: 4 }), sureWriters: fc.array(fc.string()) })
	.map(({ epochs, sureWriters }) => ({
		epochs: Object.fromEntries(
			epochs.map((each, i) => [cidToEntryId(cidOfObject(encodePlain(i))), each])
		),
		sureWriters
	}));

test('secrets come back as they were', () => {
	fc.assert(
		fc.property(secrets, (each) => {
			expect(decodeSecrets(encodeSecrets(each))).toMatchObject(each);
		})
	);
});

test('what is damaged is broken storage, and says so', () => {
	fc.assert(
		fc.property(secrets, fc.nat(), (each, at) => {
			const encoded = encodeSecrets(each);
			const cut = encoded.slice(0, at % encoded.length);
			expect(() => decodeSecrets(cut)).toThrow('stored thread secrets');
		})
	);
});
