/** Files as streams: pages that answer, that are silent, that go and come back. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPerson, introduce, post } from '../../../tests/sim/people.ts';
import { sealFile } from '../post/files.ts';
import { askPages, type Page } from './ask-pages.ts';
import { FileServer } from './file-server.ts';
import type { Ask, Ticket } from './file-words.ts';

const NOW = 1_790_000_000_000;
const TOKEN = '0123456789abcdef0123456789abcdef';
const CONTENT = new Uint8Array(300_000).fill(7);

beforeEach(() => {
	vi.useFakeTimers({
		toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date']
	});
});
afterEach(() => {
	vi.useRealTimers();
});

async function* content() {
	yield CONTENT;
}

async function stored() {
	const alice = await createPerson('alice', () => NOW);
	const bob = await createPerson('bob', () => NOW);
	await introduce([alice, bob]);
	const sealed = await sealFile(alice.desk, alice.desk.blocks, content());
	const { key, manifest, sha256, size } = sealed;
	const file = { id: 'f', name: 'f', type: 'a/b', size, sealed: { key, manifest, sha256 } };
	const { threadId } = await post(alice, [bob], { files: [file] });
	const [message] = await alice.desk.store.list('message', [threadId]);
	if (message === undefined) throw new Error('it was written');
	const ticket: Ticket = { thread: threadId, message: message.id, index: 0 };
	const { desk } = alice;
	return { desk, ticket, blocks: sealed.blocks };
}

/** A page; `hear` gives its answers, the last of which ends it. */
function page(hear: (ask: Ask) => unknown): Page & { asked: Ask[] } {
	const asked: Ask[] = [];
	return {
		asked,
		postMessage(ask, [port]) {
			asked.push(ask);
			const said = hear(ask);
			if (said !== undefined) port.postMessage(said);
		}
	};
}

type Stored = Awaited<ReturnType<typeof stored>>;

function serverOf({ desk }: Stored, pages: () => readonly Page[]): FileServer {
	return new FileServer({
		layDesk: async () => ({ desk, close: () => undefined }),
		askPages: (ask, signal) => askPages(async () => pages(), ask, signal),
		now: () => Date.now()
	});
}

function request(): Pick<Request, 'destination' | 'headers' | 'signal'> {
	return { destination: '', headers: new Headers(), signal: new AbortController().signal };
}

/** Lets time pass while others work. */
async function settle<T>(work: Promise<T>, mostMs: number): Promise<T | 'late'> {
	let result: T | 'late' = 'late';
	let failure: unknown = null;
	const done = work.then(
		(value) => void (result = value),
		(error: unknown) => void (failure = error)
	);
	for (let ms = 0; ms < mostMs && result === 'late' && failure === null; ms += 100) {
		for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
		await vi.advanceTimersByTimeAsync(100);
	}
	await Promise.race([done, new Promise((resolve) => setImmediate(resolve))]);
	if (failure !== null) throw failure;
	return result;
}

test('a file that is here is streamed, as long as its page knows the token', async () => {
	const all = await stored();
	let pages = [page((ask) => (ask.type === 'file-whose' ? all.ticket : null))];
	const server = serverOf(all, () => pages);
	const response = await settle(server.answer(request(), `${TOKEN}/f`), 1_000);
	if (response === 'late') throw new Error('no answer');
	expect(new Uint8Array(await response.arrayBuffer())).toEqual(CONTENT);
	// Its page is gone: what is left of the URL means nothing.
	pages = [page(() => null)];
	const later = await settle(server.answer(request(), `${TOKEN}/f`), 1_000);
	expect(later === 'late' ? null : later.status).toBe(404);
});

test('a page that does not answer is given up within seconds, not minutes', async () => {
	const all = await stored();
	await all.desk.blocks.remove(all.blocks);
	const silent = page((ask) => (ask.type === 'file-whose' ? all.ticket : undefined));
	const server = serverOf(all, () => [silent]);
	const response = await settle(server.answer(request(), `${TOKEN}/f`), 1_000);
	if (response === 'late') throw new Error('no answer');
	await expect(settle(response.arrayBuffer(), 60_000)).rejects.toThrow('no-holder');
});

test('a page that works is waited for, however long it takes', async () => {
	const all = await stored();
	const blocks = await Promise.all(
		all.blocks.map(async (id) => ({ id, data: await all.desk.blocks.get(id) }))
	);
	await all.desk.blocks.remove(all.blocks);
	const slow: Page = {
		postMessage(ask, [port]) {
			if (ask.type === 'file-whose') port.postMessage(all.ticket);
			if (ask.type !== 'file-want') return;
			port.onmessage = () => port.postMessage('coming');
			setTimeout(() => {
				const put = blocks.flatMap(({ id, data }) => (data === null ? [] : [{ id, data }]));
				void all.desk.blocks.put(put).then(() => port.postMessage('here'));
			}, 300_000);
		}
	};
	const server = serverOf(all, () => [slow]);
	const response = await settle(server.answer(request(), `${TOKEN}/f`), 1_000);
	if (response === 'late') throw new Error('no answer');
	const read = await settle(response.arrayBuffer(), 400_000);
	expect(read === 'late' ? null : new Uint8Array(read)).toEqual(CONTENT);
});

test('what was read goes on when a page is back', async () => {
	const all = await stored();
	const data = await Promise.all(all.blocks.map((id) => all.desk.blocks.get(id)));
	await all.desk.blocks.remove(all.blocks);
	let pages: Page[] = [page((ask) => (ask.type === 'file-whose' ? all.ticket : null))];
	const server = serverOf(all, () => pages);
	const response = await settle(server.answer(request(), `${TOKEN}/f`), 1_000);
	if (response === 'late') throw new Error('no answer');
	pages = [];
	const reading = response.arrayBuffer();
	setTimeout(() => {
		const back: Page = {
			postMessage(ask, [port]) {
				if (ask.type !== 'file-want') return port.postMessage(null);
				const put = all.blocks.flatMap((id, at) => {
					const block = data[at];
					return block ? [{ id, data: block }] : [];
				});
				void all.desk.blocks.put(put).then(() => port.postMessage('here'));
			}
		};
		pages = [back];
	}, 4_000);
	const read = await settle(reading, 30_000);
	expect(read === 'late' ? null : new Uint8Array(read)).toEqual(CONTENT);
});
