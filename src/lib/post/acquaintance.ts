/** Whom one comes to know by sharing a thread with them. */

import { compareCards } from '../identity/chain.ts';
import { membersOf, ownWraps } from '../threads/members.ts';
import type { ThreadMember, ThreadState } from '../threads/thread.ts';
import { equal } from '../wire/bytes.ts';
import { parsePeerName, rootKeyToAddress } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Account } from './account.ts';
import { newContact, putContact, putContactWithSlot, toSigned } from './contacts.ts';
import { readRow, type LookUp } from './look-up.ts';
import type { Change, Desk } from './ports.ts';
import type { Admission } from './receive.ts';
import type { ContactRecord } from './records.ts';

/** As many as are remembered beside other rows. */
const RECALLED_CONTACTS = 64;

/** Members become people whom this mailbox can name, verify and reach; what they told is kept. */
export async function meetMembers(
	desk: Desk,
	account: Account,
	{ from, makesContact }: Pick<Admission, 'from' | 'makesContact'>,
	state: ThreadState,
	look: LookUp = {}
): Promise<Change[]> {
	const wraps = ownWraps(state);
	const changes: Change[] = [];
	const members = membersOf(state);
	const recalled = members.length > RECALLED_CONTACTS ? {} : look;
	for (const member of members) {
		const address = rootKeyToAddress(member.root);
		if (address === account.record.address) continue;
		const stored = await readRow(desk.store, 'contact', [address], recalled);
		const told = wraps.find(({ maker }) => equal(maker, member.root))?.contact;
		const isIntroduced = makesContact && address === from;
		const met = meet(desk, member, stored, told);
		const isNewHere = isIntroduced && (met.tier === 'unknown' || stored === null);
		if (isNewHere) {
			changes.push(...putContactWithSlot({ ...met, tier: 'known', origin: 'introduced' }));
		} else if (met !== stored) {
			changes.push(putContact(met));
		}
	}
	return changes;
}

function meet(
	desk: Desk,
	{ root, record, card, identity, devices }: ThreadMember,
	stored: ContactRecord | null,
	told: Uint8Array | undefined
): ContactRecord {
	const offices = identity.card.offices.map(({ url }) => url);
	const { name, rootSeq, seq } = identity.card;
	const pair = { rootSeq, seq };
	const base =
		stored ??
		newContact(desk, {
			address: rootKeyToAddress(root),
			name,
			tier: 'unknown',
			origin: 'thread',
			offices
		});
	const isNewer =
		base.keys === undefined ||
		compareCards(toSigned(base.keys), { pair, recordBytes: record, cardBytes: card }) === 'newer';
	const peers = devices.flatMap(({ peer }) => parsePeerName(peer) ?? []);
	const added = peers.filter((peer) => !base.peers.includes(peer));
	if (!isNewer && added.length === 0 && (told === undefined || base.writeTo !== undefined)) {
		return base;
	}
	return {
		...base,
		...(isNewer && { name, offices, keys: { record, card, pair } }),
		...(told !== undefined && { writeTo: base.writeTo ?? told }),
		peers: [...base.peers, ...added].slice(-LIMITS.devices)
	};
}
