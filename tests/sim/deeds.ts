/** What members do and what befalls them, drawn one by one. */

import type { MailStore } from '../../src/lib/post/ports.ts';
import type { MessageRecord } from '../../src/lib/post/records.ts';
import { goneFrom } from '../../src/lib/mailbox/drafts.ts';
import { rootKeyToAddress, type Address } from '../../src/lib/wire/ids.ts';
import { leave, remove } from './circles.ts';
import type { Dice } from './dice.ts';
import { visibleTo, type Circle, type SimFile } from './ledger.ts';
import { strike } from './mallory.ts';
import type { Answering, Member, Process } from './member.ts';
import { findMarks, FORGED } from './plaintext.ts';
import type { StorySize } from './story.ts';
import type { Town } from './town.ts';
import type { Life } from './world.ts';

export interface Deeds {
	draw(): void;
	/** Weeks pass, a few days at a time; whoever is there does what a device does each day. */
	passWeeks(director: Life): Promise<void>;
}

interface Deed {
	readonly weight: number;
	readonly run: (member: Member) => void;
}

const KINDS = ['reply', 'replyAll', 'replyAll', 'forward'] as const;
const MINUTE = 60 * 1000;
const DAY = 24 * 60 * MINUTE;
const WEEK = 7 * DAY;

export function deedsOf(town: Town, dice: Dice, size: StorySize): Deeds {
	const act = (label: string, work: (process: Process, member: Member) => Promise<void>) => {
		return (member: Member) => {
			const where = dice.chance(0.35) ? 'tab' : 'leader';
			member.act(label, (process) => work(process, member), where);
		};
	};
	// What its patched program gave to some alone lies at no office: others could not read on from it.
	const honestly = (label: string, work: Parameters<typeof act>[1]) => {
		const run = act(label, work);
		return (member: Member) => {
			if (member !== town.mallory || !town.ledger.isAttacked) run(member);
		};
	};
	const lead = (label: string, work: (process: Process, member: Member) => Promise<void>) => {
		return (member: Member) => member.act(label, (process) => work(process, member), 'leader');
	};
	const deeds: Deed[] = [
		{
			weight: 9,
			run: honestly('write', (process, member) => writeNew(town, dice, size, process, member))
		},
		{
			weight: 11,
			run: honestly('answer', (process, member) => answer(town, dice, size, process, member))
		},
		{
			weight: 2,
			run: honestly('leave', (process, member) => leave(town, dice, process, member))
		},
		{
			weight: 5,
			run: honestly('remove', (process, member) => remove(town, dice, process, member))
		},
		{
			weight: town.mallory === null ? 0 : 15,
			run: () => attack(town, dice)
		},
		{ weight: 5, run: act('drain', (process, member) => member.drain(process)) },
		{ weight: 1, run: (member) => member.drainInWorker() },
		{ weight: 5, run: lead('listen once', (process, member) => member.listen(process, true)) },
		{ weight: 3, run: lead('listen', (process, member) => member.listen(process, false)) },
		{ weight: 3, run: lead('collect', (process, member) => member.collectAll(process)) },
		{ weight: 2, run: act('accept requests', (process, member) => member.acceptRequests(process)) },
		{ weight: 2, run: (member) => befriend(member, dice.pick(others(town, member))) },
		{ weight: 8, run: (member) => town.connect(member, dice.pick(others(town, member))) },
		{ weight: 1, run: (member) => member.leader?.courier.close() },
		{ weight: 2, run: (member) => goOffline(town, dice, member) },
		{ weight: 2, run: (member) => member.crash(dice.below(8)) },
		{ weight: 1, run: (member) => member.quit() },
		{ weight: 3, run: (member) => member.openTab() },
		{ weight: 1, run: (member) => fillDisk(town, dice, member) },
		{ weight: town.isParting ? 3 : 0, run: () => part(town, dice) },
		{ weight: 1, run: () => dice.pick(town.relays).crash() },
		{ weight: 1, run: () => dice.pick(town.relays).crashAfter(dice.below(6)) },
		{ weight: 0.5, run: act('rename', (process, member) => rename(dice, process, member)) },
		{ weight: 0.3, run: () => sleepDays(town, dice) },
		{ weight: 0.5, run: act('renew prekeys', (process, member) => member.renew(process)) }
	];
	return {
		draw() {
			recover(town, dice);
			draw(dice, deeds).run(dice.pick(town.members));
		},
		async passWeeks(director) {
			for (const member of town.members) {
				member.act('drain', (process) => member.drain(process), 'leader');
				member.act('listen once', (process) => member.listen(process, true), 'leader');
			}
			await town.world.sleep(director, 3 * MINUTE, 'before weeks pass');
			if (town.busy.length > 0 || !(await isOnItsWay(town))) return;
			town.world.note('weeks pass');
			const end = town.world.clock.now + dice.between(3, 6) * WEEK;
			while (town.world.clock.now < end) {
				recover(town, dice);
				passDays(town, dice.between(2, 7));
				// Time for what is begun now, and for the offices' rounds, which are all overdue.
				await town.world.sleep(director, MINUTE, 'as the weeks pass');
			}
		}
	};
}

