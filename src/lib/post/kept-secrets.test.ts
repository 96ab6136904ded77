import { describe, expect, test } from 'vitest';
import { createMemoryRing } from '../../../tests/conformance/memory-ring.ts';
import { decodeSecrets, encodeSecrets, type ThreadSecrets } from '../threads/secrets.ts';
import type { ThreadState } from '../threads/thread.ts';
import { toHex } from '../wire/bytes.ts';
import { cidOfRaw } from '../wire/codec.ts';
import { cidToEntryId } from '../wire/ids.ts';
import { keepPrekeys } from './kept-prekeys.ts';
import { keepSecrets, openSecrets } from './kept-secrets.ts';
import { RingAway } from './ports.ts';

const [FIRST, SECOND] = [1, 2].map((byte) => cidToEntryId(cidOfRaw(Uint8Array.of(byte))));
const fill = (byte: number) => new Uint8Array(32).fill(byte);
const epoch = (byte: number) => ({ secret: fill(byte), listKey: fill(9), storedAt: 5 });

function holding(...bytes: number[]) {
	const ids = [FIRST, SECOND];
	const epochs = Object.fromEntries(bytes.map((byte, at) => [ids[at], epoch(byte)]));
	const secrets: ThreadSecrets = { epochs, sureWriters: [] };
	// Only the secrets of a state are looked at.
	const state = { replica: { secrets } } as unknown as ThreadState;
	return { state, secrets };
}

describe('epoch secrets in storage', () => {
	test('stand under the ring, each under a key of its own, and are used as they were', async () => {
		const ring = createMemoryRing();
		const kept = await keepSecrets({ ring }, holding(1, 2));
		expect(kept.state.replica.secrets).toBe(kept.secrets);
		const stored = encodeSecrets(kept.secrets);
		expect(ring.size).toBe(2);
		const bare = Object.values(decodeSecrets(stored).epochs).filter(({ secret }) => secret);
		expect(bare).toEqual([]);
		const opened = await openSecrets({ ring }, decodeSecrets(stored));
		expect(Object.values(opened.epochs).map(({ secret }) => secret)).toEqual([fill(1), fill(2)]);
		expect(await keepSecrets({ ring }, { ...kept, secrets: opened })).toMatchObject({
			secrets: opened
		});
		expect(ring.size).toBe(2);
	});

	test('stand as they are where there is no ring now, and come under it when it is there', async () => {
		const ring = createMemoryRing();
		ring.isAway = true;
		const bare = await keepSecrets({ ring }, holding(1));
		expect(toHex(encodeSecrets(bare.secrets))).toContain(toHex(fill(1)));
		ring.isAway = false;
		const kept = await keepSecrets({ ring }, bare);
		expect(ring.size).toBe(1);
		expect(Object.values(kept.secrets.epochs)[0]?.kept).toBeDefined();
	});

	test('are waited for while the ring is away, and count as destroyed when it is lost', async () => {
		const ring = createMemoryRing();
		const { secrets } = await keepSecrets({ ring }, holding(1));
		const stored = decodeSecrets(encodeSecrets(secrets));
		ring.isAway = true;
		await expect(openSecrets({ ring }, stored)).rejects.toThrow(RingAway);
		ring.isAway = false;
		ring.lose();
		const [lost] = Object.values((await openSecrets({ ring }, stored)).epochs);
		expect(lost).toEqual({ listKey: fill(9), storedAt: 5, endedAt: 5 });
	});
});

test('prekeys of older versions come under the ring', async () => {
	const ring = createMemoryRing();
	const old = { id: fill(3), kemSeed: new Uint8Array(64).fill(4), dhSeed: fill(5), madeMs: 1 };
	const [kept, again] = [await keepPrekeys({ ring }, [old]), await keepPrekeys({ ring }, [old])];
	expect(kept).toEqual([{ id: old.id, madeMs: 1, kept: kept[0]?.kept }]);
	expect(kept[0]?.kept).not.toEqual(again[0]?.kept);
	const { under = fill(0), sealed = fill(0) } = kept[0]?.kept ?? {};
	const seeds = await ring.open(under, sealed);
	expect(seeds).toEqual(Uint8Array.of(...old.kemSeed, ...old.dhSeed));
});
