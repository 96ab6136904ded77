/** What must be true: of every state on the way, and of the end. Throws `Broken` where it is not. */

import { openOwnAccount } from '../../src/lib/app/own-account.ts';
import { openFile } from '../../src/lib/post/files.ts';
import type { BlockStore, Desk, MailStore } from '../../src/lib/post/ports.ts';
import {
	TABLES,
	type DeliveryRecord,
	type MessageRecord,
	type ThreadRecord
} from '../../src/lib/post/records.ts';
import { createRecipient } from '../../src/lib/post/recipient.ts';
import { loadReplica, wantTexts } from '../../src/lib/post/replicas.ts';
import { rowToBytes } from '../../src/lib/store/rows.ts';
import { entryIds, isOpen, isText, refusalOf, textEntries } from '../../src/lib/threads/entries.ts';
import {
	ancestorsOf,
	listNodes,
	nodeAt,
	placeOf,
	type LogNode
} from '../../src/lib/threads/log.ts';
import { shownMessages } from '../../src/lib/threads/shown.ts';
import type { ThreadState } from '../../src/lib/threads/thread.ts';
import { equal, toHex } from '../../src/lib/wire/bytes.ts';
import {
	cidToBlockId,
	rootKeyToAddress,
	type EntryId,
	type ThreadId
} from '../../src/lib/wire/ids.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import type { Refusal } from '../../src/lib/wire/refusal.ts';
import { mayRead, recipientsOf, visibleTo, type SimMail } from './ledger.ts';
import type { Member } from './member.ts';
import { findMarks, FORGED } from './plaintext.ts';
import type { Town } from './town.ts';
import { Broken } from './world.ts';

type Disk = { readonly mail: MailStore; readonly blocks: BlockStore };

/** What would be there if the power went now. */
function diskOf(member: Member): Disk {
	return member.profile.disk.open();
}

/** Every message on every disk, by the member whose disk it is and the mail that it is a copy of. */
type Archive = ReadonlyMap<string, ReadonlyMap<SimMail, readonly MessageRecord[]>>;

async function readArchive(town: Town): Promise<Archive> {
	const archive = new Map<string, Map<SimMail, MessageRecord[]>>();
	for (const member of town.members) {
		const copies = new Map<SimMail, MessageRecord[]>();
		for (const row of await diskOf(member).mail.list('message')) {
			const [number] = findMarks(Buffer.from(row.mail.text));
			if (number === 0) continue;
			const mail = town.ledger.mails[(number ?? 0) - 1];
			if (mail === undefined) throw new Broken(`${member.name} has a message that nobody wrote`);
			copies.set(mail, [...(copies.get(mail) ?? []), row]);
		}
		archive.set(member.name, copies);
	}
	return archive;
}

/* ------------------------------------------------------------------ at any moment */

/** Statuses say no more than is true. */
export async function judgeNow(town: Town): Promise<void> {
	const archive = await readArchive(town);
	for (const member of town.members) {
		for (const [mail, copies] of archive.get(member.name) ?? []) {
			if (mail.author !== member.name) continue;
			for (const copy of copies) {
				for (const delivery of copy.deliveries) {
					await judgeDelivery(town, archive, mail, copy, delivery);
				}
			}
		}
	}
}

async function judgeDelivery(
	town: Town,
	archive: Archive,
	mail: SimMail,
	{ thread, holders }: Pick<MessageRecord, 'thread' | 'holders'>,
	{ to, field, state, reason }: DeliveryRecord
): Promise<void> {
	const address = rootKeyToAddress(to.root);
	const recipient = town.members.find((each) => each.address === address);
	if (recipient === undefined) throw new Broken(`mail ${mail.number} goes to nobody we know`);
	const said = `mail ${mail.number} is said to be ${state} to ${recipient.name}`;
	switch (state) {
		case 'written':
			return;
		case 'kept':
		case 'noticed': {
			const copies = copiesAt(archive, mail.author, mail).filter(
				({ mail: { blind } }) => (blind === true) === (field === 'bcc')
			);
			// Who is told can read it; files may still be on their way, until an office holds all of it.
			if (isKept(town, copies, state === 'kept' || holders.length > 0)) return;
			break;
		}
		case 'delivered':
		case 'read':
			if (await hasWhole(recipient, copiesAt(archive, recipient.name, mail))) return;
			break;
		case 'refused':
			// Of who went, and of whom they added beside that.
			if (town.ledger.isForked(thread) && isOutsideReason(reason)) return;
			throw new Broken(`${said}: ${reason ?? ''}`);
		case 'expired':
			throw new Broken(said);
	}
	throw new Broken(`${said}, and is not there`);
}

