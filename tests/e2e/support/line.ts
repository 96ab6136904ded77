/** The lines between two browsers, as a scenario sees them: how much came over them, and their end. */
import type { Page } from '@playwright/test';

declare global {
	// In the page; declared with `var`, so that it is a property of the global object.
	var line: { received: number; readonly connections: Set<RTCPeerConnection> };
}

/**
 * An `initScript`: counts what data channels and, as long as they are not there, the relay bring, and
 * remembers the direct connections. The count goes on when the page is loaded anew: what comes until
 * the old one is gone is in it.
 */
export const WATCHED_LINE = `
	globalThis.line = { received: 0, connections: new Set() };
	if (self === top && self.origin !== 'null') {
		globalThis.line.received = Number(sessionStorage.getItem('line') ?? 0);
		addEventListener('pagehide', () => sessionStorage.setItem('line', String(globalThis.line.received)));
	}
	const watch = (channel) => channel.addEventListener('message', ({ data }) => {
		globalThis.line.received += data.byteLength ?? data.size ?? data.length ?? 0;
	});
	globalThis.WebSocket = class extends WebSocket {
		constructor(...options) {
			super(...options);
			watch(this);
		}
	};
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

/** Bytes that came to this tab from peers, directly or relayed. */
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

/** An `initScript`: what this page sends to others directly goes at so many bytes a second. */
export function slowLine(bytesPerSecond: number): string {
	return `
	const { send } = RTCDataChannel.prototype;
	const waiting = [];
	let credit = 0;
	setInterval(() => {
		credit = Math.min(credit + ${String(bytesPerSecond / 50)}, ${String(bytesPerSecond / 10)});
		while (waiting.length > 0 && credit > 0) {
			const [channel, data] = waiting.shift();
			credit -= data.byteLength ?? data.length;
			if (channel.readyState === 'open') send.call(channel, data);
		}
	}, 20);
	RTCDataChannel.prototype.send = function (data) {
		waiting.push([this, data.slice?.() ?? data]);
	};
`;
}
