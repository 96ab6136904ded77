/** WebCrypto itself. */

interface CryptoScope {
	readonly crypto: { readonly subtle?: SubtleCrypto };
}

/** `null` where the page is no secure context. */
export function findSubtle(scope: CryptoScope = globalThis): SubtleCrypto | null {
	return scope.crypto.subtle ?? null;
}
