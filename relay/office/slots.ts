/** Slots: registered by showing the secret whose hash they are, so that nobody squats one. */

import { toHex } from '../../src/lib/wire/bytes.ts';
import { hashesDecoder, slotsDecoder } from '../../src/lib/wire/office.ts';
import { accept, refuse, type Result } from '../../src/lib/wire/refusal.ts';
import { commit } from './commit.ts';
import type { Office } from './office.ts';
import type { Change } from './ports.ts';
import { book } from './usage.ts';

/** Opens and burns. `conflict` where another address has one of them: its secret leaked. */
export async function registerSlots(
	office: Office,
	root: string,
	body: Uint8Array
): Promise<Result<null>> {
	const decoded = slotsDecoder.decode(body);
	if (!decoded.ok) return decoded;
	const { open, burn, public: isPublic } = decoded.value;
	const opened = await toSlotIds(office, open);
	const burned = await toSlotIds(office, burn);
	const changes: Change[] = [];
	let added = 0;
	for (const slot of opened) {
		const held = office.store.get('slot', [slot]);
		if (held !== null && held.root !== root) return refuse('conflict');
		if (held === null) added++;
		changes.push(
			{ table: 'slot', key: [slot], put: { root, isPublic } },
			{ table: 'ownSlot', key: [root, slot], put: true }
		);
	}
	const ending = burned.filter((slot) => isOwn(office, root, slot) && !opened.includes(slot));
	for (const slot of ending) {
		changes.push(
			{ table: 'slot', key: [slot], remove: true },
			{ table: 'ownSlot', key: [root, slot], remove: true }
		);
	}
	const booked = book(office, root, { slots: added - ending.length });
	if (!booked.ok) return booked;
	const stored = commit(office.store, [...changes, booked.value]);
	if (stored.ok) for (const slot of ending) office.notices.burn(slot);
	return stored;
}

/** Those that are not here, or another's, are no error. */
export function deleteNotices(office: Office, root: string, body: Uint8Array): Result<null> {
	const decoded = hashesDecoder.decode(body);
	if (!decoded.ok) return decoded;
	office.notices.remove(root, new Set(decoded.value.hashes.map(toHex)));
	return accept(null);
}

async function toSlotIds({ verifier }: Office, secrets: readonly Uint8Array[]): Promise<string[]> {
	const ids = new Set<string>();
	for (const secret of secrets) ids.add(toHex(await verifier.sha256(secret)));
	return [...ids];
}

function isOwn({ store }: Office, root: string, slot: string): boolean {
	return store.get('slot', [slot])?.root === root;
}
