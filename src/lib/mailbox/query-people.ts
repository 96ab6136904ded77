/** Names in a query that this user knows: their contacts', which their messages may not have. */

import type { Address } from '../wire/ids.ts';
import { EMPTY_BOOK, entryIdOf } from './book.ts';
import { toPerson, type People } from './people.ts';
import { fold } from '../search/fold.ts';
import { partyOf, type Field, type Query } from '../search/query.ts';
import { findRuns, toTokens } from '../search/tokens.ts';

/** People whom one word may mean; more than these are found by what their messages say. */
const MEANT = 16;

/** The same query, in which a name also means whoever this user calls so, and "me" this user. */
export function withPeople(query: Query, people: People): Query {
	const known = knownIn(people);
	const expand = (part: Query): Query => {
		switch (part.kind) {
			case 'all':
			case 'any':
				return { ...part, of: part.of.map(expand) };
			case 'not':
				return { kind: 'not', it: expand(part.it) };
			case 'words':
				return meaning(part, people.me.address, known);
			case 'flag':
			case 'thread':
			case 'time':
			case 'size':
				return part;
		}
	};
	return expand(query);
}

interface Known {
	/** All of one person. */
	readonly addresses: readonly Address[];
	readonly tokens: readonly string[];
}

/** Asked with every letter that is typed, for thousands of people. */
const knownOf = new WeakMap<People, readonly Known[]>();

function knownIn(people: People): readonly Known[] {
	const before = knownOf.get(people);
	if (before !== undefined) return before;
	const { contacts, book = EMPTY_BOOK } = people;
	const names = new Map<string, { addresses: Address[]; names: string[] }>();
	const note = (address: Address, ...called: readonly string[]) => {
		const id = entryIdOf(book, address);
		const one = names.get(id) ?? { addresses: [], names: [toPerson(people, address).name] };
		one.addresses.push(address);
		one.names.push(...called);
		names.set(id, one);
	};
	for (const { address, name, alias = '' } of contacts.values()) note(address, alias, name);
	for (const { id, name } of book.ordinary.values()) note(id, name);
	const known = [...names.values()].map(({ addresses, names: called }) => ({
		addresses,
		tokens: toTokens(fold(called.join(' ')))
	}));
	knownOf.set(people, known);
	return known;
}

const NAMED: readonly Field[] = ['any', 'from', 'to', 'cc'];

function meaning(
	words: Extract<Query, { kind: 'words' }>,
	me: Address,
	known: readonly Known[]
): Query {
	const { field, tokens, isWhole } = words;
	if (!NAMED.includes(field)) return words;
	const [typed = ''] = tokens;
	if (tokens.length === 1 && field === 'any' && isBeginningOfAddress(typed)) {
		const of = (['from', 'to'] as const).map((each): Query => ({ ...words, field: each }));
		return { kind: 'any', of: [words, ...of] };
	}
	const meant = known
		.filter((person) => findRuns(person.tokens, tokens, isWhole).length > 0)
		.flatMap(({ addresses }) => addresses);
	const isMe = field !== 'any' && tokens.length === 1 && tokens[0] === 'me';
	const all = isMe ? [me] : meant.slice(0, MEANT);
	if (all.length === 0) return words;
	return { kind: 'any', of: [words, ...all.map((address) => partyOf(field, address))] };
}

/** Of a key's; the first letters of all addresses are the same. */
function isBeginningOfAddress(word: string): boolean {
	return /^k51q[0-9a-z]{10,}$/.test(word);
}

interface Named {
	readonly name: string;
	readonly address: string;
}

const namesOf = new WeakMap<People, readonly Named[]>();

/** Names for completion: everybody in the address book. */
export function namesIn(people: People): readonly Named[] {
	const before = namesOf.get(people);
	if (before !== undefined) return before;
	const { contacts, book = EMPTY_BOOK } = people;
	const here = [...contacts.values()].filter(({ seat }) => seat === undefined);
	const all = [...here.map(({ address }) => address), ...book.ordinary.keys()];
	const byName = new Intl.Collator();
	const names = all
		.map((address) => toPerson(people, address))
		.filter(({ name }) => name !== '')
		.map(({ name, address }) => ({ name, address }))
		.sort((a, b) => byName.compare(a.name, b.name));
	namesOf.set(people, names);
	return names;
}
