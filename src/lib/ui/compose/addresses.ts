/** What a reader types or pastes into To. */
import type { Group } from '../../app/view-people.ts';
import type { Contact, Recipient } from '../../app/view.ts';

/** Between two people, in the scripts of those who write lists. */
const PIECE = /(?:"(?:\\.|[^"\\])*"|<[^<>]*>|[^,;\n\r\t"，；、،؛]|")+|[,;\n\r\t，；、،؛]/gu;
const SEPARATOR = /^[,;\n\r\t，；、،؛]$/u;

/**
 * `Mira <mira@k…>, tom@k…; Ines` → one text each. A comma inside quotation marks stays, and so does that
 * of `Kessler, Mira <mira@k…>`, unless `isKnown` says that Kessler is somebody. Nothing is lost.
 */
export function splitRecipients(
	text: string,
	isKnown: (text: string) => boolean = () => false
): string[] {
	const parts: string[] = [];
	let isAfterComma = false;
	for (const piece of text.match(PIECE) ?? []) {
		if (SEPARATOR.test(piece)) {
			isAfterComma = piece === ',';
			continue;
		}
		const part = tidy(piece);
		const before = parts.at(-1);
		const isRest = isAfterComma && before !== undefined && /<.+>$/.test(part) && isSurname(before);
		if (isRest && !isKnown(before)) parts[parts.length - 1] = `${before}, ${part}`;
		else if (part !== '') parts.push(...apart(part));
	}
	return parts;
}

/** Without what programs put around an address. */
function tidy(piece: string): string {
	return piece
		.trim()
		.replace(/^mailto:/i, '')
		.replace(/\\(["\\])/g, '$1');
}

function isSurname(text: string): boolean {
	return !/[@<>/#"]/.test(text) && text.split(/\s+/).length <= 3;
}

/** `tom@k ines@k`: addresses alone, with nothing but spaces between. */
function apart(part: string): string[] {
	const words = part.split(/\s+/);
	return words.length > 1 && words.every((word) => /^[^\s<>"]+@[^\s<>"]+$/.test(word))
		? words
		: [part];
}

/** An invite of ours, by its form; whether it is one, the app finds out. */
export function looksLikeInvite(text: string): boolean {
	return /#i=[\w-]+/.test(text);
}

/** Contacts whose name (any word of it) or address begins with the typed text; at most `limit`. */
export function suggestContacts(
	contacts: readonly Contact[],
	typed: string,
	chosen: readonly Recipient[],
	limit = 6
): Contact[] {
	const wanted = typed.trim().toLocaleLowerCase();
	if (!wanted) return [];
	return contacts
		.filter((contact) => contact.tier !== 'blocked' && !standsIn(chosen, contact))
		.flatMap((contact) => {
			if (beginsWith(contact.name.toLocaleLowerCase(), wanted)) return [contact];
			return atAddress(contact, wanted) ?? [];
		})
		.slice(0, limit);
}

/** At whichever of their addresses. */
function standsIn(chosen: readonly Recipient[], { address, addresses }: Contact): boolean {
	const taken = new Set(chosen.map((one) => one.address));
	return [address, ...addresses.map((own) => own.address)].some((one) => taken.has(one));
}

/** Of somebody's addresses the one that is typed, and what is known of that one. */
function atAddress(contact: Contact, wanted: string): Contact | null {
	const begins = (one: { address: string }) => one.address.toLocaleLowerCase().startsWith(wanted);
	if (begins(contact)) return contact;
	const other = contact.addresses.find((one) => one.tier !== 'blocked' && begins(one));
	return other === undefined ? null : { ...contact, ...other };
}

/** All of a group who can be written to, and do not stand there yet. */
export interface GroupSuggestion {
	readonly group: Group;
	readonly members: readonly Contact[];
}

/** Groups of which any word begins with the typed text; at most `limit`. */
export function suggestGroups(
	groups: readonly Group[],
	contacts: readonly Contact[],
	typed: string,
	chosen: readonly Recipient[],
	limit = 2
): GroupSuggestion[] {
	const wanted = typed.trim().toLocaleLowerCase();
	if (!wanted) return [];
	const free = contacts.filter(
		(one) => one.tier !== 'blocked' && !one.isOrdinary && !standsIn(chosen, one)
	);
	return groups
		.filter(({ name }) => beginsWith(name.toLocaleLowerCase(), wanted))
		.map((group) => ({
			group,
			members: free.filter(({ address }) => group.members.includes(address))
		}))
		.filter(({ members }) => members.length > 0)
		.slice(0, limit);
}

function beginsWith(name: string, wanted: string): boolean {
	return name.startsWith(wanted) || name.split(/\s+/u).some((word) => word.startsWith(wanted));
}

export function contactToRecipient(contact: Contact): Recipient {
	const { name, address, isOrdinary } = contact;
	// An ordinary address is kept as it is: the user's own name for somebody is not for others.
	if (isOrdinary) return { text: address, name, address, standing: 'ordinary' };
	return { text: name || address, name, address, standing: 'reachable' };
}

/** Nobody twice: by address where there is one, else by what was typed. */
export function addRecipients(
	chosen: readonly Recipient[],
	added: readonly Recipient[]
): readonly Recipient[] {
	const keys = new Set(chosen.map(keyOf));
	return [...chosen, ...added.filter((one) => !keys.has(keyOf(one)) && keys.add(keyOf(one)))];
}

/** Names somebody among the recipients of a message. */
export function keyOf(one: Recipient): string {
	return one.address || one.text;
}

export type Field = 'to' | 'cc' | 'bcc';
export type People = Readonly<Record<Field, readonly Recipient[]>>;

/** Who stands there already stays once. */
export function moveRecipient(people: People, key: string, from: Field, to: Field): People {
	const moved = people[from].filter((one) => keyOf(one) === key);
	if (from === to || moved.length === 0) return people;
	return {
		...people,
		[from]: people[from].filter((one) => keyOf(one) !== key),
		[to]: addRecipients(people[to], moved)
	};
}
