import { expect, test } from 'vitest';
import { addressOf, contactOf, createDesk } from '../../../tests/mailbox/records.ts';
import { setAlias } from '../mailbox/address-book.ts';
import { mergeEntries } from '../mailbox/merging.ts';
import { cardsOf } from './cards.ts';

test("the user's own name for somebody stands in no card as what they call themselves", async () => {
	let drawn = 0;
	const desk = { ...createDesk(), random: (size: number) => new Uint8Array(size).fill(++drawn) };
	const [bob, carol] = [addressOf('bob'), addressOf('carol')];
	await desk.store.commit([
		{ table: 'contact', key: [bob], put: contactOf('bob') },
		{ table: 'contact', key: [carol], put: contactOf('carol') }
	]);
	const written = async () => (await cardsOf(desk, [bob])).text();
	expect(await written()).not.toContain('NICKNAME');
	await setAlias(desk, bob, 'Grumpy');
	await mergeEntries(desk, { parts: [bob, carol], photoOf: null });
	// Whoever reads a card of ours with a nickname takes nothing in it for a name to be handed on.
	expect(await written()).toMatch(/FN:Grumpy\r\n[^]*NICKNAME:Grumpy\r\n/);
});
