/**
 * The sender's device owns delivery (protocol §6.4): what its office does not knock for any more,
 * though nobody has confirmed it, is handed over again.
 */

import { equal } from '../wire/bytes.ts';
import type { Desk, Signalled } from './ports.ts';
import { isNotice, updateKnock, type Announced } from './progress.ts';
import type { KnockOut } from './records.ts';
import type { Counter } from './registration.ts';

/** True: something waits again. No drain runs meanwhile: what it hands over is not missed here. */
export function takeBackLost(
	desk: Desk,
	{ office, account }: Counter,
	options: Signalled
): Promise<boolean> {
	const compare = async (): Promise<boolean> => {
		const handed = await findHanded(desk);
		if (handed.length === 0) return false;
		const held = await office.pending(account, options);
		const isHeld = ({ knock }: Announced) => held.some(({ hash }) => isNotice(knock, hash));
		const lost = handed.filter(
			(one) => !handed.some((other) => covers(other, one) && isHeld(other))
		);
		for (const { record, knock } of lost) {
			await updateKnock(desk, record.id, knock.to, (each) =>
				isSame(each, knock) ? { ...each, state: 'waiting' } : each
			);
		}
		return lost.length > 0;
	};
	return desk.exclusive('outbox', compare, options);
}

async function findHanded(desk: Desk): Promise<Announced[]> {
	return (await desk.store.list('outbox')).flatMap((record) =>
		record.knocks.filter(isHanded).map((knock) => ({ record, knock }))
	);
}

function isHanded({ state }: KnockOut): boolean {
	return state === 'handed-over' || state === 'noticed';
}

/** The notice of a later message of the thread has taken the place of this one's. */
function covers(other: Announced, one: Announced): boolean {
	return (
		equal(other.knock.knock, one.knock.knock) && other.record.createdAt >= one.record.createdAt
	);
}

/** Neither confirmed nor sealed again since we looked. */
function isSame(now: KnockOut, before: KnockOut): boolean {
	if (now.sealed === undefined || before.sealed === undefined) return false;
	return isHanded(now) && equal(now.sealed, before.sealed);
}
