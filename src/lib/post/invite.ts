/** Invites: the link that this user gives out, and the link of another that they open. */

import { comparePairs } from '../wire/identity.ts';
import { formatInvite, type Invite } from '../wire/invite.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Account } from './account.ts';
import { findCorrespondent, newContact, putContactWithSlot, toCorrespondent } from './contacts.ts';
import { slotIdOf, putInvite } from './registration.ts';
import type { Desk, Signalled } from './ports.ts';

/** How many people one standing link may bring in: a circle, not a leak. */
const INVITE_USES = 100;
/** A standing link is replaced when less than this is left of it. */
const INVITE_RENEWAL_MS = 14 * 24 * 60 * 60 * 1000;

/** The standing invite link, made where there is none. `null` where no post office is known. */
export async function standingInvite(desk: Desk, account: Account): Promise<string | null> {
	const { office, name, publicSlot, pair } = account.record;
	if (office === '') return null;
	const token = await standingToken(desk);
	return formatInvite(desk.appUrl, {
		root: account.root,
		pair,
		slot: slotIdOf(publicSlot),
		token,
		name,
		office
	});
}

async function standingToken(desk: Desk): Promise<Uint8Array> {
	return desk.exclusive('invite', async () => {
		const invites = await desk.store.list('invite');
		const living = invites.filter(({ until }) => until > desk.now() + INVITE_RENEWAL_MS);
		const newest = living.sort((a, b) => b.createdAt - a.createdAt)[0];
		if (newest !== undefined) return newest.token;
		const token = desk.random(LIMITS.tokenBytes);
		const until = desk.now() + LIMITS.inviteAgeMs;
		const invite = { token, uses: INVITE_USES, until, isRegistered: false, createdAt: desk.now() };
		await desk.store.commit([putInvite(invite)]);
		return token;
	});
}

export type AcceptOutcome = 'added' | 'already-there' | 'myself';

/**
 * Makes the inviter a contact. The card is fetched and verified now if the office answers, else at
 * the first letter: the invite's pair keeps an older card out either way.
 */
export async function acceptInvite(
	desk: Desk,
	account: Account,
	invite: Invite,
	options: Signalled = {}
): Promise<AcceptOutcome> {
	const { address, name, pair, slot, token, office } = invite;
	if (address === account.record.address) return 'myself';
	const stored = await desk.store.get('contact', [address]);
	const isThere = stored !== null && (stored.tier === 'known' || stored.tier === 'trusted');
	if (isThere && toCorrespondent(stored) !== null) return 'already-there';
	const isOlder = stored?.keys !== undefined && comparePairs(stored.keys.pair, pair) > 0;
	const base =
		stored ??
		newContact(desk, { address, name, tier: 'known', origin: 'invited', offices: [office] });
	const contact = {
		...base,
		tier: base.tier === 'trusted' ? ('trusted' as const) : ('known' as const),
		offices: [...new Set([office, ...base.offices])].slice(0, LIMITS.postOffices),
		token,
		...(!isOlder && { invitedTo: { slot, pair } })
	};
	await desk.store.commit(putContactWithSlot(contact));
	await findCorrespondent(desk, address, [office], options);
	return stored === null ? 'added' : 'already-there';
}
