import { expect, test } from 'vitest';
import { createCandidate, type Duty } from './leader.ts';

/** Web Locks as they behave: a queue for each name, which an aborted request leaves. */
function createLocks(): Pick<LockManager, 'request'> {
	let tail: Promise<unknown> = Promise.resolve();
	const request = async (
		_name: string,
		{ signal }: { signal: AbortSignal },
		work: () => Promise<void>
	) => {
		const before = tail;
		const { promise, resolve } = Promise.withResolvers<null>();
		tail = before.then(() => promise);
		try {
			await Promise.race([
				before,
				new Promise((_, reject) =>
					signal.addEventListener('abort', () => reject(signal.reason as Error))
				)
			]);
			signal.throwIfAborted();
			await work();
		} finally {
			resolve(null);
		}
	};
	return { request: request as never };
}

function createTabs() {
	const locks = createLocks();
	const leading: string[] = [];
	const tab = (name: string, duty: Duty = untilAborted) =>
		createCandidate(
			locks,
			async (signal) => {
				leading.push(name);
				await duty(signal);
				leading.push(`${name} ends`);
			},
			async () => undefined
		);
	return { leading, tab };
}

const untilAborted: Duty = (signal) =>
	new Promise((resolve) => signal.addEventListener('abort', () => resolve()));

const settle = () => new Promise((resolve) => setTimeout(resolve));

test('one leads, the next takes over when it resigns', async () => {
	const { leading, tab } = createTabs();
	const [one, two] = [tab('one'), tab('two')];
	one.campaign();
	two.campaign();
	one.campaign();
	await settle();
	expect(leading).toEqual(['one']);
	one.resign();
	await settle();
	expect(leading.filter((name) => !name.endsWith('ends'))).toEqual(['one', 'two']);
});

test('who left the queue never leads, and may come back', async () => {
	const { leading, tab } = createTabs();
	const [one, two] = [tab('one'), tab('two')];
	one.campaign();
	two.campaign();
	await settle();
	two.resign();
	one.resign();
	await settle();
	expect(leading).toEqual(['one', 'one ends']);
	two.campaign();
	await settle();
	expect(leading.at(-1)).toBe('two');
});

test('a duty that never ends does not keep the lock', async () => {
	const { leading, tab } = createTabs();
	const stuck = tab('stuck', () => new Promise(() => undefined));
	const next = tab('next');
	stuck.campaign();
	next.campaign();
	await settle();
	stuck.resign();
	await settle();
	expect(leading).toEqual(['stuck', 'next']);
});

test('a duty that failed is taken up again', async () => {
	const reported: unknown[] = [];
	globalThis.reportError = (error) => void reported.push(error);
	const { leading, tab } = createTabs();
	let tries = 0;
	const one = tab('one', async (signal) => {
		if (++tries === 1) throw new Error('broken');
		await untilAborted(signal);
	});
	one.campaign();
	await settle();
	await settle();
	expect(leading).toEqual(['one', 'one']);
	expect(reported).toHaveLength(1);
	one.resign();
});