function isOutsideReason(reason: Refusal | undefined): boolean {
	return reason === 'removed' || reason === 'not-a-member';
}

function copiesAt(archive: Archive, name: string, mail: SimMail): readonly MessageRecord[] {
	return archive.get(name)?.get(mail) ?? [];
}

/** The message and every block of its files; those of a copy from an archive are had on demand. */
async function hasWhole(member: Member, rows: readonly MessageRecord[]): Promise<boolean> {
	const row = rows.find(({ keptBy }) => keptBy === undefined) ?? rows[0];
	if (row === undefined) return false;
	const { blocks } = diskOf(member);
	for (const { manifest } of row.mail.attachments) {
		if (!(await blocks.has(cidToBlockId(manifest)))) return false;
	}
	return true;
}

/** One of these lies at an office, with its files if they are asked for. */
function isKept(town: Town, copies: readonly MessageRecord[], withFiles: boolean): boolean {
	return copies.some(({ entry, mail: { attachments } }) => {
		const files = withFiles ? attachments.map(({ manifest }) => cidToBlockId(manifest)) : [];
		return town.relays.some(({ disk }) => [entry, ...files].every((id) => disk.has('block', [id])));
	});
}

/** An office learns of its own restart at once, and of another's at its hourly look. */
const LOOK_MS = 2 * LIMITS.repeatMs;

/** In a world that healed so long ago: a notice that is said to lie at an office does, or was taken. */
export async function judgeNotices(town: Town, healedMs: number): Promise<void> {
	const taken = new Set<string>();
	for (const member of town.members) {
		for (const { knock } of await diskOf(member).mail.list('knock')) taken.add(toHex(knock));
	}
	for (const relay of town.relays) {
		for (const { key, row } of relay.disk.list('send', [])) {
			const knock = key[1] ?? '';
			const target = town.relays.find(({ url }) => url === row.url);
			const isLate = target === relay || healedMs > LOOK_MS;
			if (row.state !== 'noticed' || !isLate || taken.has(knock)) continue;
			if (target?.hasNotice(toHex(row.slot), knock) === true) continue;
			throw new Broken(`${relay.url} believes that a notice lies at ${row.url}, which lost it`);
		}
	}
}

/** What a healed world has not yet come to an end with. */
export async function unsettled(town: Town): Promise<string[]> {
	const open: string[] = [];
	for (const member of town.members) {
		const { mail } = diskOf(member);
		for (const { knocks, thread, isKept } of await mail.list('outbox')) {
			const states = knocks.map(({ state }) => state).join();
			open.push(`${member.name}'s outbox: ${thread} kept ${String(isKept)}, knocks ${states}`);
		}
		for (const { from, wait } of await mail.list('knock')) {
			open.push(`${member.name} has a knock of ${from} that waits: ${wait}`);
		}
	}
	for (const relay of town.relays) {
		for (const { row } of relay.disk.list('send', [])) {
			open.push(`${relay.url} has a send that is ${row.state}, ${row.reason ?? ''}`);
		}
		if (relay.notices > 0) open.push(`${relay.url} has ${relay.notices} notices`);
	}
	return open;
}

/* -------------------------------------------------------------------- in the end */

/** Who have met, and have no more to give each other, find nothing to say at the next connection. */
export async function judgeAgreement(town: Town): Promise<void> {
	const recipients = town.members.flatMap(({ name, address, leader }) => {
		if (leader === null || address === null) return [];
		const { desk, own } = leader;
		return [{ name, address, recipient: createRecipient(desk, own.account, HOOKS) }];
	});
	for (const [i, one] of recipients.entries()) {
		for (const other of recipients.slice(0, i)) {
			const hers = await one.recipient.sharedWith(other.address);
			const his = await other.recipient.sharedWith(one.address);
			for (const thread of new Set([...hers.keys(), ...his.keys()])) {
				const [a, b] = [hers.get(thread), his.get(thread)];
				if (a !== undefined && b !== undefined && equal(a, b)) continue;
				// Who was added by one who had to go is out, and nobody can tell it how.
				if ((a === undefined || b === undefined) && town.ledger.isForked(thread)) continue;
				throw new Broken(`${one.name} and ${other.name} compare ${thread} for ever`);
			}
		}
	}
}

