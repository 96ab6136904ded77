import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { addressToBytes, clientAddress, isPrivateAddress, networkOf } from './origin.ts';

function request(remote: string, forwarded?: string): IncomingMessage {
	const socket = new Socket();
	Object.defineProperty(socket, 'remoteAddress', { value: remote });
	const made = new IncomingMessage(socket);
	if (forwarded !== undefined) made.headers['x-forwarded-for'] = forwarded;
	return made;
}

test('believes only what a trusted proxy saw', () => {
	const forged = request('203.0.113.9', '198.51.100.1');
	expect(clientAddress(forged, false)).toBe('203.0.113.9');
	expect(clientAddress(request('127.0.0.1', '8.8.8.8, 1.1.1.1'), true)).toBe('1.1.1.1');
	expect(clientAddress(request('127.0.0.1', 'nonsense'), true)).toBe('127.0.0.1');
	expect(clientAddress(request('::ffff:192.0.2.7'), false)).toBe('192.0.2.7');
});

test('counts an IPv6 network as one, since its owner has every address in it', () => {
	expect(networkOf('192.0.2.1')).toBe('192.0.2.1');
	expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2');
	expect(networkOf('2001:0db8::1')).toBe('2001:db8:0:0');
	expect(networkOf('::1')).toBe('0:0:0:0');
});

test.each([
	...['127.0.0.1', '10.1.2.3', '192.168.0.1', '172.20.0.1', '169.254.169.254', '0.0.0.0'],
	...['100.64.0.1', '::1', '::', 'fe80::1', 'fd00::1', '::ffff:127.0.0.1', '::ffff:7f00:1'],
	...['64:ff9b::7f00:1', '255.255.255.255', 'no address']
])('takes %s for private', (address) => {
	expect(isPrivateAddress(address)).toBe(true);
});

test.each(['8.8.8.8', '2606:4700::1111', '172.32.0.1', '::ffff:8.8.8.8'])(
	'takes %s for public',
	(address) => {
		expect(isPrivateAddress(address)).toBe(false);
	}
);

test('writes addresses as bytes', () => {
	expect(addressToBytes('192.0.2.1')).toEqual(Uint8Array.of(192, 0, 2, 1));
	expect(addressToBytes('::ffff:192.0.2.1')).toEqual(Uint8Array.of(192, 0, 2, 1));
	expect([...addressToBytes('2001:db8::1')]).toEqual([
		...[0x20, 1, 0x0d, 0xb8],
		...Array<number>(11).fill(0),
		1
	]);
});
