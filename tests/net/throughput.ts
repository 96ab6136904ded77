/**
 * Our framing on one libp2p stream over WebRTC, and relayed, against the raw data channel, between
 * two Chromium pages: `node tests/net/throughput.ts [MiB]`. The last line is JSON.
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
} finally {
	await pages.close();
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
