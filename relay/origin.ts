/** Where a request comes from, and whether an address is one of a private network. */

import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/**
 * The client's IP address. X-Forwarded-For counts only behind a proxy of the operator's own: its
 * last entry is what that proxy saw; everything before it is the client's invention.
 */
export function clientAddress(request: IncomingMessage, trustProxy: boolean): string {
	const forwarded = request.headers['x-forwarded-for'];
	if (trustProxy && typeof forwarded === 'string') {
		const last = forwarded.split(',').at(-1)?.trim() ?? '';
		if (isIP(last) !== 0) return unmap(last);
	}
	return unmap(request.socket.remoteAddress ?? '0.0.0.0');
}

/**
 * What a rate limit counts: an IPv4 address, or the /64 of an IPv6 one, since whoever has one of
 * those has them all.
 */
export function networkOf(address: string): string {
	if (isIP(address) !== 6) return address;
	return expandIpv6(address).slice(0, 4).join(':');
}

const PRIVATE = new BlockList();
for (const [network, prefix] of [
	['0.0.0.0', 8],
	['10.0.0.0', 8],
	['100.64.0.0', 10],
	['127.0.0.0', 8],
	['169.254.0.0', 16],
	['172.16.0.0', 12],
	['192.0.0.0', 24],
	['192.0.2.0', 24],
	['192.168.0.0', 16],
	['198.18.0.0', 15],
	['198.51.100.0', 24],
	['203.0.113.0', 24],
	['224.0.0.0', 3]
] as const) {
	PRIVATE.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
	['::', 128],
	['::1', 128],
	['64:ff9b::', 96],
	['100::', 64],
	['2001:db8::', 32],
	['2002::', 16],
	['fc00::', 7],
	['fe80::', 10],
	['ff00::', 8]
] as const) {
	PRIVATE.addSubnet(network, prefix, 'ipv6');
}

/** Is this IP address outside the public internet (RFC 6890)? What is no address counts as such. */
export function isPrivateAddress(address: string): boolean {
	const plain = unmap(address);
	const family = isIP(plain);
	if (family === 0) return true;
	return PRIVATE.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}

/** Without zone; `::ffff:192.0.2.1` is an IPv4 address on a dual-stack socket. */
export function unmap(address: string): string {
	const match = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
	return match?.[1] ?? address.replace(/%.*$/, '');
}

/** 4 or 16 bytes in network order. Throws where the text is no IP address: Node gave it. */
export function addressToBytes(address: string): Uint8Array {
	const plain = unmap(address);
	switch (isIP(plain)) {
		case 4:
			return Uint8Array.from(plain.split('.'), Number);
		case 6:
			return Uint8Array.from(expandIpv6(plain).flatMap(groupToBytes));
		default:
			throw new TypeError('not an IP address');
	}
}

function groupToBytes(group: string): [number, number] {
	const value = parseInt(group, 16);
	return [value >> 8, value & 0xff];
}

function expandIpv6(address: string): string[] {
	const [head = '', tail] = address.split('::');
	const left = head === '' ? [] : head.split(':');
	const right = tail === undefined || tail === '' ? [] : tail.split(':');
	const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
	return [...left, ...Array<string>(zeros).fill('0'), ...right].map((part) =>
		part.toLowerCase().replace(/^0+(?=.)/, '')
	);
}