/**
 * Has every notice reached the office of its recipient? A letter that its writer could hand over to
 * nobody for a month may be sealed to a prekey that is gone: nobody wraps it again yet.
 */
async function isOnItsWay(town: Town): Promise<boolean> {
	for (const { profile } of town.members) {
		const open = await profile.disk.open().mail.list('outbox');
		const isHere = open.some(({ isKept, knocks }) => {
			return !isKept || knocks.some(({ state }) => state === 'waiting' || state === 'handed-over');
		});
		if (isHere) return false;
	}
	return true;
}

function draw(dice: Dice, deeds: readonly Deed[]): Deed {
	const sum = deeds.reduce((total, { weight }) => total + weight, 0);
	let left = (dice.below(1_000_000) / 1_000_000) * sum;
	return deeds.find(({ weight }) => (left -= weight) < 0) ?? dice.pick(deeds);
}

/** Some members and offices reach each other, and nobody else; who talks across the cut is cut off. */
function part(town: Town, dice: Dice): void {
	const names = [...town.members, ...town.relays].map(({ name }) => name);
	town.network.part(new Set(dice.some(names, 0.5)));
	for (const { name, leader } of town.members) {
		leader?.courier.closeWhere((other) => town.network.isCut(name, town.nameOf(other)));
	}
}

/** What is down comes back after a while; what is full is emptied. */
function recover(town: Town, dice: Dice): void {
	if (town.network.isParted && dice.chance(0.2)) town.network.part(new Set());
	for (const relay of town.relays) if (!relay.isUp && dice.chance(0.3)) relay.start();
	for (const member of town.members) {
		if (member.state === 'off' && dice.chance(0.25)) member.start();
		if (!member.profile.isOnline && dice.chance(0.2)) goOnline(member);
		if (member.profile.disk.isFull && dice.chance(0.4)) member.profile.disk.isFull = false;
	}
}

function others(town: Town, member: Member): Member[] {
	return town.members.filter((each) => each !== member);
}

function goOffline(town: Town, _dice: Dice, member: Member): void {
	town.world.note(`${member.name} goes offline`);
	member.profile.isOnline = false;
	member.leader?.courier.close();
}

/** As the page does when the browser says that the network is back. */
function goOnline(member: Member): void {
	member.profile.isOnline = true;
	member.act('drain', (process) => member.drain(process), 'leader');
	member.act('listen once', (process) => member.listen(process, true), 'leader');
}

function fillDisk(town: Town, _dice: Dice, member: Member): void {
	town.world.note(`${member.name}'s disk is full`);
	member.profile.disk.isFull = true;
}

/** A friend opens the member's link: on paper, so no network can lose it. */
export function befriend(member: Member, friend: Member): void {
	member.act(
		'make an invite',
		async (process) => {
			const link = await member.invite(process);
			if (link === null) return;
			friend.act('follow an invite', (theirs) => friend.follow(theirs, link), 'leader');
		},
		'leader'
	);
}

function attack(town: Town, dice: Dice): void {
	const { mallory } = town;
	mallory?.act('strike', (process) => strike(town, dice, process, mallory), 'leader');
}

async function rename(dice: Dice, process: Process, member: Member): Promise<void> {
	await member.rename(process, `${member.name} ${dice.below(100)}`);
}

function sleepDays(town: Town, dice: Dice): void {
	passDays(town, dice.between(1, 12));
}

function passDays(town: Town, days: number): void {
	town.world.note(`${days} days pass`);
	town.world.clock.now += days * DAY;
	for (const member of town.members) {
		member.act('renew prekeys', (process) => member.renew(process), 'leader');
	}
}

async function writeNew(
	town: Town,
	dice: Dice,
	size: StorySize,
	process: Process,
	member: Member
): Promise<void> {
	const contacts = new Set(
		(await process.desk.store.list('contact')).map(({ address }) => address)
	);
	// Now and then somebody who is in no list of contacts: an office may know the card.
	const known = others(town, member).filter(
		({ address }) => address !== null && (contacts.has(address) || dice.chance(0.1))
	);
	const chosen = dice.some(known, dice.pick([0.3, 0.6, 1])).map(({ name }) => name);
	if (chosen.length === 0 && known.length > 0) chosen.push(dice.pick(known).name);
	if (chosen.length === 0) return;
	await write(town, member, process, toCircle(dice, chosen), files(dice, size), null);
}

/** Most are in To; now and then somebody is in Cc, or blind. */
function toCircle(dice: Dice, names: readonly string[]): Circle {
	const circle = { to: [] as string[], cc: [] as string[], bcc: [] as string[] };
	for (const name of names) {
		const field = dice.chance(0.7) ? 'to' : dice.pick(['cc', 'bcc'] as const);
		circle[field].push(name);
	}
	return circle;
}

