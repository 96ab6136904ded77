/** What the relay tells browsers about where it is. */

import { isIP } from 'node:net';
import { isPrivateAddress } from './origin.ts';

/**
 * The multiaddr of a WebSocket at the public URL's host, without peer id. libp2p's WebSocket
 * addresses have no path: a proxy that serves us under one passes upgrades at its root as well.
 */
export function urlToMultiaddr(publicUrl: string): string {
	const { protocol, hostname, port } = new URL(publicUrl);
	const isSecure = protocol === 'https:';
	const host = hostname.replace(/^\[|\]$/g, '');
	const kind = isIP(host);
	const family = kind === 4 ? 'ip4' : kind === 6 ? 'ip6' : 'dns';
	const tcp = port === '' ? (isSecure ? '443' : '80') : port;
	return `/${family}/${host}/tcp/${tcp}${isSecure ? '/tls' : ''}/ws`;
}

/** `stun:host:port` (RFC 7064). */
export function stunUri(publicUrl: string, port: number): string {
	return `stun:${new URL(publicUrl).hostname}:${port}`;
}

/** Is it this machine or one of a private network? Then so may be the offices that it delivers to. */
export function isPrivateUrl(publicUrl: string): boolean {
	const host = new URL(publicUrl).hostname.replace(/^\[|\]$/g, '');
	if (isIP(host) !== 0) return isPrivateAddress(host);
	return host === 'localhost' || /\.(localhost|local|internal|home\.arpa)$/.test(host);
}
