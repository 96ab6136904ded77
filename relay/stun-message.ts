/**
 * The two STUN messages that a browser needs to learn its public address (RFC 8489).
 *
 * | bytes | binding request | binding response |
 * |---|---|---|
 * | 0–1 | 0x0001 | 0x0101 |
 * | 2–3 | length of the rest | 12 (IPv4) or 24 (IPv6) |
 * | 4–7 | 0x2112A442 | 0x2112A442 |
 * | 8–19 | transaction | the same |
 * | 20– | attributes, not read | XOR-MAPPED-ADDRESS |
 */

import { addressToBytes } from './origin.ts';

const HEAD_BYTES = 20;
const COOKIE = 0x2112a442;
const BINDING_REQUEST = 0x0001;
const BINDING_RESPONSE = 0x0101;
const XOR_MAPPED_ADDRESS = 0x0020;
const FAMILY_IPV4 = 1;
const FAMILY_IPV6 = 2;

/** The transaction, 12 bytes; `null` for everything that is no binding request. */
export function parseBindingRequest(message: Uint8Array): Uint8Array | null {
	if (message.length < HEAD_BYTES || message.length % 4 !== 0) return null;
	const view = new DataView(message.buffer, message.byteOffset, message.length);
	if (view.getUint16(0) !== BINDING_REQUEST || view.getUint32(4) !== COOKIE) return null;
	if (view.getUint16(2) !== message.length - HEAD_BYTES) return null;
	return message.slice(8, HEAD_BYTES);
}

/** 32 bytes for an IPv4 address, 44 for IPv6: never much more than was asked with. */
export function formatBindingResponse(
	transaction: Uint8Array,
	{ address, port }: { readonly address: string; readonly port: number }
): Uint8Array {
	const ip = addressToBytes(address);
	const message = new Uint8Array(HEAD_BYTES + 8 + ip.length);
	const view = new DataView(message.buffer);
	view.setUint16(0, BINDING_RESPONSE);
	view.setUint16(2, 8 + ip.length);
	view.setUint32(4, COOKIE);
	message.set(transaction, 8);
	view.setUint16(HEAD_BYTES, XOR_MAPPED_ADDRESS);
	view.setUint16(HEAD_BYTES + 2, 4 + ip.length);
	view.setUint16(HEAD_BYTES + 4, ip.length === 4 ? FAMILY_IPV4 : FAMILY_IPV6);
	view.setUint16(HEAD_BYTES + 6, port ^ (COOKIE >>> 16));
	// Mixed with cookie and transaction, so that no router rewrites an address that it finds inside.
	const mask = message.subarray(4, HEAD_BYTES);
	ip.forEach((byte, i) => view.setUint8(HEAD_BYTES + 8 + i, byte ^ (mask[i] ?? 0)));
	return message;
}
