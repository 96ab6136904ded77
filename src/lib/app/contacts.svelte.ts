import { toPerson, type People } from '../mailbox/people.ts';
import { listPersons, mainAddresses } from '../mailbox/persons.ts';
import type { Account } from '../post/account.ts';
import { readRecipient } from '../post/typed.ts';
import type { ListedThread } from '../post/listed.ts';
import { isOrdinary } from '../post/ordinary.ts';
import type { Desk } from '../post/ports.ts';
import type { ContactRecord } from '../post/records.ts';
import { parseMailAddress, parseOrdinary, type Address } from '../wire/ids.ts';
import { toMailAddress } from '../mailbox/people.ts';
import type { ConnectionState } from './connection.svelte.ts';
import type { Parts } from './parts.ts';
import { orSoon } from './soon.ts';
import type { Shelf } from './shelf.svelte.ts';
import { story } from './story.ts';
import type { AddOutcome, Contact, Contacts, Invite, Recipient, Undo } from './view.ts';

/** How long a verb waits for the card of somebody new; it is looked for again at the first letter. */
const CARD_MS = 3_000;

export interface ContactsParts extends Parts {
	readonly connection: Pick<ConnectionState, 'pathTo'>;
}

/** People, as the screens see them. */
export class ContactsState implements Contacts {
	readonly #desk: Promise<Desk>;
	readonly #account: Promise<Account>;
	readonly #shelf: Shelf;
	readonly #connection: ContactsParts['connection'];
	readonly #all = $derived.by(() => this.#findAll());

	constructor({ desk, account, shelf, connection }: ContactsParts) {
		this.#desk = desk;
		this.#account = account;
		this.#shelf = shelf;
		this.#connection = connection;
	}

	get all(): readonly Contact[] | null {
		return this.#all;
	}

	async readInvite(link: string): Promise<Invite | null> {
		const { parseInvite } = await story();
		const invite = parseInvite(link);
		if (invite === null) return null;
		const { name, address } = invite;
		return { name, address: toMailAddress(address, name), token: link };
	}

	async add({ token }: Invite): Promise<AddOutcome> {
		const { acceptInvite, parseInvite } = await story();
		const invite = parseInvite(token);
		if (invite === null) throw new TypeError('this invite did not come from readInvite');
		const [desk, account] = await Promise.all([this.#desk, this.#account]);
		const adding = acceptInvite(desk, account, invite);
		const outcome = await orSoon(adding, CARD_MS, 'added' as const);
		await this.#shelf.contacts.refresh();
		return outcome;
	}

	async block(address: string): Promise<Undo> {
		const found = toAddress(address);
		const before = this.#contact(found);
		const desk = await this.#desk;
		const { blockAddress, setTier } = await story();
		await blockAddress(desk, found, before?.name ?? '');
		await this.#shelf.contacts.refresh();
		return async () => {
			await setTier(desk, found, before?.tier ?? 'unknown');
		};
	}

	async unblock(address: string): Promise<void> {
		const { setTier } = await story();
		await setTier(await this.#desk, toAddress(address), 'known');
		await this.#shelf.contacts.refresh();
	}

	recognise(text: string): Recipient {
		return recognise(this.#shelf.people, text, this.#shelf.usage);
	}

	#contact(address: Address): ContactRecord | undefined {
		return this.#shelf.people?.contacts.get(address);
	}

	#findAll(): readonly Contact[] | null {
		const { people, usage, book } = this.#shelf;
		// Not before it is known who is one: what is noted of somebody stands under that.
		if (people === null || book.value === null) return null;
		const byName = new Intl.Collator();
		return listPersons(people, usage, (address) => this.#connection.pathTo(address)).sort((a, b) =>
			byName.compare(a.name, b.name)
		);
	}
}

/** A contact by the full name, or whatever the text says of itself. */
export function recognise(
	people: People | null,
	text: string,
	threads: readonly ListedThread[] = []
): Recipient {
	const reading = readRecipient(text);
	if (reading.kind === 'ordinary') return toOrdinary(people, text, reading.address);
	const found = reading.kind === 'address' ? reading.address : addressByName(people, text, threads);
	if (found === null) return { text, name: '', address: '', standing: 'unreadable' };
	if (isOrdinary(found)) return toOrdinary(people, found, found);
	const claimed = reading.kind === 'address' ? reading.name : '';
	const person =
		people === null
			? { name: claimed, address: toMailAddress(found, claimed) }
			: toPerson(people, found, claimed);
	return { text, name: person.name, address: person.address, standing: 'reachable' };
}

function toOrdinary(people: People | null, text: string, address: string): Recipient {
	const parsed = parseOrdinary(address);
	const name = people === null || parsed === null ? '' : toPerson(people, parsed).name;
	return { text, name, address, standing: 'ordinary' };
}

/** Only where the name is that of one person: two of one name must be told apart by the reader. */
function addressByName(
	people: People | null,
	text: string,
	threads: readonly ListedThread[]
): Address | null {
	if (people === null) return null;
	const wanted = text.trim().toLowerCase();
	const { contacts, book } = people;
	const named = [...contacts.values()]
		.filter(
			({ address, name, alias, tier, seat }) =>
				tier !== 'blocked' &&
				seat === undefined &&
				[name, alias, toPerson(people, address).name].some((one) => one?.toLowerCase() === wanted)
		)
		.map(({ address }) => address);
	const ordinary = [...(book?.ordinary.keys() ?? [])].filter(
		(address) => toPerson(people, address).name.toLowerCase() === wanted
	);
	const mains = new Set([...named, ...ordinary].map(mainAddresses(people, threads)));
	const [only] = mains;
	return mains.size === 1 ? (only ?? null) : null;
}

/** The screens hand back what they were given. */
function toAddress(text: string): Address {
	const parsed = parseMailAddress(text);
	if (parsed === null) throw new TypeError('this address did not come from the app');
	return parsed.address;
}
