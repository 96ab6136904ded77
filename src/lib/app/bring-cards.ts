/** Address books of other programs: a look at what they would bring, then that. Loaded when it is asked for. */

import { Bringing } from '../exchange/vcard-bring.ts';
import { planCards, type CardPlan, type PlannedPerson } from '../exchange/vcard-plan.ts';
import type { ReadCard } from '../exchange/vcard-read.ts';
import type { SmallPicture } from '../exchange/vcard-rows.ts';
import { toBook } from '../mailbox/book.ts';
import { GROUPS } from '../mailbox/groups.ts';
import { inBook } from '../mailbox/merging.ts';
import { readOwn } from '../mailbox/own-list.ts';
import { indexContacts, toMailAddress, toPerson, type People } from '../mailbox/people.ts';
import { isOrdinary } from '../post/ordinary.ts';
import { StorageFull, type Desk } from '../post/ports.ts';
import type { Address } from '../wire/ids.ts';
import { SourceVanished } from './batches.ts';
import { readCardsInWorker } from './card-reader.ts';
import type {
	CardPreview,
	CardsBringing,
	CardsBrought,
	CardsRead,
	CardsReading,
	CardsWork
} from './view-cards.ts';

interface FromFiles {
	readonly cards: readonly ReadCard[];
	readonly unreadable: number;
	readonly tooMany: number;
}

export async function readCards(
	desk: Desk,
	files: readonly File[],
	work: CardsWork
): Promise<CardsReading> {
	const found = await readFiles(files, work).catch((error: unknown) => {
		if (error instanceof SourceVanished) return 'vanished' as const;
		throw error;
	});
	if (found === 'vanished') return { ok: false, problem: found };
	if (found === null) return { ok: false, problem: 'stopped' };
	if (found.cards.length === 0 && found.tooMany === 0) return { ok: false, problem: 'no-cards' };
	const people = await readPeople(desk);
	const plan = await planCards(desk.store, people, await readOwn(desk.store, GROUPS), found.cards);
	const { unreadable, tooMany } = found;
	const leftOut = { withoutAddress: plan.withoutAddress, unreadable, tooMany };
	const previews = plan.people.map((one) => toPreview(people, one));
	return { ok: true, it: { people: previews, groups: groupsOf(plan), leftOut, files } };
}

/** `null`: stopped. */
async function readFiles(
	files: readonly File[],
	{ signal, onProgress }: CardsWork
): Promise<FromFiles | null> {
	const all = files.reduce((sum, { size }) => sum + size, 0);
	const cards: ReadCard[] = [];
	let [unreadable, tooMany] = [0, 0];
	for await (const batch of readCardsInWorker({ files, takesPhotos: false }, signal)) {
		if (signal.aborted) break;
		cards.push(...batch.cards);
		unreadable += batch.unreadable;
		tooMany += batch.tooMany;
		onProgress(all === 0 ? 1 : batch.bytes / all);
	}
	return signal.aborted ? null : { cards, unreadable, tooMany };
}

async function readPeople({ store }: Pick<Desk, 'store'>): Promise<People> {
	const account = await store.get('account', []);
	if (account === null) throw new Error('there is no account');
	const contacts = indexContacts(await store.list('contact'));
	const { address, name } = account;
	return { me: { address, name }, contacts, book: toBook(await store.list('book'), contacts) };
}

function toPreview(
	people: People,
	{ card, cards, outcome, knownAt, fresh }: PlannedPerson
): CardPreview {
	const shown = (one: Address) => (isOrdinary(one) ? one : toMailAddress(one, card.name));
	return {
		id: cards[0] ?? 0,
		name: card.name,
		addresses: card.addresses.map(shown),
		hasNewAddress: fresh.length > 0,
		outcome,
		known: knownAt.map((address) => toPerson(people, address))
	};
}

function groupsOf({ people, groups }: CardPlan): readonly string[] {
	const named = people.flatMap(({ card }) => card.groups);
	return [...new Set([...named, ...groups.map(({ name }) => name)])];
}

/**
 * The files are read again: first for the plan, which may be another by now, then with their pictures, which
 * for thousands of people are never in memory at once.
 */
