/** One person of `sync.ts`: the app's own desk, storage, recipient and node. */
import { writeBatch } from '../ours/batch.ts';
import { befriend, createPerson, saveDrafts } from '../ours/person.ts';
import { textOf } from '../harness/text.ts';
import { startNet, type Net } from '../../src/lib/net/start.ts';
import { createRecipient } from '../../src/lib/post/recipient.ts';
import { send } from '../../src/lib/post/send.ts';
import { parseAddress, type Address, type PeerName } from '../../src/lib/wire/ids.ts';

const TEXT_BYTES = 1_000;
const BATCH = 500;
/** Messages that a screen shows. */
const NEWEST = 20;

let person: Awaited<ReturnType<typeof createPerson>>;
let net: Net | null = null;
let stored = 0;
let onStored = (): void => undefined;

const api = {
	async create(name: string, office: string): Promise<number[]> {
		person = await createPerson(name, office);
		return [...person.account.bundle];
	},
	told: () => ({ address: person.account.record.address, peer: person.account.record.peer }),
	befriend: (bundle: readonly number[]): Promise<Address> =>
		befriend(person, Uint8Array.from(bundle)),
	/** A thread with them of so many messages of 1 KB, which they have not heard of. */
	async fill(to: string, messages: number): Promise<void> {
		const first = { kind: 'new', to: [to] } as const;
		const [draft] = await saveDrafts(person, [textOf(0, TEXT_BYTES)], first);
		const sent = draft && (await send(person.desk, person.account, draft));
		if (sent?.ok !== true) throw new Error('the first message was not written');
		for (let at = 1; at < messages; at += BATCH) {
			const count = Math.min(BATCH, messages - at);
			const texts = Array.from({ length: count }, (_, i) => textOf(at + i, TEXT_BYTES));
			await writeBatch(person, sent.threadId, texts);
		}
	},
	/** The node; resolves when it is to be reached through its relay. */
	async start(): Promise<void> {
		const { desk, account } = person;
		const hooks = { onReceived: () => undefined, onConnections: () => undefined };
		const inner = createRecipient(desk, account, hooks);
		const { peerSeed, peer, office } = account.record;
		net = await startNet({
			ground: desk,
			account: { root: account.root, peerSeed, peer, auth: account.auth },
			offices: desk.offices,
			relays: [office],
			recipient: {
				...inner,
				async receive(from, bundles) {
					const received = await inner.receive(from, bundles);
					stored += received.stored.length;
					onStored();
					return received;
				}
			},
			onRefused: (reason) => console.error(`refused: ${reason}`),
			witness: () => undefined,
			onFailure: (cause) => reportError(cause)
		});
		await becomes(net, 'relay');
	},
	async stop(): Promise<void> {
		await net?.stop();
		net = null;
	},
	/** ms from the first dial until so many entries are in storage; the newest messages; the longest task. */
	async sync(
		address: string,
		peer: PeerName,
		office: string,
		messages: number
	): Promise<{ ms: number; newestMs: number; longestTaskMs: number }> {
		// The messages, and the epoch that they are sealed in.
		const entries = messages + 1;
		const target = parseAddress(address);
		if (net === null || target === null) throw new Error('not started');
		stored = 0;
		const newest = untilNewest(messages);
		const longest = watchTasks();
		const complete = new Promise<void>((resolve) => {
			onStored = () => {
				if (stored >= entries) resolve();
			};
		});
		const begin = performance.now();
		const found = await net.courier.reach({ address: target, peers: [peer], offices: [office] });
		if (found === null) throw new Error('not to be reached');
		await complete;
		const ms = performance.now() - begin;
		return { ms, newestMs: (await newest) - begin, longestTaskMs: longest() };
	}
};

/** When rows of the last messages are in storage: a screen shows them then. */
function untilNewest(messages: number): Promise<number> {
	const missing = new Set(Array.from({ length: NEWEST }, (_, i) => messages - 1 - i));
	return new Promise((resolve) => {
		const leave = person.store.mail.subscribe((_, writes) => {
			for (const write of writes ?? []) {
				if (write.table === 'message' && 'put' in write) {
					missing.delete(Number.parseInt(write.put.mail.text, 10));
				}
			}
			if (missing.size > 0) return;
			leave();
			resolve(performance.now());
		});
	});
}

/** Gives the longest task of this page since then, ms; 0 where none took 50. */
function watchTasks(): () => number {
	let longest = 0;
	const observer = new PerformanceObserver((list) => {
		for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
	});
	observer.observe({ type: 'longtask' });
	return () => {
		for (const { duration } of observer.takeRecords()) longest = Math.max(longest, duration);
		observer.disconnect();
		return longest;
	};
}

async function becomes(started: Net, state: Net['status']['state']): Promise<void> {
	if (started.status.state === state) return;
	await new Promise<void>((resolve) => {
		const leave = started.subscribe((status) => {
			if (status.state !== state) return;
			leave();
			resolve();
		});
	});
}

Object.assign(globalThis, { api });