async function answer(
	town: Town,
	dice: Dice,
	size: StorySize,
	process: Process,
	member: Member
): Promise<void> {
	const rows = await process.desk.store.list('message');
	const own = sorted(rows.filter(({ mail }) => mail.subject !== FORGED));
	if (own.length === 0) return;
	const row = dice.pick(own);
	const kind = row.mail.blind === true ? 'reply' : dice.pick(KINDS);
	const thread = await process.desk.store.get('thread', [row.thread]);
	const gone = thread === null ? new Set<Address>() : goneFrom(thread);
	// Now and then somebody wants them back.
	const circle = answerCircle(town, dice, member, row, kind, dice.chance(0.2) ? new Set() : gone);
	if (circle === null) return;
	const history = dice.pick(['none', 'all'] as const);
	await write(town, member, process, circle, files(dice, size), { row, kind, history });
}

/** As the mails were numbered, so that the disk's order draws nothing. */
function sorted(rows: readonly MessageRecord[]): MessageRecord[] {
	return [...rows].sort((a, b) => (a.thread + a.id < b.thread + b.id ? -1 : 1));
}

/** Whom the answer goes to, as the composer proposes it; `null`: to nobody. */
function answerCircle(
	town: Town,
	dice: Dice,
	member: Member,
	{ mail, from }: MessageRecord,
	kind: Answering['kind'],
	gone: ReadonlySet<Address>
): Circle | null {
	const nameOf = (root: Uint8Array) => {
		const address = rootKeyToAddress(root);
		return town.members.find((each) => each.address === address)?.name ?? '';
	};
	const goneNames = [...gone].map((address) => town.nameOf(address));
	const isOther = (name: string) =>
		name !== '' && name !== member.name && (kind === 'reply' || !goneNames.includes(name));
	const author = from === member.address ? [] : [nameOf(mail.from.root)];
	const to = mail.to.map(({ root }) => nameOf(root)).filter(isOther);
	const cc = mail.cc.map(({ root }) => nameOf(root)).filter(isOther);
	if (kind === 'forward') {
		const known = others(town, member).filter(({ address }) => address !== null);
		return known.length === 0 ? null : { to: [dice.pick(known).name], cc: [], bcc: [] };
	}
	const isAll = kind === 'replyAll';
	const circle = {
		to: isAll || author.length === 0 ? [...author, ...to] : author,
		cc: isAll ? [...cc] : [],
		bcc: [] as string[]
	};
	// Somebody new on Cc is added to the thread.
	const strangers = others(town, member).filter(
		({ name, address }) => address !== null && ![...circle.to, ...circle.cc].includes(name)
	);
	if (isAll && strangers.length > 0 && dice.chance(0.15)) circle.cc.push(dice.pick(strangers).name);
	const left = others(town, member).filter(
		({ name, address }) => address !== null && ![...circle.to, ...circle.cc].includes(name)
	);
	if (left.length > 0 && dice.chance(0.1)) circle.bcc.push(dice.pick(left).name);
	return circle.to.length + circle.cc.length === 0 ? null : circle;
}

async function write(
	town: Town,
	member: Member,
	process: Process,
	circle: Circle,
	attached: readonly SimFile[],
	answering: Answering | null
): Promise<void> {
	const history = answering?.history ?? 'none';
	const mail = town.ledger.begin(member.name, circle, attached, history);
	if (answering !== null && history === 'all') {
		await letRead(town, process.desk.store, answering, circle);
	}
	for (const { content } of attached) writeMark(content, mail.mark);
	const { to, cc, bcc } = circle;
	town.world.note(
		`mail ${mail.number}: ${member.name} to ${to.join()} cc ${cc.join()} bcc ${bcc.join()}`
	);
	const addressOf = (name: string) => town.named(name).address ?? '';
	await member.write(process, mail, addressOf, answering);
	// What was written beside it meanwhile is in the archive, too.
	if (answering !== null && history === 'all') {
		await letRead(town, member.profile.disk.open().mail, answering, circle);
	}
}

/** Whatever this member has of the thread, those to whom it goes may have by its word. */
async function letRead(
	town: Town,
	store: Pick<MailStore, 'list'>,
	{ row: { thread } }: Answering,
	circle: Circle
): Promise<void> {
	for (const { mail } of await store.list('message', [thread])) {
		const [number] = findMarks(Buffer.from(mail.text));
		const known = town.ledger.mails[(number ?? 0) - 1];
		for (const name of visibleTo(circle)) known?.archivedFor.add(name);
	}
}

/** Mostly none; small ones, and now and then one of several blocks. */
function files(dice: Dice, { fileBytes }: StorySize): SimFile[] {
	const count = dice.chance(0.15) ? dice.pick([1, 1, 2]) : 0;
	return Array.from({ length: count }, (_, i) => {
		const isLarge = dice.chance(0.1);
		const content = new Uint8Array(dice.below(isLarge ? fileBytes : Math.min(fileBytes, 3000)));
		return { name: `file ${i}`, content };
	});
}

/** As often as there is room: no part of it may be seen. */
function writeMark(content: Uint8Array, mark: string): void {
	const bytes = Buffer.from(mark);
	for (let at = 0; at + bytes.length <= content.length; at += bytes.length) content.set(bytes, at);
}
