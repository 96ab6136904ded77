import { expect, test } from 'vitest';
import type { Contact, Recipient } from '../../app/view.ts';
import { addRecipients, splitRecipients, suggestContacts } from './addresses.ts';

const contact = (name: string, tier: Contact['tier'] = 'known'): Contact => ({
	name,
	cardName: name,
	address: `${name.toLowerCase().replace(' ', '.')}@k`,
	isMe: false,
	badge: 'known',
	tier,
	connection: 'none',
	lastSeen: null
});

const all = [contact('Mira Kessler'), contact('Tom Kramer'), contact('Kai', 'blocked')];

test('typed and pasted lists', () => {
	expect(splitRecipients(' "Kessler, Mira" <m@k>, tom@k;ines@k\n')).toEqual([
		'"Kessler, Mira" <m@k>',
		'tom@k',
		'ines@k'
	]);
	expect(splitRecipients(' , ;')).toEqual([]);
});

test('suggestions: any word of the name, nobody blocked or chosen', () => {
	const names = (typed: string, chosen: Recipient[] = []) =>
		suggestContacts(all, typed, chosen).map((one) => one.name);
	expect(names('k')).toEqual(['Mira Kessler', 'Tom Kramer']);
	expect(names('mir')).toEqual(['Mira Kessler']);
	expect(names('')).toEqual([]);
	const mira: Recipient = { text: '', name: '', address: 'mira.kessler@k', standing: 'reachable' };
	expect(names('k', [mira])).toEqual(['Tom Kramer']);
});

test('nobody stands there twice', () => {
	const one: Recipient = { text: 'x', name: '', address: '', standing: 'unreadable' };
	expect(addRecipients([one], [one, one])).toEqual([one]);
});
