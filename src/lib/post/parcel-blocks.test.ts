/** What a parcel may leave here: blocks that deleting its message takes away again. */

import { expect, test } from 'vitest';
import { createPerson, introduce, post } from '../../../tests/sim/people.ts';
import { cidOfObject, cidOfRaw } from '../wire/codec.ts';
import { cidToBlockId } from '../wire/ids.ts';
import { encodeObject } from '../wire/office.ts';
import { listBlocks } from './manifest.ts';
import { TakenBlocks } from './parcel-blocks.ts';
import type { JudgedLetter } from './parcel-letters.ts';

const SIZE = 100;

test('what a list names that stands at no place of a list is not taken', async () => {
	const now = () => 1_790_000_000_000;
	const [alice, bob] = [await createPerson('alice', now), await createPerson('bob', now)];
	await introduce([alice, bob]);
	const hidden = { cid: cidOfRaw(Uint8Array.of(1)), data: Uint8Array.of(1) };
	// In the place of the file's only chunk.
	const list = encodeObject('manifest', { depth: 0, size: SIZE, links: [hidden.cid] });
	const chunk = { cid: cidOfObject(list), data: list };
	const node = encodeObject('manifest', { depth: 0, size: SIZE, links: [chunk.cid] });
	const root = { cid: cidOfObject(node), data: node };
	// A list of another size than the file's.
	const lie = encodeObject('manifest', { depth: 0, size: SIZE + 1, links: [hidden.cid] });
	const liar = { cid: cidOfObject(lie), data: lie };
	const bytes = new Uint8Array(32);
	const files = [root, liar].map(({ cid }, at) => {
		const sealed = { key: bytes, manifest: cidToBlockId(cid), sha256: bytes, blocks: [] };
		return { id: String(at), name: 'f', type: 'text/plain', size: SIZE, sealed };
	});
	const { threadId, messageId } = await post(alice, [bob], { files });
	const letters: Pick<JudgedLetter, 'knock'>[] = [];
	const knock: Pick<JudgedLetter['knock'], 'thread'> = { thread: threadId };
	letters.push({ knock: knock as JudgedLetter['knock'] });
	const taken = new TakenBlocks(alice.desk, letters as JudgedLetter[]);
	for (const block of [root, liar, chunk, hidden]) await taken.take(block);
	await taken.flush();
	const { blocks, store } = alice.desk;
	expect(await blocks.has(cidToBlockId(hidden.cid))).toBe(false);
	expect(taken.hasLeft).toBe(true);
	// What is there, the message names: its deletion lists it.
	const message = await store.get('message', [threadId, messageId]);
	const named = new Set<string>();
	for (const file of message?.mail.attachments ?? []) {
		const { chunks, nodes } = await listBlocks((id) => blocks.get(id), file);
		for (const id of [...chunks, ...nodes]) named.add(id);
	}
	for (const { cid } of [root, liar, chunk]) {
		const id = cidToBlockId(cid);
		expect([await blocks.has(id), named.has(id)]).toEqual([true, true]);
	}
});
