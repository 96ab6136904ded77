import { expect, test } from 'vitest';
import { addressOf, contactOf, createDesk } from '../../../tests/mailbox/records.ts';
import { readNotes, setAlias, writeNotes } from '../mailbox/address-book.ts';
import { addressesOf, entryIdOf, toBook } from '../mailbox/book.ts';
import { changeMembers, createGroup, GROUPS } from '../mailbox/groups.ts';
import { mergeEntries } from '../mailbox/merging.ts';
import { readOwn } from '../mailbox/own-list.ts';
import { indexContacts, toPerson, type People } from '../mailbox/people.ts';
import { parseOrdinary, type Address } from '../wire/ids.ts';
import { Bringing } from './vcard-bring.ts';
import { planCards } from './vcard-plan.ts';
import type { ReadCard } from './vcard-read.ts';

const bob = addressOf('bob');
const carol = addressOf('carol');
const words = {
	...{ tel: 'Telephone', adr: 'Street', org: 'Firm' },
	...{ title: 'Title', bday: 'Birthday', url: 'Page' }
};
const picture = { type: 'image/webp', bytes: Uint8Array.of(1) };

function mail(text: string): Address {
	const parsed = parseOrdinary(text);
	if (parsed === null) throw new TypeError(text);
	return parsed;
}

function cardOf(
	name: string,
	addresses: readonly Address[],
	more: Partial<ReadCard> = {}
): ReadCard {
	return {
		...{
			uid: '',
			isGroup: false,
			isOurs: false,
			name,
			alias: '',
			addresses,
			office: '',
			notes: '',
			facts: []
		},
		...{ photo: null, hasPhoto: false, groups: [], members: [], ...more }
	};
}

async function createBook() {
	let drawn = 0;
	const random = (size: number) =>
		new Uint8Array(size).fill(++drawn % 256, size - 1).fill(drawn >> 8, 0, 1);
	const desk = { ...createDesk(), random };
	await desk.store.commit([{ table: 'contact', key: [bob], put: contactOf('bob') }]);
	const people = async (): Promise<People> => {
		const contacts = indexContacts(await desk.store.list('contact'));
		const me = { address: addressOf('alice'), name: 'Alice' };
		return { me, contacts, book: toBook(await desk.store.list('book'), contacts) };
	};
	const plan = async (cards: readonly ReadCard[]) =>
		planCards(desk.store, await people(), await readOwn(desk.store, GROUPS), cards);
	const bring = async (cards: readonly ReadCard[], isOne = false) => {
		const bringing = new Bringing(desk, { words, office: 'https://office.example' }, 0);
		for (const person of (await plan(cards)).people) {
			const has = person.card.hasPhoto ? picture : null;
			const address = await bringing.take({ person, isOne, picture: has });
			for (const name of person.card.groups) {
				await bringing.takeGroup(name, address === null ? [] : [address]);
			}
		}
		await bringing.flush();
		return bringing;
	};
	const rows = async () => {
		const all = await Promise.all(
			(['book', 'contact', 'person', 'photo', 'setting'] as const).map((table) =>
				desk.store.list(table)
			)
		);
		return all
			.flat()
			.map((row) => JSON.stringify(row))
			.sort();
	};
	const outcomes = async (cards: readonly ReadCard[]) =>
		(await plan(cards)).people.map(({ outcome }) => outcome);
	return { desk, people, plan, bring, rows, outcomes };
}

const hanne = cardOf('Hanne', [mail('h@a.example'), mail('h@b.example')], {
	...{ notes: 'Sings.', facts: [{ kind: 'tel', text: '431' }], hasPhoto: true, groups: ['Choir'] }
});

test('a new person comes with all addresses, and twice is once; all of it is taken back', async () => {
	const { desk, people, bring, rows, outcomes } = await createBook();
	const before = await rows();
	const bringing = await bring([hanne, cardOf('Jo', [mail('jo@a.example')])]);
	expect(bringing).toMatchObject({ added: 2, changed: 0, leftOut: 0 });
	const { book } = await people();
	const id = entryIdOf(book ?? toBook([], new Map()), mail('h@b.example'));
	expect(await readNotes(desk, id)).toBe('Sings.\n\nTelephone: 431');
	expect(toPerson(await people(), mail('h@a.example'))).toMatchObject({
		name: 'Hanne',
		badge: 'ordinary'
	});
	expect(toPerson(await people(), mail('h@a.example')).photo).toContain(id);
	const [choir] = await readOwn(desk.store, GROUPS);
	expect(choir).toMatchObject({ name: 'Choir', members: ['h@a.example'] });
	expect(await outcomes([hanne, cardOf('Jo', [mail('jo@a.example')])])).toEqual(['same', 'same']);
	await bringing.takeBack();
	const left = (await rows()).filter((row) => !before.includes(row));
	expect(left).toEqual([JSON.stringify(await desk.store.get('setting', ['groups']))]);
	expect(await readOwn(desk.store, GROUPS)).toEqual([]);
});

test('to whoever is here only what is missing is added, and nothing is replaced', async () => {
	const { desk, bring, people, rows } = await createBook();
	await setAlias(desk, bob, 'Bobby');
	await writeNotes(desk, bob, 'Mine.');
	await createGroup(desk, 'choir', [carol]);
	const before = await rows();
	const card = cardOf('Robert', [bob], {
		notes: 'Theirs.',
		groups: ['Choir'],
		alias: 'Bert',
		hasPhoto: true
	});
	const bringing = await bring([card]);
	expect(bringing).toMatchObject({ added: 0, changed: 1 });
	expect(toPerson(await people(), bob)).toMatchObject({ name: 'Bobby', badge: 'known' });
	expect(await readNotes(desk, bob)).toBe('Mine.\n\nTheirs.');
	expect((await readOwn(desk.store, GROUPS))[0]?.members).toEqual([carol, bob]);
	await bringing.takeBack();
	const later = (row: string) => !row.includes('updatedAt');
	expect((await rows()).filter(later)).toEqual(before.filter(later));
	expect(await readNotes(desk, bob)).toBe('Mine.');
});

