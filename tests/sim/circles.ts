/** Leaving a thread and removing somebody from it, drawn from what the disk says may be done. */

import { leaveThread, removeFromThread } from '../../src/lib/post/membership.ts';
import type { ThreadRecord } from '../../src/lib/post/records.ts';
import type { Dice } from './dice.ts';
import type { Member, Process } from './member.ts';
import { FORGED } from './plaintext.ts';
import type { Town } from './town.ts';

export async function leave(town: Town, dice: Dice, process: Process, member: Member) {
	const threads = await threadsOf(process, member, ({ members }) => members.length > 1);
	if (threads.length === 0) return;
	const { id } = dice.pick(threads);
	// Before it is done: after a power cut it may be, though nobody heard of it.
	town.ledger.goes(id, member.name);
	const outcome = await leaveThread(process.desk, process.own.account, id);
	const said = outcome.ok ? 'leaves' : `cannot leave (${outcome.problem.kind})`;
	town.world.note(`${member.name} ${said} ${id}`);
}

export async function remove(town: Town, dice: Dice, process: Process, member: Member) {
	const threads = await threadsOf(
		process,
		member,
		({ members, circle }) => circle?.mayRemove === true && members.length > 1
	);
	if (threads.length === 0) return;
	const { id, members } = dice.pick(threads);
	const whom = dice.pick(members.filter((address) => address !== member.address).sort());
	const name = town.nameOf(whom);
	town.ledger.goes(id, name);
	const outcome = await removeFromThread(process.desk, process.own.account, id, whom);
	const said = outcome.ok ? 'removes' : `cannot remove (${outcome.problem.kind})`;
	town.world.note(`${member.name} ${said} ${name} from ${id}`);
}

async function threadsOf(
	{ desk }: Process,
	member: Member,
	isFit: (row: ThreadRecord) => boolean
): Promise<ThreadRecord[]> {
	const rows = await desk.store.list('thread');
	return rows
		.filter((row) => row.members.some((address) => address === member.address) && isFit(row))
		.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * Everybody writes to all, as they know them, in each thread from which somebody went: what had forked
 * comes together, and whoever is out must not read it. False: nobody went anywhere.
 */
export function sayLastWords(town: Town, round: number): boolean {
	if (!town.ledger.hasGoings) return false;
	for (const member of town.members) {
		member.act(`say last words ${round}`, (process) => speak(town, process, member), 'leader');
	}
	return true;
}

async function speak(town: Town, process: Process, member: Member): Promise<void> {
	const threads = await threadsOf(
		process,
		member,
		({ id, members, sideOf }) =>
			sideOf === undefined && members.length > 1 && town.ledger.isForked(id)
	);
	for (const { id, members } of threads) {
		const rows = await process.desk.store.list('message', [id]);
		const honest = rows.filter(({ mail }) => mail.subject !== FORGED);
		const [row] = honest.sort((a, b) => (a.id < b.id ? -1 : 1));
		if (row === undefined || row.mail.blind === true) continue;
		const to = members
			.map((address) => town.nameOf(address))
			.filter((name) => name !== member.name);
		const circle = { to: to.sort(), cc: [], bcc: [] };
		const mail = town.ledger.begin(member.name, circle, []);
		const answering = { row, kind: 'replyAll', history: 'none' } as const;
		const addressOf = (name: string) => town.named(name).address ?? '';
		await member.write(process, mail, addressOf, answering);
	}
}
