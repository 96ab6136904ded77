/** What a reader types or pastes into To. */
import type { Contact, Recipient } from '../../app/view.ts';

/** `Mira <mira@k…>, tom@k…; Ines` → one text each. A comma inside quotation marks stays. */
export function splitRecipients(text: string): string[] {
	return (text.match(/(?:"[^"]*"|[^,;\n"])+/g) ?? []).map((one) => one.trim()).filter(Boolean);
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
	const taken = new Set(chosen.map((one) => one.address));
	return contacts
		.filter((contact) => contact.tier !== 'blocked' && !taken.has(contact.address))
		.filter((contact) => {
			const name = contact.name.toLocaleLowerCase();
			return (
				name.startsWith(wanted) ||
				name.split(/\s+/u).some((word) => word.startsWith(wanted)) ||
				contact.address.toLocaleLowerCase().startsWith(wanted)
			);
		})
		.slice(0, limit);
}

export function contactToRecipient(contact: Contact): Recipient {
	const { name, address } = contact;
	return { text: name || address, name, address, standing: 'reachable' };
}

/** Nobody twice: by address where there is one, else by what was typed. */
export function addRecipients(
	chosen: readonly Recipient[],
	added: readonly Recipient[]
): readonly Recipient[] {
	const key = (one: Recipient) => one.address || one.text;
	const keys = new Set(chosen.map(key));
	return [...chosen, ...added.filter((one) => !keys.has(key(one)) && keys.add(key(one)))];
}
