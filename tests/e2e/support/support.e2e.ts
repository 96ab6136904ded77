/** The ground that the scenarios stand on: tested apart, so that their failures mean something. */
import { expect, test, WITHOUT_WEBRTC } from './fixtures.ts';

test('support: the relay serves the app under one address, through stop and crash', async ({
	startRelay,
	openProfile
}) => {
	const relay = await startRelay();
	const alice = await openProfile('alice');
	await alice.page.goto(relay.url, { waitUntil: 'networkidle' });
	await expect(alice.page).toHaveTitle(/DEFMS/);
	await relay.stop();
	await expect(fetch(`${relay.url}/healthz`)).rejects.toThrow();
	await relay.start();
	expect((await fetch(`${relay.url}/healthz`)).status).toBe(200);
	await relay.kill();
	await relay.start();
	await alice.page.goto(relay.url, { waitUntil: 'networkidle' });
});

test('support: a profile keeps its storage when its browser is closed or killed', async ({
	startRelay,
	openProfile
}) => {
	const relay = await startRelay();
	const alice = await openProfile('alice');
	const page = `${relay.url}/config.json`;
	await alice.page.goto(page);
	await alice.page.evaluate(put, 'closed');
	await alice.close();
	await alice.reopen();
	await alice.page.goto(page);
	expect(await alice.page.evaluate(get)).toBe('closed');
	await alice.page.evaluate(put, 'killed');
	await alice.kill();
	await alice.reopen();
	await alice.page.goto(page);
	expect(await alice.page.evaluate(get)).toBe('killed');
});

test('support: two profiles connect directly, one without WebRTC cannot', async ({
	startRelay,
	openProfile
}) => {
	const relay = await startRelay();
	const alice = await openProfile('alice');
	const bob = await openProfile('bob');
	const carol = await openProfile('carol', { initScript: WITHOUT_WEBRTC });
	for (const { page } of [alice, bob, carol]) await page.goto(`${relay.url}/config.json`);
	expect(await carol.page.evaluate(() => typeof RTCPeerConnection)).toBe('undefined');
	const offer = await alice.page.evaluate(describeOffer);
	const answer = await bob.page.evaluate(describeAnswer, offer);
	expect(await alice.page.evaluate(acceptAnswer, answer)).toBe('hello');
});

function put(value: string): Promise<void> {
	return new Promise((resolve, reject) => {
		const opening = indexedDB.open('support');
		opening.onupgradeneeded = () => opening.result.createObjectStore('kept');
		opening.onerror = () => reject(opening.error ?? new Error('open'));
		opening.onsuccess = () => {
			const write = opening.result.transaction('kept', 'readwrite', { durability: 'strict' });
			write.objectStore('kept').put(value, 'word');
			write.onerror = () => reject(write.error ?? new Error('put'));
			write.oncomplete = () => resolve();
		};
	});
}

function get(): Promise<unknown> {
	return new Promise((resolve, reject) => {
		const opening = indexedDB.open('support');
		opening.onerror = () => reject(opening.error ?? new Error('open'));
		opening.onsuccess = () => {
			const reading = opening.result.transaction('kept').objectStore('kept').get('word');
			reading.onerror = () => reject(reading.error ?? new Error('get'));
			reading.onsuccess = () => resolve(reading.result);
		};
	});
}

async function describeOffer(): Promise<string> {
	const peer = new RTCPeerConnection();
	const channel = peer.createDataChannel('support');
	Object.assign(globalThis, { peer, channel });
	await peer.setLocalDescription();
	await new Promise<void>((resolve) => {
		peer.onicecandidate = ({ candidate }) => candidate ?? resolve();
	});
	return peer.localDescription?.sdp ?? '';
}

async function describeAnswer(sdp: string): Promise<string> {
	const peer = new RTCPeerConnection();
	peer.ondatachannel = ({ channel }) => {
		channel.onopen = () => channel.send('hello');
	};
	Object.assign(globalThis, { peer });
	await peer.setRemoteDescription({ type: 'offer', sdp });
	await peer.setLocalDescription();
	await new Promise<void>((resolve) => {
		peer.onicecandidate = ({ candidate }) => candidate ?? resolve();
	});
	return peer.localDescription?.sdp ?? '';
}

function acceptAnswer(sdp: string): Promise<unknown> {
	const { peer, channel } = globalThis as unknown as {
		peer: RTCPeerConnection;
		channel: RTCDataChannel;
	};
	return new Promise((resolve, reject) => {
		channel.onmessage = ({ data }) => resolve(data);
		peer.setRemoteDescription({ type: 'answer', sdp }).catch(reject);
	});
}
