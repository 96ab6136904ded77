import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeText } from './decode.ts';

const utf16 = (text: string) =>
	new Uint8Array(Uint16Array.from(text, (c) => c.charCodeAt(0)).buffer);

test.each<[name: string, bytes: Uint8Array, text: string, encoding: string]>([
	['UTF-8', new TextEncoder().encode('Grüße, 你好'), 'Grüße, 你好', 'utf-8'],
	['a mark', Uint8Array.of(0xef, 0xbb, 0xbf, 0x61), 'a', 'utf-8'],
	['UTF-16 with a mark', Uint8Array.of(0xff, 0xfe, 0x61, 0), 'a', 'utf-16le'],
	['UTF-16 without', utf16('Hello, world'), 'Hello, world', 'utf-16le'],
	['big end first', Uint8Array.of(0, 0x61, 0, 0x62), 'ab', 'utf-16be'],
	['Windows-1252', Uint8Array.of(0x47, 0x72, 0xfc, 0xdf, 0x65, 0x80), 'Grüße€', 'windows-1252'],
	['nothing', new Uint8Array(), '', 'utf-8']
])('%s', (_, bytes, text, encoding) => {
	expect(decodeText(bytes)).toEqual({ text, encoding, isCut: false });
});

test('a file cut inside a character is still UTF-8', () => {
	const cut = new TextEncoder().encode('aé').subarray(0, 2);
	expect(decodeText(cut, true).encoding).toBe('utf-8');
	expect(decodeText(cut, false).encoding).toBe('windows-1252');
});

test('any bytes give some text', () => {
	fc.assert(
		fc.property(fc.uint8Array(), fc.boolean(), (bytes, isCut) => {
			expect(typeof decodeText(bytes, isCut).text).toBe('string');
		})
	);
});
