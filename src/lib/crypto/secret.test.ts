import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret, equalConstantTime, equalSecret } from './secret.ts';

const secret = new Secret(Uint8Array.of(0xab, 0xcd));

describe('Secret', () => {
	it('shows itself to nothing that prints', () => {
		const shown = [
			String(secret),
			`${secret}`,
			JSON.stringify({ secret }),
			inspect({ deep: { secret } }, { showHidden: true, depth: null }),
			Object.prototype.toString.call(secret),
			Object.keys(secret).join(),
			new Error(String(secret)).message
		];
		for (const text of shown) expect(text).not.toMatch(/ab|cd|171|205/);
		expect(shown.slice(0, 2)).toEqual(['<redacted>', '<redacted>']);
	});

	it('gives its bytes only on request, and forgets them on request', () => {
		const own = new Secret(Uint8Array.of(1, 2, 3));
		expect(own.reveal()).toEqual(Uint8Array.of(1, 2, 3));
		expect(own.length).toBe(3);
		own.erase();
		expect(own.reveal()).toEqual(new Uint8Array(3));
	});

	it('is not copied by a structured clone', () => {
		expect(structuredClone(secret)).toEqual({});
	});
});

describe('comparison', () => {
	it('is by content and length', () => {
		expect(equalSecret(secret, new Secret(Uint8Array.of(0xab, 0xcd)))).toBe(true);
		expect(equalSecret(secret, new Secret(Uint8Array.of(0xab, 0xce)))).toBe(false);
		expect(equalConstantTime(Uint8Array.of(1), Uint8Array.of(1, 0))).toBe(false);
		expect(equalConstantTime(Uint8Array.of(), Uint8Array.of())).toBe(true);
		expect(equalConstantTime(Uint8Array.of(1, 2), Uint8Array.of(2, 1))).toBe(false);
	});
});
