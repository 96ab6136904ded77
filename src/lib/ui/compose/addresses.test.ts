import { expect, test } from 'vitest';
import type { Contact, Recipient } from '../../app/view.ts';
import {
	addRecipients,
	looksLikeInvite,
	moveRecipient,
	splitRecipients,
	suggestContacts,
	suggestGroups
} from './addresses.ts';

const contact = (name: string, tier: Contact['tier'] = 'known'): Contact => ({
	name,
	cardName: name,
	address: `${name.toLowerCase().replace(' ', '.')}@k`,
	isMe: false,
	badge: 'known',
	tier,
	connection: 'none',
	lastSeen: null,
	isOrdinary: false,
	addresses: []
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

test('a group brings those of it who can be written to and do not stand there yet', () => {
	const address = (at: number) => all[at]?.address ?? '';
	const everybody = all.map((one) => one.address);
	const groups = [
		{ id: 'g', name: 'House meeting', members: [...everybody, 'gone@k'] },
		{ id: 'h', name: 'Harbour', members: [] }
	];
	const found = (typed: string, chosen: Recipient[] = []) =>
		suggestGroups(groups, all, typed, chosen).map(({ group, members }) => [
			group.id,
			members.map((one) => one.address)
		]);
	const reachable = all.filter(({ tier }) => tier !== 'blocked').map((one) => one.address);
	expect(reachable.length).toBeLessThan(all.length);
	expect(found('meet')).toEqual([['g', reachable]]);
	expect(found('ha')).toEqual([]);
	expect(found('')).toEqual([]);
	const first: Recipient = { text: '', name: '', address: address(0), standing: 'reachable' };
	expect(found('house', [first])).toEqual([['g', reachable.slice(1)]]);
});

test('of a group nobody comes who stands there at another of their addresses', () => {
	const [mira] = all.slice(0, 1).map((one) => {
		const { address, badge, cardName, tier, connection, lastSeen, isOrdinary } = one;
		const own = { address, badge, cardName, tier, connection, lastSeen, isOrdinary };
		return { ...one, addresses: [own, { ...own, address: 'mira@other' }] };
	});
	if (mira === undefined) throw new Error();
	const group = { id: 'g', name: 'House', members: [mira.address] };
	const there: Recipient = { text: '', name: '', address: 'mira@other', standing: 'reachable' };
	expect(suggestGroups([group], [mira], 'house', [])).toHaveLength(1);
	expect(suggestGroups([group], [mira], 'house', [there])).toEqual([]);
});

test('nobody stands there twice', () => {
	const one: Recipient = { text: 'x', name: '', address: '', standing: 'unreadable' };
	expect(addRecipients([one], [one, one])).toEqual([one]);
});

test('lists as other programs copy them', () => {
	expect(
		splitRecipients('Kessler, Mira <m@k>; "Berg \\"Tom\\", T." <t@k>\r\nmailto:ines@k\t')
	).toEqual(['Kessler, Mira <m@k>', '"Berg "Tom", T." <t@k>', 'ines@k']);
	expect(splitRecipients('Ines, Mira <m@k>', (text) => text === 'Ines')).toEqual([
		'Ines',
		'Mira <m@k>'
	]);
	expect(splitRecipients('a@k b@k  c@k')).toEqual(['a@k', 'b@k', 'c@k']);
	expect(splitRecipients('米拉，汤姆；伊内斯、安')).toEqual(['米拉', '汤姆', '伊内斯', '安']);
	expect(splitRecipients('ميرا، توم؛ إينيس')).toEqual(['ميرا', 'توم', 'إينيس']);
	expect(splitRecipients('an "unclosed, quote, b@k')).toEqual(['an "unclosed', 'quote', 'b@k']);
	expect(splitRecipients('https://mail.example/a,b#i=aB3-_x')).toHaveLength(2);
	expect(looksLikeInvite('https://mail.example/#i=aB3-_x')).toBe(true);
	expect(looksLikeInvite('Mira #1')).toBe(false);
});

test('nothing of a list is lost, however it is written', () => {
	const list = ['Mira', 'x@', '<<', '>', '"', 'tom@k', '\\'];
	const letters = (texts: readonly string[]) => texts.join('').replace(/[\s,;]/g, '').length;
	for (let at = 0; at < 500; at++) {
		const text = Array.from({ length: 6 }, (_, i) => list[(at * 7 + i * i * at) % list.length]);
		const separator = [', ', '; ', '\n'][at % 3] ?? ',';
		const split = splitRecipients(text.join(separator));
		expect(letters(split), JSON.stringify(text)).toBeGreaterThanOrEqual(
			letters([text.join(separator).replace(/\\(["\\])/g, '$1')])
		);
	}
});

test('somebody moves from one field to another, and stands there once', () => {
	const tom: Recipient = { text: 'Tom', name: 'Tom', address: 'tom@k', standing: 'reachable' };
	const mira: Recipient = { ...tom, text: 'Mira', name: 'Mira', address: 'mira@k' };
	const people = { to: [tom, mira], cc: [tom], bcc: [] };
	expect(moveRecipient(people, 'tom@k', 'to', 'cc')).toEqual({ to: [mira], cc: [tom], bcc: [] });
	expect(moveRecipient(people, 'mira@k', 'to', 'bcc').bcc).toEqual([mira]);
	expect(moveRecipient(people, 'nobody', 'to', 'cc')).toBe(people);
});
