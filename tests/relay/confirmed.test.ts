/** What all recipients have spoken about need not stay at the writer's office: it makes room. */

import { beforeEach, expect, it } from 'vitest';
import { collectWaiting } from '../../src/lib/post/collect-waiting.ts';
import { sealFile } from '../../src/lib/post/files.ts';
import { listen } from '../../src/lib/post/listen.ts';
import { drainOutbox } from '../../src/lib/post/outbox.ts';
import type { DraftFile, MessageRecord } from '../../src/lib/post/records.ts';
import { sha256ToRawCid } from '../../src/lib/wire/codec.ts';
import { headerDecoder } from '../../src/lib/wire/entry.ts';
import { cidToBlockId, parseBlockId, type BlockId } from '../../src/lib/wire/ids.ts';
import { beginWeeks, DAY, OFFICE, seal, textsOf, type Person, type Weeks } from './weeks.ts';

let world: Weeks['world'];
let alice: Person;
let bob: Person;

beforeEach(async () => {
	({ world, alice, bob } = await beginWeeks());
});

async function hear({ desk, own }: Person): Promise<void> {
	await own.refresh();
	await listen(desk, own.account, { once: true, onKnock: () => undefined });
	await collectWaiting(desk, own.account, null);
	await drainOutbox(desk, own.account);
	await world.pass(DAY / 24);
}

async function talk(): Promise<void> {
	for (let round = 0; round < 3; round++) for (const person of [alice, bob]) await hear(person);
	await hear(alice);
}

async function messageOf({ desk }: Person, text: string): Promise<MessageRecord> {
	const found = (await desk.store.list('message')).find(({ mail }) => mail.text === text);
	if (found === undefined) throw new Error(`no message ${text}`);
	return found;
}

async function isAtOffice(id: BlockId): Promise<boolean> {
	for await (const _block of alice.desk.offices(OFFICE).fetch([id])) return true;
	return false;
}

async function blocksOf(text: string) {
	const { thread, entry } = await messageOf(alice, text);
	const row = await alice.desk.store.get('entry', [thread, entry]);
	const header = headerDecoder.decode(row?.header ?? new Uint8Array());
	if (!header.ok) throw new Error('a message has its entry');
	const head = parseBlockId(entry);
	if (head === null) throw new Error('an entry is a block');
	return { head, body: cidToBlockId(sha256ToRawCid(header.value.body)) };
}

async function fileOf(megabytes: number): Promise<DraftFile> {
	const chunk = new Uint8Array(1024 * 1024).fill(megabytes);
	const source = (async function* () {
		for (let at = 0; at < megabytes; at++) yield chunk;
	})();
	const sealed = await sealFile(alice.desk, alice.desk.blocks, source);
	return { id: 'f', name: 'file', type: '', size: sealed.size, sealed };
}

it('goes after 30 days, and its header stays', async () => {
	await seal(world, alice, bob, 'one', { files: [await fileOf(1)] });
	await talk();
	const { head, body } = await blocksOf('one');
	const [file] = (await messageOf(alice, 'one')).mail.attachments;
	if (file === undefined) throw new Error('it carries a file');
	const manifest = cidToBlockId(file.manifest);
	expect((await messageOf(alice, 'one')).deliveries[0]?.state).toBe('delivered');
	for (const id of [head, body, manifest]) expect(await isAtOffice(id)).toBe(true);
	expect((await messageOf(alice, 'one')).holders).toEqual([OFFICE]);
	await world.pass(29 * DAY);
	await drainOutbox(alice.desk, alice.own.account);
	expect(await isAtOffice(body)).toBe(true);
	await world.pass(2 * DAY);
	await drainOutbox(alice.desk, alice.own.account);
	expect(await Promise.all([head, body, manifest].map(isAtOffice))).toEqual([true, false, false]);
	expect((await messageOf(alice, 'one')).holders).toEqual([]);
	for (const table of ['outbox', 'confirmed'] as const) {
		expect(await alice.desk.store.list(table)).toEqual([]);
	}
	// Nothing of it is lost here or there.
	expect(await textsOf(bob)).toEqual(['one']);
	expect(await alice.desk.blocks.has(manifest)).toBe(true);
});

it('goes at once where there is no room for what is written next', async () => {
	// The office keeps 10 MB for each.
	await seal(world, alice, bob, 'one', { files: [await fileOf(6)] });
	await talk();
	const { thread } = await messageOf(alice, 'one');
	const answer = { kind: 'reply', thread } as const;
	await seal(world, alice, bob, 'two', { ...answer, files: [await fileOf(7)] });
	await talk();
	expect(await textsOf(bob)).toEqual(['one', 'two']);
	expect((await messageOf(alice, 'two')).deliveries[0]?.state).toBe('delivered');
	expect(await isAtOffice((await blocksOf('one')).body)).toBe(false);
});

it('stays as long as somebody has not spoken, and a file that is on its way again, too', async () => {
	const file = await fileOf(1);
	const manifest = parseBlockId(file.sealed?.manifest ?? '');
	if (manifest === null) throw new Error('a sealed file has its manifest');
	await seal(world, alice, bob, 'one', { files: [file] });
	await talk();
	await seal(world, alice, bob, 'two', { files: [file] });
	await drainOutbox(alice.desk, alice.own.account);
	await world.pass(31 * DAY);
	await drainOutbox(alice.desk, alice.own.account);
	const [one, two] = [await blocksOf('one'), await blocksOf('two')];
	expect(await Promise.all([one.body, two.body, manifest].map(isAtOffice))).toEqual([
		...[false, true, true]
	]);
});
