/** Which addresses this page may dial. */

import { isPrivate } from '@libp2p/utils';
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr';

/** Where the app runs; a page decides by its own address what the browser lets it dial. */
export interface Place {
	/** Served over https: the browser refuses plain WebSockets (Mixed Content, W3C §4). */
	readonly isSecure: boolean;
	/** Served from this machine or network: so may be its relay. */
	readonly isLocal: boolean;
}

const HOSTS = ['ip4', 'ip6', 'dns', 'dns4', 'dns6'];
const SOCKETS = ['ws', 'wss'];

/**
 * A WebSocket at a plain host, or something behind one. `/dnsaddr` is refused: to resolve it, a
 * browser would have to ask a third party.
 */
export function mayDial(address: Multiaddr, { isSecure, isLocal }: Place): boolean {
	const names = address.getComponents().map(({ name }) => name);
	if (!HOSTS.includes(names[0] ?? '') || !names.some((name) => SOCKETS.includes(name)))
		return false;
	if (!isSecure) return true;
	// Chrome asks the user before a public page may reach a private address (since 147).
	return names.some((name) => name === 'tls' || name === 'wss') && (isLocal || !isPrivate(address));
}

/** `null` where the text is no multiaddr, or one that we may not dial. */
export function parseAddress(text: string, place: Place): Multiaddr | null {
	try {
		const address = multiaddr(text);
		return mayDial(address, place) ? address : null;
	} catch {
		return null; // another program's idea of an address: of no use to us
	}
}

/** Of the page that this code runs in; elsewhere everything may be dialled. */
export function currentPlace(): Place {
	if (!('location' in globalThis)) return { isSecure: false, isLocal: true };
	const { protocol, hostname } = globalThis.location;
	const isLocal = isLocalHost(hostname.replace(/^\[|\]$/g, ''));
	return { isSecure: protocol === 'https:', isLocal };
}

function isLocalHost(host: string): boolean {
	if (host === 'localhost' || host.endsWith('.localhost') || host.endsWith('.local')) return true;
	const family = host.includes(':') ? 'ip6' : 'ip4';
	try {
		return isPrivate(multiaddr(`/${family}/${host}`));
	} catch {
		return false; // a name, not an address
	}
}
