/**
 * What can be done when a device or the phrase is gone, and where an identity went that another has
 * replaced (protocol §2).
 */

import type { RootRecord } from '../wire/identity.ts';
import { rootKeyToAddress, type Address } from '../wire/ids.ts';

/**
 * `retired`: a device that its owner holds and wipes. `stolen`: one that is out of hand.
 * `hacked`: somebody may act with the keys of this very device.
 */
export type Mishap = 'retired' | 'stolen' | 'hacked';

export type Remedy =
	/** A new account thread and a new prekey: `retireDevice`. */
	| { readonly kind: 'retire' }
	/** A new root record, card key, authentication key, prekey and account thread: `revokeCardKey`. */
	| { readonly kind: 'new-root-record' }
	/**
	 * Only the root key can revoke a card key. Without it the device is left out of what comes, and the
	 * screen says plainly that a thief keeps the card key, until contacts are told of another identity.
	 */
	| { readonly kind: 'retire-only' }
	/** No other device is left that could go on, and nothing can replace this one without the phrase. */
	| { readonly kind: 'begin-anew' };

export interface Means {
	/** The 24 words, or their entropy, which stays in the vault until they are written down. */
	readonly hasPhrase: boolean;
	/** Devices of this identity in good hands, the one on which this is asked among them. */
	readonly devicesLeft: number;
}

export function remedyFor(mishap: Mishap, { hasPhrase, devicesLeft }: Means): Remedy {
	if (mishap !== 'retired' && hasPhrase) return { kind: 'new-root-record' };
	if (devicesLeft === 0) return { kind: hasPhrase ? 'new-root-record' : 'begin-anew' };
	return { kind: mishap === 'retired' ? 'retire' : 'retire-only' };
}

/** Longer chains are a loop, or somebody's game. */
const MOST_SUCCESSORS = 8;

export type Succession =
	/** The identity speaks for itself. */
	| { readonly kind: 'itself' }
	/** The last one of the line; whoever wrote to the first is asked before they write to it. */
	| { readonly kind: 'successor'; readonly address: Address }
	/** The line leads back into itself or goes on for too long: it leads nowhere. */
	| { readonly kind: 'loop' };

/**
 * Where an identity says it went. Only the named one's root key can say where *it* went, and an
 * identity that names another as its successor proves nothing about the other: no tier passes on.
 *
 * @param recordOf the newest verified root record that is known of an address
 */
export function successionOf(
	address: Address,
	recordOf: (address: Address) => Pick<RootRecord, 'successor'> | null
): Succession {
	const line = [address];
	for (let last = address; ;) {
		const successor = recordOf(last)?.successor;
		if (successor === undefined) {
			return last === address ? { kind: 'itself' } : { kind: 'successor', address: last };
		}
		last = rootKeyToAddress(successor);
		if (line.includes(last) || line.length > MOST_SUCCESSORS) return { kind: 'loop' };
		line.push(last);
	}
}
