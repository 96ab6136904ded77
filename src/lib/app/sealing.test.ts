import { expect, test } from 'vitest';
import { createDesk } from '../../../tests/mailbox/records.ts';
import { StorageFull, type BlockStore, type Desk } from '../post/ports.ts';
import type { BlockId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { fileSource, seal, type Source } from './sealing.ts';

const SIZE = 700_000;

function sourceOf(read: Source['read'], size = SIZE): Source {
	return { size, read };
}

async function* zeros(size: number) {
	yield new Uint8Array(size);
}

/** A desk that remembers which blocks are in its store, with room for so many. */
function createFullDesk(room = Infinity): { desk: Desk; here: Set<BlockId> } {
	const desk = createDesk();
	const here = new Set<BlockId>();
	const blocks: BlockStore = {
		...desk.blocks,
		put: async (list) => {
			if (here.size >= room) throw new StorageFull('full');
			await desk.blocks.put(list);
			for (const { id } of list) here.add(id);
		},
		remove: async (ids) => {
			for (const id of ids) here.delete(id);
		}
	};
	return { desk: { ...desk, blocks }, here };
}

const quiet = { signal: new AbortController().signal, onProgress: () => undefined };

test('a file is sealed with progress to its end', async () => {
	const { desk, here } = createFullDesk();
	const progress: number[] = [];
	const source = fileSource(new Blob([new Uint8Array(SIZE)]));
	const outcome = await seal(desk, source, {
		...quiet,
		onProgress: (part) => progress.push(part)
	});
	if (!outcome.ok) throw new Error(outcome.problem);
	expect(outcome.sealed).not.toHaveProperty('blocks');
	expect(here.size).toBe(4);
	expect(progress.at(-1)).toBe(1);
	expect([...progress].sort()).toEqual(progress);
});

test('an empty file is a file', async () => {
	const { desk } = createFullDesk();
	expect((await seal(desk, fileSource(new Blob([])), quiet)).ok).toBe(true);
});

/** Read half way, it fails as browsers do. */
function failingFile(error: Error): Blob {
	const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
		pull(controller) {
			controller.enqueue(new Uint8Array(SIZE / 2));
			controller.error(error);
		}
	});
	return Object.assign(new Blob([new Uint8Array(SIZE)]), { stream: () => stream });
}

test.each([
	['vanished', sourceOf(() => zeros(SIZE - 1))],
	['vanished', fileSource(failingFile(new DOMException('gone', 'NotReadableError')))],
	['vanished', fileSource(failingFile(new TypeError('network error')))],
	['too-large', sourceOf(() => zeros(1), LIMITS.fileBytes + 1)]
] as const)('%s leaves nothing behind', async (problem, source) => {
	const { desk, here } = createFullDesk();
	expect(await seal(desk, source, quiet)).toEqual({ ok: false, problem });
	expect(here.size).toBe(0);
});

test('a full disk leaves nothing behind', async () => {
	const { desk, here } = createFullDesk(2);
	const outcome = await seal(
		desk,
		sourceOf(() => zeros(SIZE)),
		quiet
	);
	expect(outcome).toEqual({ ok: false, problem: 'storage-full' });
	expect(here.size).toBe(0);
});

test('cancelling leaves nothing behind', async () => {
	const { desk, here } = createFullDesk();
	const abort = new AbortController();
	const outcome = await seal(
		desk,
		sourceOf(() => zeros(SIZE)),
		{ signal: abort.signal, onProgress: () => abort.abort() }
	);
	expect(outcome).toEqual({ ok: false, problem: 'cancelled' });
	expect(here.size).toBe(0);
});

test('a defect is no vanished file', async () => {
	const { desk } = createFullDesk();
	const source = sourceOf(async function* () {
		yield new Uint8Array(1);
		throw new TypeError('a defect');
	});
	await expect(seal(desk, source, quiet)).rejects.toThrow(TypeError);
});
