/** A file that is attached a second time, through a real post office. */

import { expect, test } from 'vitest';
import { collectWaiting } from '../../src/lib/post/collect-waiting.ts';
import { sealFile } from '../../src/lib/post/files.ts';
import { listen } from '../../src/lib/post/listen.ts';
import { drainOutbox } from '../../src/lib/post/outbox.ts';
import { findSame } from '../../src/lib/post/same-file.ts';
import { cidToBlockId } from '../../src/lib/wire/ids.ts';
import { beginWeeks, OFFICE, type Person } from './weeks.ts';

const HOUR = 3_600_000;

test('is handed over again where the office let go of it, and not where it has it', async () => {
	const { world, alice, bob, write } = await beginWeeks();
	const hear = async ({ desk, own }: Person): Promise<void> => {
		await own.refresh();
		await listen(desk, own.account, { once: true, onKnock: () => undefined });
		await collectWaiting(desk, own.account, null);
		await drainOutbox(desk, own.account);
		await world.pass(HOUR);
	};
	const goOn = async (): Promise<void> => {
		for (let round = 0; round < 3; round++) for (const person of [bob, alice]) await hear(person);
	};
	const messageOf = async (text: string) => {
		const found = (await alice.desk.store.list('message')).find(({ mail }) => mail.text === text);
		if (found === undefined) throw new Error(`no message ${text}`);
		return found;
	};
	const content = async function* () {
		yield new Uint8Array(300_000).fill(7);
	};
	await write(alice, bob, 'hello');
	await goOn();
	const { thread } = await messageOf('hello');
	const { blocks, ...sealed } = await sealFile(alice.desk, alice.desk.blocks, content());
	const { size } = sealed;
	const file = { id: 'f', name: 'a', type: 'b', size };
	await write(alice, bob, 'first', { kind: 'reply', thread, files: [{ ...file, sealed }] });
	await goOn();
	expect((await messageOf('first')).deliveries[0]?.state).toBe('delivered');
	const atOffice = async () => {
		const left: unknown[] = [];
		for await (const block of alice.desk.offices(OFFICE).fetch(blocks)) left.push(block);
		return left.length;
	};
	const { root } = alice.own.account;
	const signer = { root, device: await alice.desk.keys.deviceSigner() };
	const same = await findSame(alice.desk, thread, { size, read: content });
	if (same === null) throw new Error('it is there');
	const again = { kind: 'reply', thread, files: [{ ...file, sealed: same }] } as const;
	// The office has it: not a block of it goes there once more.
	const sent: number[] = [];
	const office = alice.desk.offices(OFFICE);
	const keep = office.keep.bind(office);
	office.keep = async (account, given, options) => {
		sent.push(...given.filter(({ cid }) => blocks.includes(cidToBlockId(cid))).map(() => 1));
		return keep(account, given, options);
	};
	await write(alice, bob, 'once more', again);
	await goOn();
	expect(sent).toEqual([]);
	expect((await messageOf('once more')).deliveries[0]?.state).toBe('delivered');
	await alice.desk.offices(OFFICE).release(signer, blocks);
	await bob.desk.blocks.remove(blocks);
	expect(await atOffice()).toBe(0);
	await write(alice, bob, 'second', again);
	expect(await atOffice()).toBe(blocks.length);
	await goOn();
	expect(await bob.desk.blocks.missing(blocks)).toEqual([]);
	expect((await messageOf('second')).deliveries[0]?.state).toBe('delivered');
});
