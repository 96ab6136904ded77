/** Finding people by what one remembers of them. */
import type { Contact } from '../../app/view.ts';
import { fullName } from '../shared/people.ts';

/** Accents and case aside. */
export function fold(text: string): string {
	return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Does every word that was typed begin a word of one of the texts? */
export function isFound(typed: string, texts: readonly string[]): boolean {
	const words = fold(typed).split(/\s+/u).filter(Boolean);
	if (words.length === 0) return true;
	const text = ` ${fold(texts.join(' ')).replaceAll(/[@.("'-]/g, ' ')}`;
	return words.every((word) => text.includes(` ${word.replaceAll(/[@.("'-]/g, ' ').trim()}`));
}

export function findContacts(contacts: readonly Contact[], typed: string): readonly Contact[] {
	if (typed.trim() === '') return contacts;
	return contacts.filter((one) =>
		isFound(typed, [fullName(one), ...one.addresses.flatMap((own) => [own.cardName, own.address])])
	);
}
