/** The direct line between two browsers, as a scenario sees it: how much came over it, and its end. */
import type { Page } from '@playwright/test';

declare global {
	// In the page; declared with `var`, so that it is a property of the global object.
	var line: { received: number; readonly connections: Set<RTCPeerConnection> };
}

/** An `initScript`: counts what data channels bring, and remembers their connections. */
export const WATCHED_LINE = `
	globalThis.line = { received: 0, connections: new Set() };
	const watch = (channel) => channel.addEventListener('message', ({ data }) => {
		globalThis.line.received += data.byteLength ?? data.length ?? 0;
	});
	globalThis.RTCPeerConnection = class extends RTCPeerConnection {
		constructor(...options) {
			super(...options);
			globalThis.line.connections.add(this);
			this.addEventListener('datachannel', ({ channel }) => watch(channel));
		}
		createDataChannel(...options) {
			const channel = super.createDataChannel(...options);
			watch(channel);
			return channel;
		}
	};
`;

/** Bytes that came over direct lines since this page was loaded. */
export function receivedBytes(page: Page): Promise<number> {
	return page.evaluate(() => globalThis.line.received);
}

/** The network is gone: what the browser calls offline, and the direct lines, which it leaves alone. */
export async function cutLine(page: Page): Promise<void> {
	await page.context().setOffline(true);
	await page.evaluate(() => {
		for (const connection of globalThis.line.connections) connection.close();
	});
}
