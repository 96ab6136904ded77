/** Cards of whoever publishes here: verified from the address, never taken back to an older one. */

import { admitCard, verifyBundle } from '../../src/lib/identity/chain.ts';
import { toHex } from '../../src/lib/wire/bytes.ts';
import { encodePlain } from '../../src/lib/wire/codec.ts';
import { addressToRootKey, type Address } from '../../src/lib/wire/ids.ts';
import { accept, refuse, type Result } from '../../src/lib/wire/refusal.ts';
import { commit } from './commit.ts';
import type { Office } from './office.ts';
import type { Change } from './ports.ts';
import type { Row } from './tables.ts';

/**
 * Refuses what `verifyBundle` refuses, `older-than-known`, `conflict` and `disk-full` (also where as
 * many addresses as may are here already). A newer root record ends every enrolment of the address:
 * whoever stole a device is out (protocol §6.2).
 */
export async function publishCard(
	office: Office,
	address: Address,
	bundle: Uint8Array
): Promise<Result<null>> {
	const verified = await verifyBundle(office.verifier, address, bundle);
	if (!verified.ok) return verified;
	const { record, recordBytes, cardBytes, xwing, pair } = verified.value;
	const root = addressToHex(address);
	const held = office.store.get('account', [root]);
	// Else made-up identities, which cost nothing, fill the disk.
	if (held === null && office.totals.accounts >= office.accounts) return refuse('disk-full');
	const admitted = admitCard(held && toSigned(held), verified.value);
	if (!admitted.ok) return admitted;
	const put = { record: recordBytes, card: cardBytes, xwing, cardKey: record.card, ...pair };
	const isNewRecord = held !== null && pair.rootSeq > held.rootSeq;
	const stored = commit(office.store, [
		{ table: 'account', key: [root], put },
		...(isNewRecord ? endEnrolments(office, root) : [])
	]);
	if (stored.ok && isNewRecord) office.listeners.close(root);
	return stored;
}

/** The bundle as a directory gives it; `not-found`. */
export function findCard({ store }: Pick<Office, 'store'>, address: Address): Result<Uint8Array> {
	const held = store.get('account', [addressToHex(address)]);
	if (held === null) return refuse('not-found');
	const { record, card, xwing } = held;
	return accept(encodePlain({ v: 1, t: 'bundle', record, card, xwing }));
}

export function addressToHex(address: Address): string {
	return toHex(addressToRootKey(address));
}

function toSigned({ rootSeq, seq, record, card }: Row<'account'>) {
	return { pair: { rootSeq, seq }, recordBytes: record, cardBytes: card };
}

function endEnrolments({ store }: Office, root: string): Change[] {
	return store.list('device', [root]).map(({ key }) => ({ table: 'device', key, remove: true }));
}