const HOOKS = { onReceived: () => undefined, onConnections: () => undefined };

export async function judgeEnd(town: Town): Promise<void> {
	const archive = await readArchive(town);
	for (const mail of town.ledger.mails) await judgeMail(town, archive, mail);
	for (const member of town.members) {
		await judgeSecrecy(town, member);
		await judgeRows(member);
	}
	await judgeReplicas(town);
}

/** Exactly once at each who is meant, and known as delivered. */
async function judgeMail(town: Town, archive: Archive, mail: SimMail): Promise<void> {
	const rowsOf = (name: string) => copiesAt(archive, name, mail);
	const own = rowsOf(mail.author);
	const shown = own.find(({ deliveries }) => deliveries.length > 0);
	if (own.length === 0 && mail.accepted === null) {
		for (const name of recipientsOf(mail)) {
			if (rowsOf(name).length > 0) throw new Broken(`mail ${mail.number} came from nowhere`);
		}
		return;
	}
	if (shown === undefined) throw new Broken(`mail ${mail.number} was accepted and is lost`);
	if (own.length !== 1 + mail.bcc.length) {
		throw new Broken(`${mail.author} has ${own.length} copies of mail ${mail.number}`);
	}
	if (shown.deliveries.length !== recipientsOf(mail).length) {
		throw new Broken(`mail ${mail.number} is not known as delivered`);
	}
	for (const delivery of shown.deliveries) await judgeArrival(town, archive, mail, delivery);
	for (const { name } of town.members.filter((each) => !isNamed(mail, each.name))) {
		const kept = rowsOf(name).filter(({ keptBy }) => keptBy !== undefined);
		if (kept.length === rowsOf(name).length && kept.length <= 1) continue;
		throw new Broken(`${name} has a copy of mail ${mail.number}, which is not from an archive`);
	}
}

function isNamed(mail: SimMail, name: string): boolean {
	return name === mail.author || recipientsOf(mail).includes(name);
}

/** Once at whoever took it; shown to nobody who refused it. */
async function judgeArrival(
	town: Town,
	archive: Archive,
	mail: SimMail,
	{ to, state }: DeliveryRecord
): Promise<void> {
	const name = town.nameOf(rootKeyToAddress(to.root));
	const rows = copiesAt(archive, name, mail);
	const originals = rows.filter(({ keptBy }) => keptBy === undefined);
	const [row] = originals;
	if (state === 'refused') {
		const shown = rows.filter(
			({ refused, keptBy }) => refused === undefined && keptBy === undefined
		);
		// One who stayed had built on it, and whoever refused it heard of that later.
		const vouched = shown.map(({ entry, thread }) => isVouchedFor(town.named(name), thread, entry));
		if ((await Promise.all(vouched)).every(Boolean)) return;
		throw new Broken(`mail ${mail.number} is said to be refused by ${name}, who shows it`);
	}
	if (state !== 'delivered' && state !== 'read') {
		throw new Broken(`mail ${mail.number} is not known as delivered to ${name}: ${state}`);
	}
	// Who was a blind recipient has a copy in a thread of its own, and may have been added to the other.
	const isTwice = rows.some((other) => other !== row && other.thread === row?.thread);
	if (row === undefined || originals.length > 1 || isTwice) {
		const where = rows.map(
			({ thread, keptBy }) => `${thread}${keptBy === undefined ? '' : ', kept'}`
		);
		throw new Broken(
			`${name} has ${rows.length} copies of mail ${mail.number}: ${where.join('; ')}`
		);
	}
	judgeCopy(town, mail, row);
	await judgeFiles(town, town.named(name), mail, row);
}

/** Does a shown entry of another descend from it? */
async function isVouchedFor(member: Member, thread: ThreadId, entry: EntryId): Promise<boolean> {
	const { leader } = member;
	const replica = leader && (await loadReplica(leader.desk, leader.own.account, thread));
	if (!replica) return false;
	const { view, standing } = replica.state.replica;
	const place = placeOf(view, entry);
	const by = place === null ? null : makerOf(nodeAt(view, place));
	return listNodes(view).some((node, at) => {
		const isOther = makerOf(node) !== null && makerOf(node) !== by;
		const isShown = isOther && !standing.refused.has(at);
		return isShown && place !== null && ancestorsOf(view, at).has(place);
	});
}

function makerOf({ content }: LogNode): string | null {
	if (content.kind === 'epoch') return content.fact.list.maker;
	return content.kind === 'entry' ? content.by : null;
}

