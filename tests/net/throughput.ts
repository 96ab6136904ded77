/**
 * Our framing on one libp2p stream over WebRTC, and relayed, against the raw data channel, and what
 * is left of it in a whole session with proof, credit and hashes; between two Chromium pages:
 * `node tests/net/throughput.ts [MiB]`. The last line is JSON.
 */
import type { Page } from 'playwright-core';
import { createRelay } from '../e2e/support/relay.ts';
import { servePages } from './support/pages.ts';

const mib = Number(process.argv[2] ?? 64);
const relay = await createRelay();
await relay.start();
const terms: unknown = await (await fetch(`${relay.url}/.well-known/defms.json`)).json();
const address = firstAddress(terms);
const pages = await servePages('support/throughput-page.ts');
const mates = await servePages('support/mate-page.ts');
const result: Record<string, number> = {};

try {
	const alice = await pages.open();
	const bob = await pages.open();
	await call(bob, 'answer', await call(alice, 'offer')).then((sdp) => call(alice, 'accept', sdp));
	for (const bytes of [16_384, 60_000, 262_144]) {
		result[`raw ${bytes}`] = await measure(bob, () => call(alice, 'sendRaw', mib, bytes));
	}
	await call(alice, 'start', address);
	const peer = await call(bob, 'start', address);
	await call(alice, 'dial', `${address}/p2p-circuit/p2p/${String(peer)}`);
	for (const bytes of [16_384, 60_000, 262_144]) {
		result[`relayed ${bytes}`] = await measure(bob, () =>
			call(alice, 'sendStream', peer, mib, bytes)
		);
	}
	await call(alice, 'dial', `${address}/p2p-circuit/webrtc/p2p/${String(peer)}`);
	for (const bytes of [16_384, 60_000, 262_144]) {
		result[`stream ${bytes}`] = await measure(bob, () =>
			call(alice, 'sendStream', peer, mib, bytes)
		);
	}
	await Promise.all([alice, bob].map(async (page) => page.context().close()));
	for (const path of ['relay', 'direct']) result[`session ${path}`] = await fetchBlocks(path);
} finally {
	await pages.close();
	await mates.close();
	await relay.dispose();
	process.stdout.write(`${JSON.stringify({ mib, mibPerSecond: result })}\n`);
}

/** MiB/s until the last frame is whole at the receiver. */
async function measure(receiver: Page, send: () => Promise<unknown>): Promise<number> {
	await call(receiver, 'reset');
	const begin = performance.now();
	await Promise.all([send(), call(receiver, 'waitFor', mib)]);
	return Math.round((mib / ((performance.now() - begin) / 1000)) * 10) / 10;
}

async function fetchBlocks(path: string): Promise<number> {
	const script = path === 'relay' ? 'delete globalThis.RTCPeerConnection' : undefined;
	const [carol, dave] = [await mates.open(script), await mates.open(script)];
	const told = await call(carol, 'start', 1, [relay.url], [2]).then(() =>
		call(dave, 'start', 2, [relay.url], [1])
	);
	await call(dave, 'fill', mib);
	await call(carol, 'reach', told);
	await carol.waitForFunction((wanted) => {
		const { api } = globalThis as unknown as { api: { paths: () => string[] } };
		return api.paths()[0] === wanted;
	}, path);
	const { address } = told as { address: string };
	const { mibPerSecond } = (await call(carol, 'fetch', address, mib)) as { mibPerSecond: number };
	await Promise.all([carol, dave].map(async (page) => page.context().close()));
	return Math.round(mibPerSecond * 10) / 10;
}

async function call(page: Page, name: string, ...args: readonly unknown[]): Promise<unknown> {
	return page.evaluate(
		async ({ name, args }) => {
			const { api } = globalThis as unknown as {
				api: Record<string, (...args: readonly unknown[]) => unknown>;
			};
			return api[name]?.(...args);
		},
		{ name, args: [...args] }
	);
}

function firstAddress(terms: unknown): string {
	const { addresses } = terms as { addresses: string[] };
	const [first] = addresses;
	if (first === undefined) throw new Error('the relay announces no address');
	return first;
}