export function bringCards(
	desk: Desk,
	read: CardsRead,
	together: ReadonlySet<number>,
	options: CardsBringing
): Promise<CardsBrought> {
	return inBook(desk, async () => {
		const { words } = options;
		const office = (await desk.store.get('account', []))?.office ?? '';
		const entries = (await desk.store.list('book')).length;
		const bringing = new Bringing(desk, { words, office }, entries);
		const progress = { groupsLeftOut: 0 };
		const end = await bringAll(desk, bringing, { read, together, progress }, options).catch(
			(error: unknown) => {
				if (error instanceof StorageFull) return 'storage-full' as const;
				if (error instanceof SourceVanished) return 'vanished' as const;
				throw error;
			}
		);
		const { added, changed, leftOut } = bringing;
		return {
			...{ end, added, changed, leftOut, groupsLeftOut: progress.groupsLeftOut },
			undo: () => inBook(desk, () => bringing.takeBack())
		};
	});
}

interface Work {
	readonly read: CardsRead;
	readonly together: ReadonlySet<number>;
	readonly progress: { groupsLeftOut: number };
}

async function bringAll(
	desk: Desk,
	bringing: Bringing,
	{ read, together, progress }: Work,
	options: CardsBringing
): Promise<'done' | 'stopped'> {
	const { files } = read;
	const { signal, onProgress } = options;
	const found = await readFiles(files, { signal, onProgress: () => undefined });
	if (found === null) return 'stopped';
	const people = await readPeople(desk);
	const plan = await planCards(desk.store, people, await readOwn(desk.store, GROUPS), found.cards);
	const meant = new Map(read.people.map((one) => [one.id, one]));
	const addresses = new Map<string, Address>();
	const members = new Map<string, Address[]>();
	let done = 0;
	for await (const { person, photo } of withPhotos(files, plan, options)) {
		if (signal.aborted) {
			await bringing.flush();
			return 'stopped';
		}
		const before = meant.get(person.cards[0] ?? -1);
		const isMeant = before !== undefined && isLike(before, toPreview(people, person));
		const isOne = isMeant && together.has(before.id);
		const address = await bringing.take({ person, isOne, picture: photo });
		if (address !== null) {
			for (const name of person.card.groups) {
				members.set(name, [...(members.get(name) ?? []), address]);
			}
			for (const key of [person.card.uid, ...person.card.addresses]) addresses.set(key, address);
		}
		onProgress(++done / plan.people.length);
		await desk.breathe?.();
	}
	await bringing.flush();
	if (signal.aborted) return 'stopped';
	for (const { name, members: named } of plan.groups) {
		const own = named.flatMap((key) => addresses.get(key) ?? []);
		members.set(name, [...(members.get(name) ?? []), ...own]);
	}
	for (const [name, own] of members) {
		const isIn = own.length === 0 || (await bringing.takeGroup(name, [...new Set(own)]));
		if (!isIn) progress.groupsLeftOut++;
	}
	return 'done';
}

/** Who is here may have changed since the user was asked whether they are one. */
function isLike(before: CardPreview, now: CardPreview): boolean {
	const at = ({ known }: CardPreview) => known.map(({ address }) => address).join();
	return at(before) === at(now);
}

interface Pictured {
	readonly person: PlannedPerson;
	readonly photo: SmallPicture | null;
}

/** Each person when the last of their cards was read; those without a picture are not waited for. */
async function* withPhotos(
	files: readonly File[],
	{ people }: CardPlan,
	{ toPhoto, signal }: CardsBringing
): AsyncGenerator<Pictured> {
	const awaited = new Map<number, PlannedPerson>();
	for (const person of people) {
		const isWanted = person.card.hasPhoto && person.outcome !== 'same';
		if (!isWanted) yield { person, photo: null };
		else for (const at of person.cards) awaited.set(at, person);
	}
	if (awaited.size === 0) return;
	const photos = new Map<PlannedPerson, SmallPicture>();
	let at = -1;
	for await (const { cards } of readCardsInWorker({ files, takesPhotos: true }, signal)) {
		for (const { photo } of cards) {
			const person = awaited.get(++at);
			if (person === undefined) continue;
			if (photo !== null && !photos.has(person)) {
				const blob = await toPhoto(photo);
				const bytes = blob && new Uint8Array(await blob.arrayBuffer());
				if (blob && bytes) photos.set(person, { type: blob.type, bytes });
			}
			if (person.cards.at(-1) !== at) continue;
			yield { person, photo: photos.get(person) ?? null };
			photos.delete(person);
		}
	}
}
