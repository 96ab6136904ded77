/**
 * Being known at one's own post office: card published, this device enrolled, slots and invites
 * registered. Each step is done once and remembered; an office that lost its disk gets all of it
 * again.
 */

import type { Account } from './account.ts';
import { replaceAccount } from './account-row.ts';
import { sha256 } from '@noble/hashes/sha2.js';
import { ownWraps } from '../threads/members.ts';
import type { ThreadState } from '../threads/thread.ts';
import { equal, toHex } from '../wire/bytes.ts';
import { LIMITS } from '../wire/limits.ts';
import { accept, refuse, type Result } from '../wire/refusal.ts';
import type { Change, Desk, MailStore, Office, OfficeAccount, Signalled } from './ports.ts';
import type { InviteRecord, PrekeyRecord, SlotRecord } from './records.ts';

/** The own office and how to sign for it. */
export interface Counter {
	readonly office: Office;
	readonly account: OfficeAccount;
}

/**
 * Does the work at the own office, registering first where need be. `not-found` where the account has
 * no office. Throws `Unreachable`.
 */
export async function atOwnOffice<T>(
	desk: Desk,
	account: Account,
	work: (counter: Counter) => Promise<Result<T>>,
	options: Signalled = {}
): Promise<Result<T>> {
	if (account.record.office === '') return refuse('not-found');
	const counter = await openCounter(desk, account);
	const registered = await register(desk, account, counter, options);
	if (!registered.ok) return registered;
	const first = await work(counter);
	if (first.ok || first.reason !== 'not-enrolled') return first;
	await forgetRegistration(desk, account);
	const again = await register(desk, account, counter, options);
	return again.ok ? work(counter) : again;
}

async function openCounter(desk: Desk, account: Account): Promise<Counter> {
	const device = await desk.keys.deviceSigner();
	return { office: desk.offices(account.record.office), account: { root: account.root, device } };
}

async function register(
	desk: Desk,
	account: Account,
	counter: Counter,
	options: Signalled
): Promise<Result<null>> {
	for (const step of [enrol, openSlots, allowTokens]) {
		const done = await step(desk, account, counter, options);
		if (!done.ok) return done;
	}
	return accept(null);
}

async function enrol(
	desk: Desk,
	account: Account,
	{ office, account: signer }: Counter,
	options: Signalled
): Promise<Result<null>> {
	const terms = await office.terms(options);
	const { pair } = account.record;
	const device = toHex(signer.device.publicKey);
	const value = `${terms.office}/${String(pair.rootSeq)}/${String(pair.seq)}/${device}`;
	const known = await desk.store.get('setting', settingKey(account));
	if (known?.value === value) return accept(null);
	const { card, bundle } = account;
	const published = await office.publish(account.record.address, bundle, options);
	if (!published.ok && published.reason !== 'older-than-known') return published;
	if (published.ok) await markPublished(desk, card.prekey.id);
	const enrolled = await office.enrol(
		signer,
		(message) => account.cardSigner.sign(message),
		options
	);
	if (!enrolled.ok) return enrolled;
	await desk.store.commit([{ table: 'setting', key: settingKey(account), put: { value } }]);
	return accept(null);
}

/** Others can learn this prekey from now on: the one before it has 30 days left. */
async function markPublished(desk: Desk, id: Uint8Array): Promise<void> {
	await replaceAccount(desk, async (account) => {
		const isNew = (prekey: PrekeyRecord) =>
			equal(prekey.id, id) && prekey.publishedMs === undefined;
		if (!account.prekeys.some(isNew)) return account;
		const publishedMs = desk.now();
		const mark = (prekey: PrekeyRecord) => (isNew(prekey) ? { ...prekey, publishedMs } : prekey);
		return { ...account, prekeys: account.prekeys.map(mark) };
	});
}

async function openSlots(
	desk: Desk,
	_account: Account,
	{ office, account }: Counter,
	options: Signalled
): Promise<Result<null>> {
	const waiting = (await desk.store.list('slot')).filter((slot) => !slot.isRegistered);
	for (const isPublic of [true, false]) {
		const some = waiting.filter((slot) => (slot.kind === 'public') === isPublic);
		for (let start = 0; start < some.length; start += LIMITS.slotNotices) {
			const part = some.slice(start, start + LIMITS.slotNotices);
			const secrets = part.map((slot) => slot.secret);
			const opened = await office.openSlots(account, secrets, { isPublic }, options);
			if (!opened.ok) return opened;
			await desk.store.commit(part.map((slot) => putSlot({ ...slot, isRegistered: true })));
		}
	}
	return accept(null);
}

async function allowTokens(
	desk: Desk,
	_account: Account,
	{ office, account }: Counter,
	options: Signalled
): Promise<Result<null>> {
	const waiting = (await desk.store.list('invite')).filter((invite) => !invite.isRegistered);
	for (const invite of waiting) {
		const { uses, until } = invite;
		const token = { hash: sha256(invite.token), uses, until };
		const allowed = await office.allowToken(account, token, options);
		if (!allowed.ok) return allowed;
		await desk.store.commit([putInvite({ ...invite, isRegistered: true })]);
	}
	return accept(null);
}

async function forgetRegistration(desk: Desk, account: Account): Promise<void> {
	const slots = await desk.store.list('slot');
	const invites = await desk.store.list('invite');
	await desk.store.commit([
		{ table: 'setting', key: settingKey(account), remove: true },
		...slots.map((slot) => putSlot({ ...slot, isRegistered: false })),
		...invites.map((invite) => putInvite({ ...invite, isRegistered: false }))
	]);
}

export function slotIdOf(secret: Uint8Array): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(sha256(secret));
}

export function putSlot(slot: SlotRecord): Change {
	return { table: 'slot', key: [toHex(slotIdOf(slot.secret))], put: slot };
}

export function putInvite(invite: InviteRecord): Change {
	return { table: 'invite', key: [toHex(sha256(invite.token))], put: invite };
}

function settingKey(account: Account): readonly string[] {
	return ['registered', account.record.office];
}

/** The slots that makers of epochs chose for me: known to my office from now on. */
export async function openThreadSlots(
	{ store }: Pick<Desk, 'store'>,
	state: ThreadState
): Promise<Change[]> {
	const changes: Change[] = [];
	const kept = keptSlots.get(store) ?? new Set();
	keptSlots.set(store, kept);
	for (const { slot } of ownWraps(state)) {
		if (slot === undefined) continue;
		const id = toHex(slotIdOf(slot));
		if (kept.has(id)) continue;
		if ((await store.get('slot', [id])) !== null) kept.add(id);
		else changes.push(putSlot({ secret: slot, kind: 'thread', of: state.id, isRegistered: false }));
	}
	return changes;
}

/** Slots that were seen in storage, which never loses one: every message of a thread asks for its own. */
const keptSlots = new WeakMap<MailStore, Set<string>>();
