/** A file that is in the thread already is neither sealed nor stored again. */

import { expect, test } from 'vitest';
import { createPerson, deliver, introduce, post, type Person } from '../../../tests/sim/people.ts';
import { createSha256 } from '../crypto/sha.ts';
import { sealFile } from './files.ts';
import { findSame } from './same-file.ts';

const NOW = 1_790_000_000_000;
const CONTENT = new Uint8Array(300_000).fill(7);

function sourceOf(content: Uint8Array) {
	let reads = 0;
	return {
		size: content.length,
		reads: () => reads,
		async *read() {
			reads++;
			yield content;
		}
	};
}

async function postFile(alice: Person, bob: Person) {
	const sealed = await sealFile(alice.desk, alice.desk.blocks, sourceOf(CONTENT).read());
	const { key, manifest, sha256, size } = sealed;
	const file = { id: 'f', name: 'f', type: 'a/b', size, sealed: { key, manifest, sha256 } };
	const { threadId } = await post(alice, [bob], { files: [file] });
	return { thread: threadId, sealed };
}

test('the same content is found, another of its length is not, one of another length not read', async () => {
	const alice = await createPerson('alice', () => NOW);
	const bob = await createPerson('bob', () => NOW);
	await introduce([alice, bob]);
	const { thread, sealed } = await postFile(alice, bob);
	const found = await findSame(alice.desk, thread, sourceOf(CONTENT));
	expect(found).toMatchObject({ manifest: sealed.manifest, key: sealed.key, isReused: true });
	const other = sourceOf(new Uint8Array(300_000).fill(8));
	expect(await findSame(alice.desk, thread, other)).toBeNull();
	const longer = sourceOf(new Uint8Array(300_001));
	expect(await findSame(alice.desk, thread, longer)).toBeNull();
	expect([other.reads(), longer.reads()]).toEqual([1, 0]);
	// Not whole here: nothing says that it could be given to others.
	await alice.desk.blocks.remove(sealed.blocks.slice(0, 1));
	expect(await findSame(alice.desk, thread, sourceOf(CONTENT))).toBeNull();
});

test('a stranger who lies about a digest does not put another content in place of ours', async () => {
	const alice = await createPerson('alice', () => NOW);
	const mallory = await createPerson('mallory', () => NOW);
	await introduce([alice, mallory]);
	const bad = sourceOf(new Uint8Array(CONTENT.length).fill(66));
	const { key, manifest, size, blocks } = await sealFile(
		mallory.desk,
		mallory.desk.blocks,
		bad.read()
	);
	const claimed = createSha256();
	claimed.update(CONTENT);
	const sealed = { key, manifest, sha256: claimed.digest() };
	const file = { id: 'f', name: 'f', type: 'a/b', size, sealed };
	const { threadId } = await post(mallory, [alice], { files: [file] });
	await deliver(mallory, [alice]);
	for (const id of blocks) {
		const data = await mallory.desk.blocks.get(id);
		if (data !== null) await alice.desk.blocks.put([{ id, data }]);
	}
	expect(await alice.desk.blocks.missing(blocks)).toEqual([]);
	expect(await findSame(alice.desk, threadId, sourceOf(CONTENT))).toBeNull();
});
