/**
 * Secrets with an end: in storage they stand sealed, each under a key of the ring of its own, so that
 * destroying that key destroys them, whatever the browser keeps of old rows. Where there is no ring
 * they stand as they are, until they are next written where there is one.
 */

import { withSecrets, type KeptSecret, type ThreadSecrets } from '../threads/secrets.ts';
import type { ThreadState } from '../threads/thread.ts';
import { entriesById } from '../wire/ids.ts';
import { RingAway, type Desk } from './ports.ts';

type Ringed = Pick<Desk, 'ring'>;

interface Holder {
	readonly state: ThreadState;
	readonly secrets: ThreadSecrets;
}

/** To be called before what a maker or opener gave is committed: new secrets come under the ring. */
export async function keepSecrets<T extends Holder>(desk: Ringed, holder: T): Promise<T> {
	const epochs = [...entriesById(holder.secrets.epochs)];
	const bare = epochs.filter(([, { secret, kept }]) => secret !== undefined && !kept);
	if (bare.length === 0) return holder;
	const kept = await keepEach(
		desk,
		bare.map(([, { secret }]) => secret ?? new Uint8Array())
	);
	if (kept === null) return holder;
	const added = bare.map(([id, epoch], at) => [id, { ...epoch, kept: kept[at] }] as const);
	const secrets = { ...holder.secrets, epochs: Object.fromEntries([...epochs, ...added]) };
	return withSecrets(holder, secrets);
}

/**
 * As they are used. One whose key is gone (the ring was lost) counts as destroyed: what comes under it
 * is sealed again by its writer. Throws `RingAway`.
 */
export async function openSecrets({ ring }: Ringed, stored: ThreadSecrets): Promise<ThreadSecrets> {
	const epochs = [...entriesById(stored.epochs)].map(async ([id, epoch]) => {
		const { kept, ...rest } = epoch;
		if (kept === undefined) return [id, epoch] as const;
		const secret = await ring.open(kept.under, kept.sealed);
		if (secret === null)
			return [id, { ...rest, endedAt: epoch.endedAt ?? epoch.storedAt }] as const;
		return [id, { ...epoch, secret }] as const;
	});
	return { ...stored, epochs: Object.fromEntries(await Promise.all(epochs)) };
}

/** Each under a key of its own; `null`: there are none now. */
export async function keepEach(
	{ ring }: Ringed,
	secrets: readonly Uint8Array[]
): Promise<readonly KeptSecret[] | null> {
	const keys = await ring.claim(secrets.length);
	if (keys === null) return null;
	try {
		return await Promise.all(
			keys.map(async (under, at) => {
				return { under, sealed: await ring.seal(under, secrets[at] ?? new Uint8Array()) };
			})
		);
	} catch (error) {
		if (error instanceof RingAway) return null; // kept as they are, until they are next written
		throw error;
	}
}
