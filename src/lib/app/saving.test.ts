/** An attachment on its way into a file of the person's choice. */

import { expect, test } from 'vitest';
import { createPerson, introduce, post } from '../../../tests/sim/people.ts';
import { sealFile } from '../post/files.ts';
import { Unreachable } from '../post/ports.ts';
import { saveAttachment } from './saving.ts';

const NOW = 1_790_000_000_000;
const CONTENT = Uint8Array.from({ length: 600_000 }, (_, at) => at % 251);

async function* content() {
	yield CONTENT;
}

/** No office has anything. */
const offices = () =>
	({
		async *fetch() {
			yield* [];
			throw new Unreachable('nobody there');
		}
	}) as unknown as ReturnType<Awaited<ReturnType<typeof createPerson>>['desk']['offices']>;

async function stored() {
	const alice = await createPerson('alice', () => NOW, offices);
	const bob = await createPerson('bob', () => NOW);
	await introduce([alice, bob]);
	const sealed = await sealFile(alice.desk, alice.desk.blocks, content());
	const { key, manifest, sha256, size } = sealed;
	const file = { id: 'f', name: 'f', type: 'a/b', size, sealed: { key, manifest, sha256 } };
	const { threadId } = await post(alice, [bob], { files: [file] });
	const [message] = await alice.desk.store.list('message', [threadId]);
	if (message === undefined) throw new Error('it was written');
	const { desk, account } = alice;
	const save = (write: (piece: Uint8Array) => Promise<void>, abort = new AbortController()) =>
		saveAttachment(desk, account, null, message, 0, {
			signal: abort.signal,
			onProgress: () => undefined,
			sink: { write }
		});
	return { desk, blocks: sealed.blocks, save };
}

test('its content is written piece by piece, in order', async () => {
	const { save } = await stored();
	const pieces: number[] = [];
	let bytes = 0;
	const outcome = await save(async (piece) => {
		expect(piece).toEqual(CONTENT.subarray(bytes, bytes + piece.length));
		bytes += piece.length;
		pieces.push(piece.length);
	});
	expect(outcome).toEqual({ ok: true });
	expect(bytes).toBe(CONTENT.length);
	expect(pieces.length).toBeGreaterThan(2);
});

test('what the person stops ends there, and says so', async () => {
	const { save } = await stored();
	const abort = new AbortController();
	let pieces = 0;
	const outcome = await save(async () => {
		pieces++;
		abort.abort();
	}, abort);
	expect(outcome).toEqual({ ok: false, problem: 'cancelled' });
	expect(pieces).toBe(1);
});

test('where a block is not to be had it does not count as saved, nor where the disk is full', async () => {
	const { desk, blocks, save } = await stored();
	await expect(save(() => Promise.reject(new Error('no room')))).rejects.toThrow('no room');
	await desk.blocks.remove(blocks.slice(1, 2));
	const outcome = await save(() => Promise.resolve());
	expect(outcome).toEqual({ ok: false, problem: 'no-holder' });
});
