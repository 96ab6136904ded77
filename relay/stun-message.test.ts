import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex, toHex } from '../src/lib/wire/bytes.ts';
import { formatBindingResponse, parseBindingRequest } from './stun-message.ts';

const hex = (text: string) => fromHex(text.replace(/\s/g, '')) ?? new Uint8Array(0);

/** RFC 5769 §2.1, without its attributes. */
const TRANSACTION = hex('b7e7a701bc34d686fa87dfae');
const REQUEST = hex(`0001 0000 2112a442 ${toHex(TRANSACTION)}`);

test('writes addresses as in RFC 5769, §2.2 and §2.3', () => {
	const four = formatBindingResponse(TRANSACTION, { address: '192.0.2.1', port: 32853 });
	expect(toHex(four)).toBe(
		toHex(hex(`0101 000c 2112a442 ${toHex(TRANSACTION)} 0020 0008 0001 a147 e112a643`))
	);
	const address = '2001:db8:1234:5678:11:2233:4455:6677';
	const six = formatBindingResponse(TRANSACTION, { address, port: 32853 });
	expect(toHex(six.subarray(20))).toBe(
		toHex(hex('0020 0014 0002 a147 0113a9faa5d3f179bc25f4b5bed2b9d9'))
	);
});

test('reads the transaction of a binding request, with attributes or without', () => {
	expect(parseBindingRequest(REQUEST)).toEqual(TRANSACTION);
	const software = hex('8022 0004 74657374');
	const longer = hex(`0001 0008 2112a442 ${toHex(TRANSACTION)} ${toHex(software)}`);
	expect(parseBindingRequest(longer)).toEqual(TRANSACTION);
});

test('answers nothing else', () => {
	const changes: Readonly<Record<string, (message: Uint8Array) => Uint8Array>> = {
		empty: () => new Uint8Array(0),
		cut: (message) => message.subarray(0, 19),
		'with a wrong length': (message) => message.with(3, 4),
		'a response': (message) => message.with(0, 1),
		'an allocation': (message) => message.with(1, 3),
		'without the cookie': (message) => message.with(4, 0),
		'not aligned': (message) => Uint8Array.from([...message, 0])
	};
	for (const [name, change] of Object.entries(changes)) {
		expect(parseBindingRequest(change(REQUEST)), name).toBeNull();
	}
});

test('survives anything, and never answers with much more than it was asked with', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 100 }), (tail) => {
			const message = Uint8Array.from([...REQUEST.subarray(0, 8), ...tail]);
			const transaction = parseBindingRequest(message);
			if (transaction === null) return;
			const answer = formatBindingResponse(transaction, { address: '::1', port: 1 });
			expect(answer.length).toBeLessThanOrEqual(message.length + 24);
		})
	);
});