test('a file makes nobody one with somebody: the user does', async () => {
	const { desk, people, bring, outcomes } = await createBook();
	const stranger = cardOf('Bob', [bob, carol, mail('b@a.example')]);
	const namesake = cardOf(' BOB ', [mail('bob@b.example')]);
	expect(await outcomes([stranger])).toEqual(['alike']);
	expect(await outcomes([namesake])).toEqual(['alike']);
	await bring([stranger]);
	const apart = (await people()).book ?? toBook([], new Map());
	expect(addressesOf(apart, bob)).toEqual([bob]);
	expect(addressesOf(apart, carol)).toEqual([carol, 'b@a.example']);
	const made = await desk.store.get('contact', [carol]);
	expect(made).toMatchObject({ tier: 'unknown', name: '', alias: 'Bob' });
	const bringing = await bring([namesake], true);
	const book = (await people()).book ?? toBook([], new Map());
	expect(addressesOf(book, bob)).toContain('bob@b.example');
	expect(toPerson(await people(), carol).badge).toBe('new');
	await bringing.takeBack();
	expect(addressesOf((await people()).book ?? book, bob)).toEqual([bob]);
});

test('taking back leaves what came of it since', async () => {
	const { desk, bring, people } = await createBook();
	const [one, two, three] = ['one', 'two', 'three'].map((name) => mail(`${name}@a.example`));
	if (one === undefined || two === undefined || three === undefined) throw new Error();
	const cards = [one, two, three].map((address) => cardOf('', [address]));
	const bringing = await bring([...cards, cardOf('Carol', [carol])]);
	await writeNotes(desk, one, 'Written since.');
	await mergeEntries(desk, { parts: [bob, two], photoOf: null });
	await desk.store.update('contact', [carol], (row) =>
		row === null ? [] : [{ table: 'contact', key: [carol], put: { ...row, tier: 'known' } }]
	);
	await bringing.takeBack();
	const { book, contacts } = await people();
	expect([...(book?.ordinary.keys() ?? [])].sort()).toEqual([one, two].sort());
	expect(contacts.has(carol)).toBe(true);
});

test('taking back leaves whoever is noted, merged or in a group since, with all addresses', async () => {
	const { desk, bring, people } = await createBook();
	const mallory = addressOf('mallory');
	const jo = mail('jo@a.example');
	const bringing = await bring([
		cardOf('Carol', [carol]),
		cardOf('Mallory', [mallory, mail('m@a.example')]),
		cardOf('Jo', [jo])
	]);
	const { book } = await people();
	await writeNotes(desk, entryIdOf(book ?? toBook([], new Map()), mallory), 'Written since.');
	await createGroup(desk, 'Choir', [carol, jo]);
	await bringing.takeBack();
	const after = await people();
	expect([...after.contacts.keys()].sort()).toEqual([bob, carol, mallory].sort());
	expect([...(after.book?.ordinary.keys() ?? [])].sort()).toEqual([jo, 'm@a.example']);
});

test('taking back leaves a contact of whom something was noted since', async () => {
	const { desk, bring, people } = await createBook();
	const bringing = await bring([cardOf('Carol', [carol])]);
	await writeNotes(desk, carol, 'Written since.');
	await bringing.takeBack();
	expect((await people()).contacts.has(carol)).toBe(true);
});

test('taking back takes those who were brought out of a group that has others now', async () => {
	const { desk, bring, people } = await createBook();
	const bringing = await bring([cardOf('Jo', [carol], { groups: ['Choir'] })]);
	const [choir] = await readOwn(desk.store, GROUPS);
	if (choir === undefined) throw new Error();
	await changeMembers(desk, choir.id, { add: [bob] });
	await bringing.takeBack();
	expect((await readOwn(desk.store, GROUPS))[0]?.members).toEqual([bob]);
	expect((await people()).contacts.has(carol)).toBe(false);
});

test('cards that share an address are one person, oneself and people without an address are none', async () => {
	const { plan } = await createBook();
	const cards = [
		cardOf('A', [mail('a@a.example')], { notes: 'one' }),
		cardOf('Nobody', []),
		cardOf('C', [mail('c@a.example')]),
		cardOf('Me', [addressOf('alice')]),
		cardOf('A', [mail('a@a.example'), mail('c@a.example')], { notes: 'two', hasPhoto: true })
	];
	const { people, withoutAddress, isMe } = await plan(cards);
	expect({ withoutAddress, isMe }).toEqual({ withoutAddress: 1, isMe: 1 });
	expect(people).toMatchObject([
		{ cards: [0, 2, 4], card: { name: 'A', notes: 'one\n\ntwo', hasPhoto: true } }
	]);
});

test('ten thousand that are all one, or nobody, take no time', async () => {
	const { plan } = await createBook();
	const chain = Array.from({ length: 10_000 }, (_, at) =>
		cardOf('X', [mail(`${String(at)}@a.example`), mail(`${String(at + 1)}@a.example`)], {
			notes: `note ${String(at)}`
		})
	);
	const from = performance.now();
	expect((await plan(chain)).people).toHaveLength(1);
	expect(performance.now() - from).toBeLessThan(5_000);
});
