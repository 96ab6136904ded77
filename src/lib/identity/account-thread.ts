/**
 * Which devices act for an identity (protocol §2). The devices share the account's secrets over the
 * account thread, whose epochs are wrapped to device prekeys only. Nobody is removed from it: Retire
 * and every new root record start a new one that names the old one and wraps to those who stay.
 */

import type { RootRecord } from '../wire/identity.ts';
import type { PeerName, ThreadId } from '../wire/ids.ts';
import { nextSequence } from './sequence.ts';

/** What the other devices, contacts and thread members are told of a device, inside sealed entries. */
export interface DeviceDescription {
	/** Its Ed25519 key in hex: what the identity's post office enrolls, and the device's name. */
	readonly key: string;
	/** Where it is reached; its certificate in each thread names the same one. */
	readonly peer: PeerName;
}

/**
 * The first epoch entry of an account thread, as far as its signature by the card key of that root
 * record was verified.
 */
export interface AccountThread {
	readonly id: ThreadId;
	/** Sequence of the root record under whose card key it was signed. */
	readonly rootSeq: number;
	/** Own sequence: max(previous + 1, Unix ms); starts anew under each root record. */
	readonly seq: number;
	/** The account thread that this one continues; `null` for the first. */
	readonly previous: ThreadId | null;
	/** To whose prekeys its epochs are wrapped. */
	readonly devices: readonly DeviceDescription[];
}

export type CurrentThread =
	| { readonly kind: 'none' }
	| { readonly kind: 'current'; readonly thread: AccountThread }
	/** Different threads with the greatest pair: shown, never resolved silently. */
	| { readonly kind: 'conflict'; readonly threads: readonly AccountThread[] };

/**
 * Which account thread counts: the one with the greatest (root sequence, own sequence). Those of an
 * older root record than the newest known one never count: a thief may still sign there.
 */
export function currentAccountThread(
	threads: readonly AccountThread[],
	newest: Pick<RootRecord, 'seq'>
): CurrentThread {
	const inForce = threads.filter(({ rootSeq }) => rootSeq === newest.seq);
	const seq = Math.max(...inForce.map((thread) => thread.seq));
	const greatest = new Map(
		inForce.filter((thread) => thread.seq === seq).map((thread) => [thread.id, thread])
	);
	const [thread, ...others] = greatest.values();
	if (thread === undefined) return { kind: 'none' };
	return others.length === 0
		? { kind: 'current', thread }
		: { kind: 'conflict', threads: [thread, ...others] };
}

/** Is this device one of those that the thread is wrapped to? One that is not has to be paired. */
export function isEnrolled({ devices }: AccountThread, key: string): boolean {
	return devices.some((device) => device.key === key);
}

/** What the account's next thread is made of; its id follows from the entry that is made. */
export type NextThread = Omit<AccountThread, 'id'>;

/**
 * A device is held in the hand and wiped: the others go on without it, in a thread of their own, with
 * a new prekey, because it knew the last one. `null` where it is not enrolled, or the last one.
 */
export function retireDevice(
	current: AccountThread,
	key: string,
	nowMs: number
): NextThread | null {
	const devices = current.devices.filter((device) => device.key !== key);
	if (devices.length === 0 || devices.length === current.devices.length) return null;
	const { id, rootSeq, seq } = current;
	return { rootSeq, seq: nextSequence(seq, nowMs), previous: id, devices };
}

/**
 * The account thread of a new root record. `staying`: the devices that the person knows to be in good
 * hands; the browser on which the phrase was typed knows perhaps none but itself, and the others are
 * paired again.
 */
export function startUnderRecord(
	{ seq: rootSeq }: Pick<RootRecord, 'seq'>,
	previous: ThreadId | null,
	staying: readonly DeviceDescription[],
	nowMs: number
): NextThread {
	return { rootSeq, seq: nextSequence(null, nowMs), previous, devices: staying };
}