/** Nothing in a copy names a blind recipient. */
function judgeCopy(
	town: Town,
	mail: SimMail,
	{ mail: { to, cc }, bcc, isVouched }: MessageRecord
): void {
	const named = [...to, ...cc].map(({ root }) => rootKeyToAddress(root));
	const expected = visibleTo(mail).map((name) => town.named(name).address);
	const isSame = named.length === expected.length && named.every((each) => expected.includes(each));
	if (!isSame || bcc.length > 0)
		throw new Broken(`mail ${mail.number} names others than it should`);
	if (!isVouched) throw new Broken(`mail ${mail.number} is not surely of ${mail.author}`);
}

async function judgeFiles(
	town: Town,
	member: Member,
	mail: SimMail,
	row: MessageRecord
): Promise<void> {
	const { attachments } = row.mail;
	const [ground] = town.members.flatMap(({ leader }) => leader?.desk ?? []);
	if (ground === undefined || attachments.length !== mail.files.length) {
		throw new Broken(`mail ${mail.number} has ${attachments.length} files at ${member.name}`);
	}
	for (const [i, attachment] of attachments.entries()) {
		const pieces: Uint8Array[] = [];
		const { blocks } = diskOf(member);
		for await (const piece of openFile(ground, blocks, attachment)) pieces.push(piece);
		const isSame = equal(Buffer.concat(pieces), mail.files[i]?.content ?? Buffer.of(0));
		if (!isSame) throw new Broken(`a file of mail ${mail.number} is another at ${member.name}`);
	}
}

/** No text on a disk whose owner it was not meant for. */
async function judgeSecrecy(town: Town, member: Member): Promise<void> {
	const { mail: store } = diskOf(member);
	for (const table of TABLES) {
		for (const row of await store.list(table)) {
			for (const number of findMarks(rowToBytes(row))) {
				const mail = town.ledger.mails[number - 1];
				if (number === 0) continue;
				if (mail !== undefined && mayRead(mail).includes(member.name)) continue;
				throw new Broken(`mail ${number} stands in clear in ${member.name}'s table ${table}`);
			}
		}
	}
}

/** The list of threads says what the threads hold. */
async function judgeRows(member: Member): Promise<void> {
	const { mail: store } = diskOf(member);
	for (const thread of await store.list('thread')) {
		const rows = await store.list('message', [thread.id]);
		const shown = rows.filter(({ refused }) => refused === undefined).length;
		const unread = rows.filter(({ isUnread }) => isUnread).length;
		if (thread.count === shown && thread.unread === unread) continue;
		const said = `${thread.count} messages, ${thread.unread} unread`;
		throw new Broken(
			`${member.name}'s thread ${thread.id} says ${said}; there are ${shown}, ${unread}`
		);
	}
}

/** All that hold a thread see the same, and it is what their storage says. */
async function judgeReplicas(town: Town): Promise<void> {
	const views = new Map<ThreadId, Viewer[]>();
	for (const member of town.members) {
		const leader = member.leader;
		const { desk } = member.profile.open('judge');
		const threads = await diskOf(member).mail.list('thread');
		for (const thread of threads.sort((a, b) => (a.id < b.id ? -1 : 1))) {
			const fresh = await viewOf(town, member, desk, thread);
			const kept = leader === null ? fresh : await viewOf(town, member, leader.desk, thread);
			if (toText(kept) !== toText(fresh))
				throw new Broken(`${member.name} remembers ${thread.id} otherwise`);
			const list = views.get(thread.id) ?? [];
			const mayRemove = thread.circle?.mayRemove === true;
			views.set(thread.id, [...list, { name: member.name, mayRemove, view: fresh }]);
		}
	}
	for (const [thread, all] of views) {
		const list = insideOf(town, thread, all);
		for (const first of list) {
			const other = list.find((each) => {
				const common = commonTo(first, each);
				const [mine, theirs] = [withOnly(first.view, common), withOnly(each.view, common)];
				return mine.isWhole && theirs.isWhole
					? toText(mine) !== toText(theirs)
					: toText(withoutHeads(mine)) !== toText(withoutHeads(theirs));
			});
			if (other === undefined) continue;
			const both = [first, other].map(({ name, view }) => `${name}: ${toText(view)}`).join('\n');
			throw new Broken(`replicas of ${thread} differ:\n${both}`);
		}
	}
}

