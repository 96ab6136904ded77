/** Two real browser pages: who lacks a long thread has its end first (docs/decisions/0009). */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createRelay, type Relay } from '../e2e/support/relay.ts';
import type { MailboxApi } from './support/mailbox-page.ts';
import { servePages, type Pages } from './support/pages.ts';

const MESSAGES = 2_000;

/** Real processes on a machine that others use, too. */
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let relay: Relay;
let pages: Pages;

beforeAll(async () => {
	relay = await createRelay();
	await relay.start();
	pages = await servePages('support/mailbox-page.ts');
});
afterAll(async () => {
	await pages.close();
	await relay.dispose();
});

type Call = <K extends keyof MailboxApi>(
	name: K,
	...args: Parameters<MailboxApi[K]>
) => Promise<Awaited<ReturnType<MailboxApi[K]>>>;

function callerOf(page: Page): Call {
	return (method, ...args) =>
		page.evaluate(
			async ({ method, args }) => {
				const { api } = globalThis as unknown as {
					api: Record<string, (...args: readonly unknown[]) => unknown>;
				};
				return api[method]?.(...args) as never;
			},
			{ method, args: [...args] as unknown[] }
		);
}

test('the newest of many messages are here first, and the others are said to be coming', async () => {
	const [alice, bob] = [callerOf(await pages.open()), callerOf(await pages.open())];
	const [hers, his] = [
		await alice('create', 'Alice', relay.url),
		await bob('create', 'Bob', relay.url)
	];
	await alice('befriend', his.bundle);
	await bob('befriend', hers.bundle);
	await alice('fill', his.address, MESSAGES);
	await Promise.all([alice('start'), bob('start')]);
	const steps = await bob('sync', hers.address, hers.peer, relay.url, MESSAGES);
	const shown = steps.findIndex(({ count }) => count > 0);
	// The first that is shown is the end of the thread, and all before it is promised.
	expect(steps[shown]).toEqual({ count: 32, coming: MESSAGES - 32, latest: String(MESSAGES - 1) });
	expect(steps[shown - 1]?.coming).toBe(MESSAGES);
	const counts = steps.slice(shown).map(({ count, coming }) => count + coming);
	expect(new Set(counts)).toEqual(new Set([MESSAGES]));
	expect(steps.at(-1)).toEqual({ count: MESSAGES, coming: 0, latest: String(MESSAGES - 1) });
	// Nor does a connection that becomes a direct one meanwhile say the outline again.
	expect(await bob('outlined')).toBe(MESSAGES);
	await Promise.all([alice('stop'), bob('stop')]);
});
