/** The members of a thread, as it wraps to them. */

import type { Address, ThreadId } from '../wire/ids.ts';
import type { Account } from './account.ts';
import { findCorrespondent, knownCorrespondent, type Correspondent } from './contacts.ts';
import type { Desk, Signalled } from './ports.ts';

export type KnownMembers =
	| { readonly ok: true; readonly people: readonly Correspondent[] }
	| { readonly ok: false; readonly missing: Address };

/** Looks for cards that are not here. All at once: a silent office costs its deadline one time. */
export async function learnMembers(
	desk: Desk,
	account: Account,
	addresses: readonly Address[],
	options: Signalled
): Promise<void> {
	const offices = [account.record.office];
	await Promise.all(
		addresses.map(async (address) => {
			if ((await knownCorrespondent(desk, address)) !== null) return;
			await findCorrespondent(desk, address, offices, options);
		})
	);
}

/** With the newest cards that are here (protocol §2); asks nobody. */
export async function knownMembers(
	desk: Desk,
	addresses: readonly Address[]
): Promise<KnownMembers> {
	const people: Correspondent[] = [];
	for (const address of addresses) {
		const who = await knownCorrespondent(desk, address);
		if (who === null) return { ok: false, missing: address };
		people.push(who);
	}
	return { ok: true, people };
}

/** Both, for all but ourselves; to be called outside the thread's lock. */
export async function findMembers(
	desk: Desk,
	account: Account,
	thread: ThreadId,
	options: Signalled
): Promise<KnownMembers> {
	const row = await desk.store.get('thread', [thread]);
	const others = row?.members.filter((address) => address !== account.record.address) ?? [];
	await learnMembers(desk, account, others, options);
	return knownMembers(desk, others);
}
