/** Names in a query that this user knows: their contacts', which their messages may not have. */

import type { Address } from '../wire/ids.ts';
import { toPerson, type People } from './people.ts';
import { fold } from '../search/fold.ts';
import { partyOf, type Field, type Query } from '../search/query.ts';
import { findRuns, toTokens } from '../search/tokens.ts';

/** People whom one word may mean; more than these are found by what their messages say. */
const MEANT = 16;

/** The same query, in which a name also means whoever this user calls so, and "me" this user. */
export function withPeople(query: Query, people: People): Query {
	const known = [...people.contacts.values()].map(({ address, name, alias = '' }) => ({
		address,
		tokens: toTokens(fold(`${alias} ${name}`))
	}));
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

const NAMED: readonly Field[] = ['any', 'from', 'to', 'cc'];

function meaning(
	words: Extract<Query, { kind: 'words' }>,
	me: Address,
	known: readonly { readonly address: Address; readonly tokens: readonly string[] }[]
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
		.map(({ address }) => address);
	const isMe = field !== 'any' && tokens.length === 1 && tokens[0] === 'me';
	const all = isMe ? [me] : meant.slice(0, MEANT);
	if (all.length === 0) return words;
	return { kind: 'any', of: [words, ...all.map((address) => partyOf(field, address))] };
}

/** Of a key's; the first letters of all addresses are the same. */
function isBeginningOfAddress(word: string): boolean {
	return /^k51q[0-9a-z]{10,}$/.test(word);
}

/** Names for completion: contacts, and this user. */
export function namesIn(people: People): { readonly name: string; readonly address: string }[] {
	const contacts = [...people.contacts.values()]
		.filter(({ seat }) => seat === undefined)
		.map(({ address }) => toPerson(people, address));
	return contacts
		.filter(({ name }) => name !== '')
		.map(({ name, address }) => ({ name, address }))
		.sort((a, b) => a.name.localeCompare(b.name));
}
