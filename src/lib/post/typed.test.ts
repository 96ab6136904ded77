import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rootKeyToAddress } from '../wire/ids.ts';
import { readRecipient } from './typed.ts';

const address = rootKeyToAddress(new Uint8Array(32).fill(5));

test('an address is read in every form in which it is copied', () => {
	for (const text of [
		address,
		`bob@${address}.ipns`,
		`Bob <bob@${address}.ipns>`,
		`"Bob B." <bob@${address}>`,
		`  <${address}>  `
	]) {
		expect(readRecipient(text)).toMatchObject({ kind: 'address', address });
	}
	expect(readRecipient(`Bob <bob@${address}.ipns>`)).toMatchObject({ name: 'Bob' });
});

test('an ordinary address is named as one', () => {
	expect(readRecipient('Bob <bob@example.org>')).toEqual({
		kind: 'ordinary',
		address: 'bob@example.org'
	});
});

test('anything else is unreadable, and takes no time', () => {
	fc.assert(
		fc.property(fc.string({ maxLength: 200 }), (text) => {
			expect(readRecipient(text).kind).not.toBe('address');
		})
	);
	expect(readRecipient(`${'<'.repeat(100_000)}`).kind).toBe('unreadable');
	expect(readRecipient(`"${' '.repeat(100_000)}`).kind).toBe('unreadable');
});
