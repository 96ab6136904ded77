/** What a page and its workers hold, each after a forced collection. */
import type { CDPSession, Page } from 'playwright-core';

/** MiB of objects, and of the memory behind buffers. */
export interface Heap {
	readonly objects: number;
	readonly buffers: number;
}

export interface Heaps {
	/** By script, the page's own under "page". */
	read(): Promise<ReadonlyMap<string, Heap>>;
}

interface Usage {
	readonly usedSize: number;
	readonly backingStorageSize: number;
}

type Ask = (method: string) => Promise<unknown>;

const MIB = 2 ** 20;
/** A worker that ended meanwhile gives no answer. */
const ANSWER_MS = 30_000;

export async function heapsOf(page: Page): Promise<Heaps> {
	const session = await page.context().newCDPSession(page);
	const workers = new Map<string, { readonly name: string; readonly ask: Ask }>();
	session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
		if (targetInfo.type !== 'worker') return;
		const name = new URL(targetInfo.url).pathname.split('/').at(-1) ?? '';
		workers.set(sessionId, { name, ask: askThrough(session, sessionId) });
	});
	session.on('Target.detachedFromTarget', ({ sessionId }) => workers.delete(sessionId));
	// Not flat: Playwright drops messages of sessions that it did not make.
	const attach = { autoAttach: true, waitForDebuggerOnStart: false, flatten: false };
	await session.send('Target.setAutoAttach', attach);
	return {
		async read() {
			const heaps = new Map([['page', await heapOf((method) => send(session, method))]]);
			for (const { name, ask } of workers.values()) {
				const heap = await heapOf(ask).catch(() => null); // it has ended
				if (heap !== null) heaps.set(name, heap);
			}
			return heaps;
		}
	};
}

function send(session: CDPSession, method: string): Promise<unknown> {
	return method === 'Runtime.getHeapUsage'
		? session.send('Runtime.getHeapUsage')
		: session.send('HeapProfiler.collectGarbage');
}

async function heapOf(ask: Ask): Promise<Heap> {
	await ask('HeapProfiler.collectGarbage');
	const { usedSize, backingStorageSize } = (await ask('Runtime.getHeapUsage')) as Usage;
	return { objects: usedSize / MIB, buffers: backingStorageSize / MIB };
}

function askThrough(session: CDPSession, sessionId: string): Ask {
	let last = 0;
	return async (method) => {
		const id = ++last;
		const answered = new Promise<unknown>((resolve, reject) => {
			const listen = (said: { readonly sessionId: string; readonly message: string }): void => {
				if (said.sessionId !== sessionId) return;
				const answer = JSON.parse(said.message) as { id?: number; result?: unknown };
				if (answer.id !== id) return;
				session.off('Target.receivedMessageFromTarget', listen);
				resolve(answer.result);
			};
			session.on('Target.receivedMessageFromTarget', listen);
			setTimeout(() => {
				session.off('Target.receivedMessageFromTarget', listen);
				reject(new Error('no answer'));
			}, ANSWER_MS).unref();
		});
		await session.send('Target.sendMessageToTarget', {
			...{ sessionId, message: JSON.stringify({ id, method }) }
		});
		return answered;
	};
}
