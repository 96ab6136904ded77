import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressToRootKey, rootKeyToAddress, type Address } from '../wire/ids.ts';
import { remedyFor, successionOf } from './recovery.ts';

describe('after a mishap', () => {
	const withPhrase = { hasPhrase: true, devicesLeft: 1 };
	const without = { hasPhrase: false, devicesLeft: 1 };

	it('the phrase makes a new root record, where a key may be in other hands', () => {
		expect(remedyFor('stolen', withPhrase).kind).toBe('new-root-record');
		expect(remedyFor('hacked', withPhrase).kind).toBe('new-root-record');
		expect(remedyFor('retired', withPhrase).kind).toBe('retire');
	});

	it('without it a device is left out, and the thief keeps the card key', () => {
		expect(remedyFor('stolen', without).kind).toBe('retire-only');
		expect(remedyFor('hacked', without).kind).toBe('retire-only');
		expect(remedyFor('retired', without).kind).toBe('retire');
	});

	it('of a last device only the phrase is left', () => {
		for (const mishap of ['retired', 'stolen', 'hacked'] as const) {
			expect(remedyFor(mishap, { hasPhrase: true, devicesLeft: 0 }).kind).toBe('new-root-record');
			expect(remedyFor(mishap, { hasPhrase: false, devicesLeft: 0 }).kind).toBe('begin-anew');
		}
	});
});

describe('a successor', () => {
	const people = Array.from({ length: 12 }, (_, n) =>
		rootKeyToAddress(new Uint8Array(32).fill(n + 1))
	);
	const at = (n: number): Address => people[n] ?? rootKeyToAddress(new Uint8Array(32));
	/** Who names whom. */
	const world = (names: Readonly<Record<number, number>>) => (address: Address) => {
		const successor = names[people.indexOf(address)];
		return successor === undefined ? {} : { successor: addressToRootKey(at(successor)) };
	};

	it('is the end of the line', () => {
		expect(successionOf(at(0), world({}))).toEqual({ kind: 'itself' });
		expect(successionOf(at(0), () => null)).toEqual({ kind: 'itself' });
		expect(successionOf(at(0), world({ 0: 1 }))).toEqual({ kind: 'successor', address: at(1) });
		expect(successionOf(at(0), world({ 0: 1, 1: 2 }))).toEqual({
			kind: 'successor',
			address: at(2)
		});
	});

	it('leads nowhere in a circle, or at the end of a line without end', () => {
		expect(successionOf(at(0), world({ 0: 0 }))).toEqual({ kind: 'loop' });
		expect(successionOf(at(0), world({ 0: 1, 1: 2, 2: 1 }))).toEqual({ kind: 'loop' });
		const line = Object.fromEntries(people.slice(1).map((_, n) => [n, n + 1]));
		expect(successionOf(at(0), world(line))).toEqual({ kind: 'loop' });
		expect(successionOf(at(3), world(line))).toEqual({ kind: 'successor', address: at(11) });
	});

	it('always comes to an answer', () => {
		const names = fc.dictionary(fc.nat({ max: 11 }).map(String), fc.nat({ max: 11 }));
		fc.assert(
			fc.property(names, (line) => {
				const answer = successionOf(at(0), world(line));
				if (answer.kind !== 'successor') return;
				expect(world(line)(answer.address)).toEqual({});
			})
		);
	});
});
