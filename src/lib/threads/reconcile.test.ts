import fc from 'fast-check';
import { sha256 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import { toHex, utf8 } from '../wire/bytes.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Result } from '../wire/refusal.ts';
import { createCompare, type Compared } from './reconcile.ts';

const alice = createCompare({ random: (size) => new Uint8Array(size).fill(1) });
const bob = createCompare({ random: (size) => new Uint8Array(size).fill(2) });

function item(name: number): Uint8Array {
	return sha256(utf8(String(name)));
}

/** Both sides talk until nothing is open; what each learnt, and how much was said. */
async function talk(a: readonly Uint8Array[], b: readonly Uint8Array[]) {
	const known = { aLacks: new Set<string>(), bLacks: new Set<string>() };
	let message: Uint8Array | null = await alice.open(a);
	let messages = 1;
	let bytes = message.length;
	for (let isBobs = true; message !== null; isBobs = !isBobs) {
		const answered: Result<Compared> = isBobs
			? await bob.answer(b, message)
			: await alice.answer(a, message);
		if (!answered.ok) throw new Error(answered.reason);
		const { reply, lacking, offered }: Compared = answered.value;
		const [own, other] = isBobs ? [known.bLacks, known.aLacks] : [known.aLacks, known.bLacks];
		for (const one of lacking) own.add(toHex(one));
		for (const one of offered) other.add(toHex(one));
		message = reply;
		if (message !== null) messages++;
		bytes += message?.length ?? 0;
		expect(message?.length ?? 0).toBeLessThanOrEqual(LIMITS.frameBytes);
	}
	return { ...known, messages, bytes };
}

function missingIn(a: readonly Uint8Array[], b: readonly Uint8Array[]): Set<string> {
	const there = new Set(a.map(toHex));
	return new Set(b.map(toHex).filter((one) => !there.has(one)));
}

test('any two sets: every difference is found, and nothing else', async () => {
	const names = fc.uniqueArray(fc.nat(2_000), { maxLength: 900 });
	await fc.assert(
		fc.asyncProperty(names, names, async (some, others) => {
			const [a, b] = [some.map(item), others.map(item)];
			const { aLacks, bLacks } = await talk(a, b);
			expect(aLacks).toEqual(missingIn(a, b));
			expect(bLacks).toEqual(missingIn(b, a));
		}),
		{ numRuns: 40 }
	);
});

test('10 differences among 20,000 items cost few messages and few bytes', async () => {
	const all = Array.from({ length: 20_000 }, (_, name) => item(name));
	const a = all.filter((_, i) => i % 4_000 !== 0);
	const b = all.filter((_, i) => i % 4_000 !== 1_000);
	const { aLacks, bLacks, messages, bytes } = await talk(a, b);
	expect([aLacks.size, bLacks.size]).toEqual([5, 5]);
	expect(messages).toBeLessThanOrEqual(6);
	expect(bytes).toBeLessThan(64 * 1024);
});

test('equal sets are recognised by the first answer', async () => {
	const all = Array.from({ length: 1_000 }, (_, name) => item(name));
	expect((await talk(all, [...all].reverse())).messages).toBe(1);
	expect((await talk([], [])).messages).toBe(1);
});

test('one side empty, the other large', async () => {
	const all = Array.from({ length: 3_000 }, (_, name) => item(name));
	expect((await talk(all, [])).bLacks.size).toBe(3_000);
	expect((await talk([], all)).aLacks.size).toBe(3_000);
});

test('what is no message is refused, without a throw', async () => {
	await fc.assert(
		fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (message) => {
			expect((await alice.answer([item(1)], message)).ok).toBe(false);
		})
	);
	const message = await alice.open([item(1), item(2), item(3)]);
	for (let bit = 0; bit < message.length * 8; bit++) {
		const bent = Uint8Array.from(message);
		bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7));
		await bob.answer([item(2)], bent);
	}
});
