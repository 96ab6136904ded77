/** What the relay has acknowledged is there after it was killed in the middle of everything. */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDiskStore } from '../../relay/store/sqlite.ts';
import { BOUNDS } from '../../relay/office/bounds.ts';
import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import { systemRandom } from '../../src/lib/crypto/random.ts';
import { createOffices } from '../../src/lib/net/office.ts';
import { Unreachable, type Office } from '../../src/lib/post/ports.ts';
import { toHex } from '../../src/lib/wire/bytes.ts';
import { cidOfRaw } from '../../src/lib/wire/codec.ts';
import { cidToBlockId, type BlockId } from '../../src/lib/wire/ids.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import { createPerson, type Person } from './person.ts';
import { removeFolder, startProcess, temporaryFolder } from './running.ts';

const ROUNDS = 4;
const bytes = (size: number) => Uint8Array.from(randomBytes(size));

/** Writes until the office is gone; notes what it said is kept. */
async function writeOn(
	office: Office,
	{ account }: Person,
	url: string,
	acknowledged: { readonly blocks: BlockId[]; readonly knocks: string[] }
): Promise<void> {
	for (;;) {
		const blocks = [100, 5_000, 100_000].map((size) => {
			const data = bytes(size);
			return { v: 1, t: 'block', cid: cidOfRaw(data), data } as const;
		});
		const knock = bytes(32);
		const send = { url, slot: bytes(32), knock, sealed: bytes(LIMITS.noticeBytes), keeps: [] };
		try {
			if ((await office.keep(account, blocks)).ok) {
				acknowledged.blocks.push(...blocks.map(({ cid }) => cidToBlockId(cid)));
			}
			if ((await office.send(account, send)).ok) acknowledged.knocks.push(toHex(knock));
		} catch (error) {
			if (error instanceof Unreachable) return;
			throw error;
		}
	}
}

test('survives kill -9, again and again', async () => {
	const data = temporaryFolder();
	onTestFinished(() => removeFolder(data));
	const acknowledged = { blocks: [] as BlockId[], knocks: [] as string[] };
	const alice = await createPerson('Alice');
	let port = '0';
	for (let round = 0; round < ROUNDS; round++) {
		const relay = await startProcess(data, ['--port', port]);
		port = new URL(relay.url).port;
		const office = createOffices({
			...{ suite: nobleSuite, random: systemRandom, now: () => Date.now() },
			fetch: (at, init) => fetch(at, init)
		})(relay.url);
		await alice.join(office);
		const before = acknowledged.blocks.length;
		const writing = [1, 2, 3].map(() => writeOn(office, alice, relay.url, acknowledged));
		await expect
			.poll(() => acknowledged.blocks.length, { timeout: 15_000, interval: 5 })
			.toBeGreaterThan(before + 20 + 10 * round);
		await relay.end('SIGKILL');
		await Promise.all(writing);
	}

	const relay = await startProcess(data, ['--port', port]);
	const office = createOffices({
		...{ suite: nobleSuite, random: systemRandom, now: () => Date.now() },
		fetch: (at, init) => fetch(at, init)
	})(relay.url);
	const found = new Set<BlockId>();
	for await (const { cid } of office.fetch(acknowledged.blocks)) found.add(cidToBlockId(cid));
	expect(acknowledged.blocks.filter((id) => !found.has(id))).toEqual([]);
	const pending = new Set((await office.pending(alice.account)).map(({ knock }) => toHex(knock)));
	expect(acknowledged.knocks.filter((knock) => !pending.has(knock))).toEqual([]);
	await relay.end();

	// Nothing half written: what is counted is what is there, and each block has who pays for it.
	const store = openDiskStore(join(data, 'office.db'));
	onTestFinished(() => store.close());
	const refs = store.list('ref', []);
	const sends = store.list('send', []);
	const sizes = refs.reduce((sum, { row }) => sum + row.size, 0);
	expect(store.get('usage', [toHex(alice.root)])).toMatchObject({
		bytes: sizes + sends.length * BOUNDS.sendBytes,
		sends: sends.length
	});
	expect(store.list('block', []).length).toBe(refs.length);
	expect(store.list('sendOf', []).length).toBe(sends.length);
	expect(store.list('due', []).length).toBe(sends.filter(({ row }) => row.dueAt !== null).length);
}, 60_000);