/**
 * Who is a member by the word of the creator, whom nobody can remove: whoever went, or was added by one
 * who had to go, may not know of it, and goes on in good faith where nobody listens.
 */
function insideOf({ ledger }: Town, thread: ThreadId, all: readonly Viewer[]): readonly Viewer[] {
	if (all.every(({ name }) => !ledger.isGone(thread, name))) return all;
	const members = all.find(({ mayRemove }) => mayRemove)?.view.members.split(',') ?? [];
	return all.filter(({ name }) => members.includes(name));
}

/** Who was added later has none of what was written before, unless in a thread of its own. */
function commonTo(a: Viewer, b: Viewer): (mail: SimMail) => boolean {
	const isFor = (mail: SimMail, name: string) =>
		mail.author === name || visibleTo(mail).includes(name);
	const has = ({ view }: Viewer, mail: SimMail) =>
		view.marks.some((mark) => mark.mail === mail && !mark.isKept);
	return (mail) => (has(a, mail) && has(b, mail)) || (isFor(mail, a.name) && isFor(mail, b.name));
}

function withOnly(view: View, isMeant: (mail: SimMail) => boolean): View {
	return { ...view, marks: view.marks.filter(({ mail, isKept }) => isMeant(mail) && !isKept) };
}

/** What somebody cannot read is no head for them: it was written beside their being added. */
function withoutHeads(view: View): View {
	return { ...view, heads: '' };
}

interface Viewer {
	readonly name: string;
	readonly mayRemove: boolean;
	readonly view: View;
}

interface View {
	readonly members: string;
	readonly heads: string;
	/** Every entry is readable here. */
	readonly isWhole: boolean;
	readonly marks: readonly ShownMark[];
}

interface ShownMark {
	readonly mail: SimMail;
	readonly status: string;
	/** From an archive, which each has where it came. */
	readonly isKept: boolean;
}

function toText({ members, heads, marks }: View): string {
	const shown = marks.map(({ mail, status }) => `${String(mail.number)} ${status}`);
	return `${members} | ${heads} | ${shown.join()}`;
}

/** What a thread says of itself, but for its texts. */
function toAccount(state: ThreadState): string {
	const ids = [...entryIds(state)].sort();
	const said = ids.map((id) => [id, refusalOf(state, id), isOpen(state, id), isText(state, id)]);
	const texts = textEntries(state).map(({ entry, message }) => [entry, message]);
	const { heads, size, missing } = state;
	return JSON.stringify([heads, size, missing.toSorted(), said, texts.sort()]);
}

/** Members, heads and shown messages. */
async function viewOf(
	town: Town,
	member: Member,
	desk: Desk,
	{ id, members }: ThreadRecord
): Promise<View> {
	const own = await openOwnAccount(desk);
	const opened = own === null ? null : await loadReplica(desk, own.account, id);
	wantTexts(desk.store, id);
	const replica = own === null ? null : await loadReplica(desk, own.account, id);
	if (opened === null || replica === null) throw new Broken(`${member.name} cannot open ${id}`);
	const { state } = replica;
	if (toAccount(opened.state) !== toAccount(state))
		throw new Broken(`${member.name} opens ${id} otherwise without its texts`);
	const { invented } = town.ledger;
	if (state.missing.some((entry) => !invented.has(entry)))
		throw new Broken(`${member.name} lacks entries of ${id}`);
	const isHonest = ({ mail }: Pick<MessageRecord, 'mail'>) => mail.subject !== FORGED;
	const shown = shownMessages(state).filter(isHonest);
	const rows = (await desk.store.list('message', [id])).filter(isHonest);
	const isKept = shown.every((message) => rows.some((row) => row.id === message.id));
	if (!isKept || rows.length !== shown.length) {
		throw new Broken(`${member.name} shows ${shown.length} and keeps ${rows.length} of ${id}`);
	}
	const marks = shown.map(({ mail: { text }, status, keptBy }) => {
		const [number] = findMarks(Buffer.from(text));
		const mail = town.ledger.mails[(number ?? 0) - 1];
		if (mail === undefined) throw new Broken(`${member.name} shows what nobody wrote`);
		return { mail, status: status.kind, isKept: keptBy !== undefined };
	});
	const names = members
		.map((address) => town.members.find((each) => each.address === address)?.name)
		.sort();
	const isWhole = entryIds(state).every((id) => isOpen(state, id));
	return { members: names.join(), heads: state.heads.join(), isWhole, marks };
}
