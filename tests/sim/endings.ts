/**
 * Every seventh mail has an end date, long after the story: then nothing that it said may be left at
 * any honest member, wherever the power went while it was let go.
 */

import { openOwnAccount } from '../../src/lib/app/own-account.ts';
import { endDue } from '../../src/lib/mailbox/ending.ts';
import { TABLES } from '../../src/lib/post/records.ts';
import { rowToBytes } from '../../src/lib/store/rows.ts';
import { cidToBlockId, parseBlockId, type BlockId } from '../../src/lib/wire/ids.ts';
import type { Dice } from './dice.ts';
import type { SimMail } from './ledger.ts';
import type { Member } from './member.ts';
import { findMarks } from './plaintext.ts';
import type { Profile } from './profile.ts';
import type { Town } from './town.ts';
import { Broken } from './world.ts';

/** Beyond the longest story, its weeks and its healing. */
export const END_MS = 5 * 365 * 24 * 60 * 60 * 1000;

/** Drawn from nothing, so that kept seeds stay what they are. */
export function isEnding({ number }: SimMail): boolean {
	return number % 7 === 3;
}

/** After all has arrived. */
export async function passEnds(town: Town, dice: Dice): Promise<void> {
	if (!town.ledger.mails.some(isEnding)) return;
	for (const member of town.members.filter((each) => each !== town.mallory)) {
		member.profile.skewMs += 2 * END_MS;
		const files = await filesOf(member, town);
		await endWithCrash(member, dice.between(1, 4));
		await judgeEnded(town, member, files);
	}
}

/** The power goes after so many writes; then the device is there again, and goes on. */
async function endWithCrash(member: Member, writes: number): Promise<void> {
	const { profile } = member;
	await new Promise<void>((resolve, reject) => {
		profile.crash(writes, resolve);
		// Where that was all, it goes now.
		end(profile).then(() => profile.disk.crash(), reject);
	});
	await end(profile);
}

async function end(profile: Profile): Promise<void> {
	const { life, desk } = profile.open('ends');
	const own = await openOwnAccount(desk);
	if (own === null) throw new Broken(`${profile.name} has no account`);
	await endDue(desk, own.account);
	profile.close(life);
}

/** Blocks of files that only mails with an end date name. */
async function filesOf(member: Member, town: Town): Promise<BlockId[]> {
	const own = new Set<BlockId>();
	const others = new Set<BlockId>();
	const { mail: store } = member.profile.disk.open();
	for (const { files } of await store.list('draft')) {
		for (const { sealed } of files) {
			const id = parseBlockId(sealed?.manifest ?? '');
			if (id !== null) others.add(id);
		}
	}
	for (const { mail } of await store.list('message')) {
		const numbers = findMarks(Buffer.from(mail.text));
		const ends = numbers.some((number) => {
			const written = town.ledger.mails[number - 1];
			return written !== undefined && isEnding(written);
		});
		for (const { manifest } of mail.attachments) {
			(ends ? own : others).add(cidToBlockId(manifest));
		}
	}
	return [...own].filter((id) => !others.has(id));
}

async function judgeEnded(town: Town, member: Member, files: readonly BlockId[]): Promise<void> {
	const { mail: store, blocks, ring } = member.profile.disk.open();
	// What was never sent has not ended.
	for (const table of TABLES.filter((each) => each !== 'draft')) {
		for (const row of await store.list(table)) {
			for (const number of findMarks(rowToBytes(row))) {
				const mail = town.ledger.mails[number - 1];
				if (mail === undefined || !isEnding(mail)) continue;
				throw new Broken(`mail ${number} has ended, and stands in ${member.name}'s ${table}`);
			}
		}
	}
	for (const { message, endedAt, at, under } of await store.list('ending')) {
		const isGone = under === undefined || (await ring.open(under, Uint8Array.of(1))) === null;
		if (endedAt !== undefined && endedAt >= at && isGone) continue;
		throw new Broken(`${member.name} has not let go of ${message}`);
	}
	if ((await store.list('doomed')).length > 0) throw new Broken(`${member.name} keeps dead keys`);
	for (const id of files) {
		if (await blocks.has(id)) throw new Broken(`${member.name} keeps a file that has ended`);
	}
}
