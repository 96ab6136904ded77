/** What can be shown to others of what somebody wrote: everything on the record, nothing off it. */

import { describe, expect, test } from 'vitest';
import { Actor, Box, mail, threadOf, World } from '../../../tests/threads/actors.ts';
import { pretendToBe } from '../../../tests/threads/pretend.ts';
import { nobleSuite } from '../crypto/noble.ts';
import type { Mail } from '../wire/mail.ts';
import { archiveOf } from './archive.ts';
import { appendArchive } from './make.ts';
import { signOnRecord } from './on-record.ts';

async function three(world = new World()) {
	const [alice, bob, carol] = [
		await world.person('Alice'),
		await world.person('Bob'),
		await world.person('Carol')
	] as const;
	return { world, alice, bob, carol };
}

const someSignature: unknown = expect.any(Uint8Array);

test('the card key of the writer puts on the record, and no other', async () => {
	const { alice, bob, carol } = await three();
	const [a, b] = await threadOf(alice, [bob]);
	await a!.write('signed', [], { onRecord: alice.cardKey });
	await a!.write('signed by another', [], { onRecord: carol.cardKey });
	await b!.sync(a!);
	const testimony = { sig: someSignature, record: alice.record, card: alice.card };
	expect(b!.message('first').record).toEqual({ kind: 'off' });
	expect(b!.message('signed').record).toEqual({ kind: 'on', testimony });
	expect(b!.message('signed by another').record).toEqual({ kind: 'wrong' });
	const again = await b!.restart();
	expect(again.message('signed').record).toEqual(b!.message('signed').record);
	expect(again.message('signed by another').record).toEqual({ kind: 'wrong' });
});

test('a newcomer needs nobody’s word for what was said on the record before', async () => {
	const { alice, bob, carol } = await three();
	const [a, b] = await threadOf(alice, [bob]);
	await b!.write('signed', [], { onRecord: bob.cardKey });
	await b!.write('signed by another', [], { onRecord: carol.cardKey });
	await a!.sync(b!);
	// Whoever has left is proved by the lists of the time.
	await a!.remove(bob, [alice]);
	await a!.add([carol], [alice, carol]);
	for (const messages of archiveOf(a!.messages())) {
		a!.keep(await appendArchive(a!.ports, a!.me, a!.open, messages));
	}
	const c = new Box(carol);
	await c.sync(a!);
	expect(c.message('first').record).toEqual({ kind: 'off' });
	expect(c.message('signed')).toMatchObject({ keptBy: alice.root, sure: false });
	expect(c.message('signed').record).toEqual(a!.message('signed').record);
	expect(c.message('signed by another').record).toEqual({ kind: 'off' });
});

test('whoever passes a text on cannot put it on another’s record', async () => {
	const { alice, bob, carol } = await three();
	const [a, b] = await threadOf(alice, [bob]);
	await b!.write('signed', [], { onRecord: bob.cardKey });
	await a!.sync(b!);
	const { mail: said, record } = a!.message('signed');
	if (record.kind !== 'on') throw new Error('it is on the record');
	await a!.add([carol], [alice, bob, carol]);
	const forged = [
		{ root: bob.root, mail: { ...said, text: 'never said' }, record: record.testimony.sig },
		{ root: alice.root, mail: said, record: record.testimony.sig }
	];
	a!.keep(await appendArchive(a!.ports, a!.me, a!.open, forged));
	const c = new Box(carol);
	await c.sync(a!);
	expect(c.messages().map(({ record }) => record.kind)).toEqual(['wrong', 'wrong']);
});

/** With real signatures: the double lets anybody sign for anybody. */
describe('a recipient who wants to prove what was never said', () => {
	/** Alice's true letter to Bob, and one that Bob makes of what he has. */
	async function both(text: string, sign: (forger: Actor, mail: Mail) => object = () => ({})) {
		const { world, alice, bob, carol } = await three(new World(nobleSuite));
		const [, genuine] = await threadOf(alice, [bob], { draft: { mail: mail(alice, text) } });
		const forger = new Box(bob);
		forger.me = await pretendToBe(world.ports, bob.me, alice.person);
		const said = mail(alice, text);
		await forger.create([bob], text, { draft: { mail: said, ...sign(bob, said) } });
		return { world, alice, bob, carol, genuine: genuine!, forger };
	}

	/** Everything that anybody can check who is given all that Bob has, his own keys among it. */
	async function check(bob: Actor, from: Box) {
		const judge = new Box(bob);
		const opened = await judge.sync(from);
		return {
			refused: opened.refused,
			messages: judge.messages().map(({ root, mail, atMs, sure, record, status }) => ({
				...{ root, mail, atMs, sure, record: record.kind, status }
			})),
			members: judge.members(),
			shape: from.bundles.map(({ header, body, wraps }) => [
				...[header.length, body?.length],
				wraps.map(({ length }) => length)
			])
		};
	}

	test('off the record makes a conversation that nothing tells from a true one', async () => {
		const { bob, genuine, forger } = await both('I owe Bob a hundred.');
		const forged = await check(bob, forger);
		expect(forged.messages).toMatchObject([{ sure: true, record: 'off' }]);
		expect(forged).toEqual(await check(bob, genuine));
	});

	test('off the record, with a middle and an end', async () => {
		const { alice, bob, forger } = await both('I owe Bob a hundred.');
		const answering = new Box(bob);
		await answering.sync(forger);
		await answering.write('Are you sure?');
		await forger.sync(answering);
		await forger.write('Quite sure.', [], { mail: mail(alice, 'Quite sure.') });
		const { messages } = await check(bob, forger);
		expect(messages.map(({ root, mail, sure }) => [root, mail.text, sure])).toEqual([
			[alice.root, 'I owe Bob a hundred.', true],
			[bob.root, 'Are you sure?', true],
			[alice.root, 'Quite sure.', true]
		]);
	});

	test('on the record gets nowhere: with a key of his own, or with her words for something else', async () => {
		const own = await both('I owe Bob a hundred.', ({ cardKey }) => ({ onRecord: cardKey }));
		expect((await check(own.bob, own.forger)).messages).toMatchObject([{ record: 'wrong' }]);

		const { world, alice, bob } = await three(new World(nobleSuite));
		const [a, b] = await threadOf(alice, [bob]);
		await a!.write('I owe Bob a hundred.', [], { onRecord: alice.cardKey });
		await b!.sync(a!);
		const { record, mail: said } = b!.message('I owe Bob a hundred.');
		if (record.kind !== 'on') throw new Error('it is on the record');
		const { sig } = record.testimony;
		const replay = { publicKey: alice.cardKey.publicKey, sign: async () => Uint8Array.from(sig) };
		const changed = { ...said, text: 'I owe Bob a thousand.' };
		for (const mail of [said, changed]) {
			const forger = new Box(bob);
			forger.me = await pretendToBe(world.ports, bob.me, alice.person);
			await forger.create([bob], '', { draft: { mail, onRecord: replay } });
			expect((await check(bob, forger)).messages).toMatchObject([{ record: 'wrong' }]);
		}
	});

	test('and the one who has the card key writes the same bytes', async () => {
		const { alice } = await three(new World(nobleSuite));
		const box = new Box(alice);
		const made = await box.create([], 'signed', {
			draft: { mail: mail(alice, 'signed'), onRecord: alice.cardKey }
		});
		const { thread } = made.state.replica;
		const sig = await signOnRecord(alice.cardKey, thread, mail(alice, 'signed'));
		expect(made.testimony).toEqual({ sig, record: alice.record, card: alice.card });
	});
});
