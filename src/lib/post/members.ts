/** The members of a thread, as it wraps to them. */

import { membersOf } from '../threads/members.ts';
import { rootKeyToAddress, type ThreadId } from '../wire/ids.ts';
import type { Account } from './account.ts';
import { findCorrespondent, type Correspondent } from './contacts.ts';
import type { Desk, Signalled } from './ports.ts';
import { exclusiveThread, loadReplica } from './replicas.ts';

/** All but ourselves. `null`: a card is missing, and nobody who has it answers. */
export async function findMembers(
	desk: Desk,
	account: Account,
	thread: ThreadId,
	options: Signalled
): Promise<readonly Correspondent[] | null> {
	const replica = await exclusiveThread(desk, thread, () => loadReplica(desk, account, thread));
	const people: Correspondent[] = [];
	for (const { root } of replica === null ? [] : membersOf(replica.state)) {
		const address = rootKeyToAddress(root);
		if (address === account.record.address) continue;
		const who = await findCorrespondent(desk, address, [account.record.office], options);
		if (who === null) return null;
		people.push(who);
	}
	return people;
}
