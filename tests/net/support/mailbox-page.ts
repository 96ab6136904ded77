/** A whole mailbox in a page: desk, storage, node; driven by a test through `globalThis.api`. */
import { writeBatch } from '../../../bench/ours/batch.ts';
import { befriend, createPerson, saveDrafts, type Person } from '../../../bench/ours/person.ts';
import { startNet } from '../../../src/lib/net/start.ts';
import { createRecipient } from '../../../src/lib/post/recipient.ts';
import { send } from '../../../src/lib/post/send.ts';
import { parseAddress, parsePeerName } from '../../../src/lib/wire/ids.ts';

const BATCH = 500;

let person: Person;
let net: Awaited<ReturnType<typeof startNet>>;
/** Headers that came whose texts come later. */
let outlined = 0;

/** The thread's row as it was written. */
export interface Step {
	readonly count: number;
	readonly coming: number;
	/** Of the newest message that is here. */
	readonly latest: string;
}

const api = {
	async create(name: string, office: string) {
		person = await createPerson(name, office);
		const { bundle, record } = person.account;
		return { bundle: [...bundle], address: record.address, peer: record.peer };
	},
	befriend: (bundle: readonly number[]) => befriend(person, Uint8Array.from(bundle)),
	/** A thread of messages `0`, `1` and so on. */
	async fill(to: string, messages: number): Promise<void> {
		const [draft] = await saveDrafts(person, ['0'], { kind: 'new', to: [to] });
		const sent = draft && (await send(person.desk, person.account, draft));
		if (sent?.ok !== true) throw new Error('the first message was not written');
		for (let at = 1; at < messages; at += BATCH) {
			const count = Math.min(BATCH, messages - at);
			const texts = Array.from({ length: count }, (_, i) => String(at + i));
			await writeBatch(person, sent.threadId, texts);
		}
	},
	/** The node; resolves when it is to be reached through its relay. */
	async start(): Promise<void> {
		const { desk, account } = person;
		const hooks = { onReceived: () => undefined, onConnections: () => undefined };
		const recipient = createRecipient(desk, account, hooks);
		const { peerSeed, peer, office } = account.record;
		net = await startNet({
			ground: desk,
			account: { root: account.root, peerSeed, peer, auth: account.auth },
			offices: desk.offices,
			relays: [office],
			recipient: {
				...recipient,
				receive(from, bundles) {
					outlined += bundles.filter(({ later }) => later === true).length;
					return recipient.receive(from, bundles);
				}
			},
			onRefused: (reason) => console.error(`refused: ${reason}`),
			witness: () => undefined,
			onFailure: (cause) => reportError(cause)
		});
		if (net.status.state === 'relay') return;
		await new Promise<void>((resolve) => {
			net.subscribe(({ state }) => {
				if (state === 'relay') resolve();
			});
		});
	},
	/** Dials, and tells each step of the thread until so many messages are here. */
	async sync(address: string, peer: string, office: string, messages: number): Promise<Step[]> {
		const steps: Step[] = [];
		const isWhole = new Promise<void>((resolve) => {
			person.store.mail.subscribe((_, writes) => {
				for (const write of writes ?? []) {
					if (write.table !== 'thread' || !('put' in write)) continue;
					const { count, coming = 0, latest } = write.put;
					steps.push({ count, coming, latest: latest.preview });
					if (count === messages) resolve();
				}
			});
		});
		const [target, name] = [parseAddress(address), parsePeerName(peer)];
		if (target === null || name === null) throw new Error('not a name');
		await net.courier.reach({ address: target, peers: [name], offices: [office] });
		await isWhole;
		return steps;
	},
	/** How many there were since the page was opened. */
	outlined: () => outlined,
	stop: async (): Promise<void> => net.stop()
};

export type MailboxApi = typeof api;

Object.assign(globalThis, { api, isReady: true });
