/**
 * Epoch secrets end 50 days after they came (protocol §4): what was sealed under them can then be
 * opened by nobody who finds the ciphertext. List keys stay, so that the fold stays what it is; what
 * was read stays with its reader, in clear, sealed by whoever stores it.
 */

import { coreOf, headerDecoder, type EntryBundle, type Header } from '../wire/entry.ts';
import { cidToEntryId, entriesById, type EntryId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { entryIdsOf } from './entries.ts';
import { entryKey, toSecret } from './keys.ts';
import { listNodes, type LogNode } from './log.ts';
import { PackedHeader } from './packed-node.ts';
import { changeEntries, NO_ENTRIES } from './print.ts';
import type { Replica } from './replica.ts';
import { openBody } from './seal.ts';
import type { EpochSecrets, ThreadSecrets } from './secrets.ts';
import type { ThreadPorts, ThreadState } from './thread.ts';

export interface Forgotten {
	readonly state: ThreadState;
	/** To be stored (sealed) in the same transaction as `clear`. */
	readonly secrets: ThreadSecrets;
	/** Keys of the ring under which the destroyed secrets are kept. */
	readonly doomed: readonly Uint8Array[];
	/** Bodies that nothing opens any more, by entry: `OpenOptions.plain` from now on. */
	readonly clear: ReadonlyMap<EntryId, Uint8Array>;
}

/**
 * Is there a secret to destroy? `untilMs`: until when the own slots and holders are empty, and not
 * later than now; Unix ms.
 */
export function hasOutlived(secrets: ThreadSecrets, untilMs: number): boolean {
	return Object.values(secrets.epochs).some((epoch) => isOutlived(epoch, untilMs));
}

function isOutlived({ secret, kept, storedAt }: EpochSecrets, untilMs: number): boolean {
	const isHere = secret !== undefined || kept !== undefined;
	return isHere && storedAt + LIMITS.epochSecretMs <= untilMs;
}

/** `sealed`: the thread's bundles as stored. What could not be read until now never will be. */
export async function forgetSecrets(
	{ suite }: ThreadPorts,
	{ replica, ...state }: ThreadState,
	sealed: ReadonlyMap<EntryId, EntryBundle>,
	untilMs: number
): Promise<Forgotten> {
	const clear = new Map<EntryId, Uint8Array>();
	for (const { id, header, content } of listNodes(replica.view)) {
		const bundle = sealed.get(id);
		if (header.t !== 'entry' || bundle?.body == null || !isRead(content)) continue;
		const epoch = replica.secrets.epochs[cidToEntryId(header.epoch)];
		if (epoch?.secret === undefined || !isOutlived(epoch, untilMs)) continue;
		const whole = header instanceof PackedHeader ? readHeader(bundle) : header;
		const key = await entryKey(suite, toSecret(epoch.secret), whole.salt, replica.thread);
		const opened = await openBody(suite, key, coreOf(whole, bundle.header), bundle.body);
		if (opened.ok) clear.set(id, opened.value);
	}
	const secrets = withoutOutlived(replica.secrets, untilMs);
	const doomed = Object.values(replica.secrets.epochs).flatMap((epoch) => {
		return epoch.kept !== undefined && isOutlived(epoch, untilMs) ? [epoch.kept.under] : [];
	});
	return { state: { ...state, replica: withSecrets(replica, secrets) }, secrets, doomed, clear };
}

function readHeader({ header }: EntryBundle): Header {
	const read = headerDecoder.decode(header);
	if (!read.ok) throw new Error(`a stored header does not decode: ${read.reason}`);
	return read.value;
}

/** Also what a later version will understand. */
function isRead({ kind }: LogNode['content']): boolean {
	return kind === 'entry' || kind === 'unknown';
}

function withoutOutlived(secrets: ThreadSecrets, untilMs: number): ThreadSecrets {
	const epochs = [...entriesById(secrets.epochs)].map(([id, epoch]) => {
		if (!isOutlived(epoch, untilMs)) return [id, epoch] as const;
		const { secret: _gone, kept: _sealed, ...rest } = epoch;
		return [id, { ...rest, endedAt: untilMs }] as const;
	});
	return { ...secrets, epochs: Object.fromEntries(epochs) };
}

/** A body that never came is not waited for any more. */
function withSecrets(before: Replica, secrets: ThreadSecrets): Replica {
	const replica = { ...before, secrets };
	return { ...replica, present: changeEntries(NO_ENTRIES, entryIdsOf(replica), () => true) };
}
