/** Two real browser pages: the relayed connection becomes a direct one, or stays. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createRelay, type Relay } from '../e2e/support/relay.ts';
import type { MateApi, Told } from './support/mate-page.ts';
import { servePages, type Pages } from './support/pages.ts';

const WITHOUT_WEBRTC = 'delete globalThis.RTCPeerConnection; delete globalThis.RTCDataChannel;';

/** Real processes on a machine that others use, too. */
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let relay: Relay;
let pages: Pages;
const open: Page[] = [];

beforeAll(async () => {
	relay = await createRelay();
	await relay.start();
	pages = await servePages('support/mate-page.ts');
});
afterEach(async () => {
	for (const page of open.splice(0)) await page.context().close();
});
afterAll(async () => {
	await pages.close();
	await relay.dispose();
});

interface Tab {
	readonly page: Page;
	readonly told: Told;
	call<K extends keyof MateApi>(
		name: K,
		...args: Parameters<MateApi[K]>
	): Promise<Awaited<ReturnType<MateApi[K]>>>;
}

async function tab(name: number, friends: readonly number[], initScript?: string): Promise<Tab> {
	const page = await pages.open(initScript);
	open.push(page);
	const call: Tab['call'] = (method, ...args) =>
		page.evaluate(
			async ({ method, args }) => {
				const { api } = globalThis as unknown as {
					api: Record<string, (...args: readonly unknown[]) => unknown>;
				};
				return api[method]?.(...args) as never;
			},
			{ method, args: [...args] as unknown[] }
		);
	const told = await call('start', name, [relay.url], [...friends]);
	return { told, page, call };
}

const { waitFor } = vi;
const SOON = { timeout: 20_000, interval: 50 };

describe('two pages', () => {
	it('meet through the relay, and then directly', async () => {
		const alice = await tab(1, [2]);
		const bob = await tab(2, [1]);
		expect(await alice.call('reach', bob.told)).toBe('relay');
		for (const one of [alice, bob]) {
			await waitFor(async () => expect(await one.call('paths')).toEqual(['direct']), SOON);
			expect(await one.call('told')).toEqual(['direct']);
		}
		const entry = await bob.call('push', alice.told.address, 5);
		await waitFor(async () => expect(await bob.call('acked')).toEqual([entry]), SOON);
		expect(await alice.call('entries')).toEqual([entry]);
		await bob.call('fill', 8);
		expect(await alice.call('fetch', bob.told.address, 8)).toMatchObject({ count: 32 });
		expect(await alice.call('failures')).toEqual([]);
	});

	it('stay on the relay where one cannot connect directly, whoever dials', async () => {
		for (const isDialler of [true, false]) {
			const alice = await tab(1, [2], isDialler ? WITHOUT_WEBRTC : undefined);
			const bob = await tab(2, [1], isDialler ? undefined : WITHOUT_WEBRTC);
			await bob.call('fill', 4);
			expect(await alice.call('reach', bob.told)).toBe('relay');
			expect(await alice.call('fetch', bob.told.address, 4)).toMatchObject({ count: 16 });
			expect(await alice.call('paths')).toEqual(['relay']);
			await alice.page.context().close();
			await bob.page.context().close();
			open.length = 0;
		}
	});

	it('lose no block when the session moves in the middle', async () => {
		const alice = await tab(1, [2]);
		const bob = await tab(2, [1]);
		await bob.call('fill', 20);
		await alice.call('reach', bob.told);
		expect(await alice.call('fetch', bob.told.address, 20)).toMatchObject({ count: 80 });
	});

	it('keep one direct connection where both reach at once', async () => {
		const alice = await tab(1, [2]);
		const bob = await tab(2, [1]);
		await Promise.all([alice.call('reach', bob.told), bob.call('reach', alice.told)]);
		for (const one of [alice, bob]) {
			await waitFor(async () => expect(await one.call('paths')).toEqual(['direct']), SOON);
		}
		const entry = await alice.call('push', bob.told.address, 6);
		await waitFor(async () => expect(await alice.call('acked')).toContain(entry), SOON);
	});

	it('find each other again when the direct connection vanishes', async () => {
		const alice = await tab(1, [2]);
		const bob = await tab(2, [1]);
		await alice.call('reach', bob.told);
		await waitFor(async () => expect(await bob.call('paths')).toEqual(['direct']), SOON);
		expect(await bob.call('cut')).toBe(1);
		await waitFor(async () => expect(await bob.call('paths')).toEqual([]), SOON);
		for (const one of [alice, bob]) {
			await waitFor(async () => expect(await one.call('paths')).toEqual(['direct']), SOON);
		}
		const entry = await bob.call('push', alice.told.address, 7);
		await waitFor(async () => expect(await bob.call('acked')).toContain(entry), SOON);
	});

	it('learn that a page was closed, and take it back', async () => {
		const alice = await tab(1, [2]);
		const bob = await tab(2, [1]);
		await alice.call('reach', bob.told);
		await waitFor(async () => expect(await bob.call('paths')).toEqual(['direct']), SOON);
		await bob.page.close({ runBeforeUnload: true });
		await waitFor(async () => expect(await alice.call('paths')).toEqual([]), SOON);
		const again = await tab(2, [1]);
		await again.call('reach', alice.told);
		await waitFor(async () => expect(await alice.call('paths')).toEqual(['direct']), SOON);
	});
});
