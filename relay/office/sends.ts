/**
 * Duties to knock, which devices hand over to this office: on disk, under the sender's quota, until
 * the sender's device has taken the news of their end (protocol §6.4).
 */

import { equal, toHex } from '../../src/lib/wire/bytes.ts';
import { isOfficeUrl } from '../../src/lib/wire/invite.ts';
import { encodeObject, hashesDecoder, sendDecoder, type Send } from '../../src/lib/wire/office.ts';
import { accept, refuse, type Result } from '../../src/lib/wire/refusal.ts';
import { BOUNDS } from './bounds.ts';
import { commit } from './commit.ts';
import { hexToBytes } from './drops.ts';
import type { Office } from './office.ts';
import type { Change } from './ports.ts';
import type { SendRow } from './tables.ts';
import { book } from './usage.ts';

export interface Kept {
	/** In hex. */
	readonly knock: string;
	/** Does its notice go to a slot of this very office? */
	readonly isOwn: boolean;
}

/**
 * On disk when it resolves, and due at once. The same notice again changes nothing; another one
 * under the same knock takes its place.
 */
export async function keepSend(
	office: Office,
	root: string,
	body: Uint8Array
): Promise<Result<Kept>> {
	const decoded = sendDecoder.decode(body);
	if (!decoded.ok) return decoded;
	if (!isOfficeUrl(decoded.value.url)) return refuse('wrong-shape');
	const hash = await office.verifier.sha256(decoded.value.sealed);
	const knock = toHex(decoded.value.knock);
	const kept = { knock, isOwn: decoded.value.url === office.publicUrl };
	const held = office.store.get('send', [root, knock]);
	const isGoingOn = held !== null && held.state !== 'refused' && held.state !== 'expired';
	if (isGoingOn && equal(held.hash, hash)) return hasten(office, root, kept, held);
	const isNew = Number(held === null);
	const booked = book(office, root, { sends: isNew, bytes: isNew * BOUNDS.sendBytes });
	if (!booked.ok) return booked;
	const row = toRow(decoded.value, hash, held, office.now());
	const changes = [...changeSend(root, knock, held, row), booked.value];
	const stored = commit(office.store, changes);
	return stored.ok ? accept(kept) : stored;
}

/** The device is awake and asks again: what waits is tried now, not at the end of its pause. */
function hasten(office: Office, root: string, kept: Kept, held: SendRow): Result<Kept> {
	if (held.state !== 'waiting') return accept(kept);
	const after = { ...held, dueAt: office.now() };
	const stored = commit(office.store, changeSend(root, kept.knock, held, after));
	return stored.ok ? accept(kept) : stored;
}

function toRow(send: Send, hash: Uint8Array, held: SendRow | null, now: number): SendRow {
	const { url, slot, sealed, token, keeps } = send;
	return {
		...{ url, slot, sealed, hash, token, keeps: [...keeps] },
		...{ state: 'waiting', time: now, createdAt: now, dueAt: now, pauseMs: 0 },
		// The writer may not have taken the receipt for the notice before.
		receipt: held?.receipt
	};
}

/** The row and its places in the indexes; `after` null removes all of them. */
export function changeSend(
	root: string,
	knock: string,
	before: SendRow | null,
	after: SendRow | null
): Change[] {
	const changes: Change[] = [];
	if (before !== null) {
		for (const each of indexKeys(root, knock, before)) changes.push({ ...each, remove: true });
	}
	if (after !== null) {
		for (const each of indexKeys(root, knock, after)) changes.push({ ...each, put: true });
	}
	const key = [root, knock];
	const row: Change =
		after === null ? { table: 'send', key, remove: true } : { table: 'send', key, put: after };
	return [...changes, row];
}

function indexKeys(root: string, knock: string, { url, dueAt }: SendRow) {
	const sendOf = { table: 'sendOf', key: [knock, root] } as const;
	if (dueAt === null) return [sendOf];
	const due = { table: 'due', key: [toTimeKey(dueAt), root, knock] } as const;
	const target = { table: 'target', key: [encodeURIComponent(url), root, knock] } as const;
	return [sendOf, due, target];
}

/** Sorts as the number does. */
export function toTimeKey(time: number): string {
	return String(time).padStart(16, '0');
}

export function findSent({ store }: Pick<Office, 'store'>, root: string, knock: string) {
	const row = store.get('send', [root, knock]);
	return row === null ? refuse('not-found') : accept(rowToSent(knock, row));
}

/** `sent` objects of this address. */
export function* listSent(
	{ store }: Pick<Office, 'store'>,
	root: string,
	wanted: (row: SendRow) => boolean = () => true
): Generator<Uint8Array> {
	const limit = 256;
	for (let after: readonly string[] | undefined; ;) {
		const rows = store.list('send', [root], { limit, after });
		for (const { key, row } of rows) {
			if (wanted(row)) yield rowToSent(key[1] ?? '', row);
		}
		after = rows.at(-1)?.key;
		if (rows.length < limit) return;
	}
}

export function rowToSent(knock: string, row: SendRow): Uint8Array {
	const { hash, state, time, reason, rootSeq, seq, receipt } = row;
	return encodeObject('sent', {
		...{ knock: hexToBytes(knock), hash, state, time, reason },
		...{ rootSeq, seq, receipt }
	});
}

/** The writer took the news, or gives up: the office's duty ends. */
export function deleteSends(office: Office, root: string, body: Uint8Array): Result<null> {
	const decoded = hashesDecoder.decode(body);
	if (!decoded.ok) return decoded;
	return removeSends(office, root, [...new Set(decoded.value.hashes.map(toHex))]);
}

export function removeSends(office: Office, root: string, knocks: readonly string[]): Result<null> {
	const changes: Change[] = [];
	let removed = 0;
	for (const knock of knocks) {
		const row = office.store.get('send', [root, knock]);
		if (row === null) continue;
		removed++;
		changes.push(...changeSend(root, knock, row, null));
	}
	const booked = book(office, root, { sends: -removed, bytes: -removed * BOUNDS.sendBytes });
	return booked.ok && removed > 0 ? commit(office.store, [...changes, booked.value]) : accept(null);
}
