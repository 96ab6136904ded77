/**
 * Stands in the app for @libp2p/config (vite.config.ts), of which Helia wants this one function: it finds or
 * makes a key for a node that was given none. Ours is always given the peer key of its identity (peer.ts); and
 * with this function came a key chain, PKCS#8 and ASN.1, a tenth of all that the node is.
 */
export function loadOrCreateSelfKey(): Promise<never> {
	return Promise.reject(new Error('a node has the peer key of its identity, and no other'));
}
