/** Invite tokens: what lets a stranger's first notice into the public slot (protocol §6.8). */

import { toHex } from '../../src/lib/wire/bytes.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import { inviteTokenDecoder } from '../../src/lib/wire/office.ts';
import { accept, type Result } from '../../src/lib/wire/refusal.ts';
import { BOUNDS } from './bounds.ts';
import { commit } from './commit.ts';
import type { Office } from './office.ts';
import type { Change } from './ports.ts';
import { book } from './usage.ts';

/** Without uses, or with an end that has passed, it is revoked. Again never gives uses back. */
export function allowToken(office: Office, root: string, body: Uint8Array): Result<null> {
	const decoded = inviteTokenDecoder.decode(body);
	if (!decoded.ok) return decoded;
	const { hash, uses, until } = decoded.value;
	const key = [root, toHex(hash)];
	const held = office.store.get('token', key);
	const left = held === null ? uses : Math.min(uses, held.uses);
	const isLive = left > 0 && until > office.now();
	const booked = book(office, root, { tokens: Number(isLive) - Number(held !== null) });
	if (!booked.ok) return booked;
	const change: Change = isLive
		? { table: 'token', key, put: { uses: left, until } }
		: { table: 'token', key, remove: true };
	return commit(office.store, [change, booked.value]);
}

/** How a notice passes the public slot, and what that books. */
export interface Passage {
	readonly pass: 'token' | 'none';
	readonly changes: readonly Change[];
}

const STRANGER: Passage = { pass: 'none', changes: [] };

/**
 * A knock that was let in before needs nothing; a live token is used up by one, and booked to the
 * knock; whoever has neither is a stranger.
 * @param token SHA-256 of it in hex, or `null`
 */
export function passPublicSlot(
	office: Office,
	at: { readonly root: string; readonly slot: string; readonly knock: string },
	token: string | null
): Passage {
	const now = office.now();
	const known = office.store.get('knock', [at.slot, at.knock]);
	if (known !== null && known.until > now) return { pass: 'token', changes: [] };
	const key = [at.root, token ?? ''];
	const held = token === null ? null : office.store.get('token', key);
	if (held === null || held.uses === 0 || held.until <= now) return STRANGER;
	// Else a token that is passed around could fill the disk, knock by knock.
	const booked = book(office, at.root, { bytes: BOUNDS.rowBytes });
	if (!booked.ok) return STRANGER;
	const until = now + LIMITS.unconfirmedMs;
	return {
		pass: 'token',
		changes: [
			{ table: 'token', key, put: { uses: held.uses - 1, until: held.until } },
			{ table: 'knock', key: [at.slot, at.knock], put: { until } },
			booked.value
		]
	};
}

/** Changes that end what has expired: tokens of this address and knocks of these slots. */
export function expireTokens(office: Office, root: string): Result<null> {
	const now = office.now();
	const tokens = office.store.list('token', [root]).filter(({ row }) => isOver(row, now));
	const slots = office.store.list('ownSlot', [root]).map(({ key }) => key[1] ?? '');
	const knocks = slots
		.flatMap((slot) => office.store.list('knock', [slot]))
		.filter(({ row }) => row.until <= now);
	if (tokens.length + knocks.length === 0) return accept(null);
	const booked = book(office, root, {
		tokens: -tokens.length,
		bytes: -knocks.length * BOUNDS.rowBytes
	});
	if (!booked.ok) return booked;
	return commit(office.store, [
		...tokens.map(({ key }): Change => ({ table: 'token', key, remove: true })),
		...knocks.map(({ key }): Change => ({ table: 'knock', key, remove: true })),
		booked.value
	]);
}

function isOver({ uses, until }: { uses: number; until: number }, now: number): boolean {
	return uses === 0 || until <= now;
}
