/** The two browsers of `files.ts`, each with a profile on disk, over a real relay, then directly. */
import { createRelay } from '../../tests/e2e/support/relay.ts';
import { addressOf } from '../harness/circuit.ts';
import { openProfile, serveSite, type Party } from '../harness/pages.ts';

const OURS = 'files/ours.ts';
const BITSWAP = 'peers/bitswap.ts';
/** How often Bitswap may fail in a round before the bench gives up. */
const TRIES = 3;
/** What one MiB of it may take, ms. */
const BITSWAP_MIB_MS = 2_000;
/** Between two looks at the heap. */
const LOOK_MS = 1_000;

export interface Files {
	/** Writes a message with a file of this size; its thread. */
	prepare(mib: number): Promise<string>;
	/** MiB/s into the reader's storage. */
	ours(thread: string): Promise<number>;
	/**
	 * The same once more with a forced collection each second, which costs time: the larger heap of both
	 * ends after them, MiB.
	 */
	peakMib(thread: string): Promise<number>;
	/** MiB/s of a bare data channel between the same two pages. */
	raw(mib: number): Promise<number>;
	/** MiB/s of Helia: `unixfs.cat` of what the other has added. */
	bitswap(mib: number): Promise<number>;
	readonly version: string;
	close(): Promise<void>;
}

export async function createFiles(): Promise<Files> {
	const relay = await createRelay();
	await relay.start();
	const site = await serveSite([OURS, BITSWAP]);
	const profiles = [await openProfile(), await openProfile()] as const;
	const open = (entry: string) => Promise.all(profiles.map((each) => site.open(each, entry)));
	const [alice, bob] = pair(await open(OURS));
	const bundles = [
		await alice.call('create', 'Alice', relay.url),
		await bob.call('create', 'Bob', relay.url)
	];
	await alice.call('befriend', bundles[1]);
	await bob.call('befriend', bundles[0]);
	const told = (await alice.call('told')) as { address: string; peer: string };
	const { address: bobs } = (await bob.call('told')) as { address: string };
	await Promise.all([alice.call('start'), bob.call('start')]);
	await bob.call('reach', told.address, told.peer, relay.url);
	const sdp = await bob.call('answer', await alice.call('offer'));
	await alice.call('accept', sdp);
	const [writer, reader] = pair(await open(BITSWAP));
	const circuit = await addressOf(relay.url);
	const [peer] = await Promise.all([writer, reader].map((party) => party.call('start', circuit)));
	await reader.call('dial', `${circuit}/p2p-circuit/webrtc/p2p/${String(peer)}`);
	return {
		version: profiles[0].version,
		async prepare(mib) {
			const thread = String(await alice.call('write', bobs, mib));
			await alice.call('push', bobs, thread);
			return thread;
		},
		ours: (thread) => bob.measure('fetch', thread),
		async peakMib(thread) {
			const heap = watchHeap([alice, bob]);
			await bob.measure('fetch', thread);
			return heap.end();
		},
		async raw(mib) {
			const [rate] = await Promise.all([
				bob.measure('receiveRaw', mib),
				alice.call('sendRaw', mib)
			]);
			return rate;
		},
		async bitswap(mib) {
			for (let tries = 1; ; tries++) {
				const cid = await writer.call('add', mib);
				try {
					return await reader.measure('cat', cid, mib, mib * BITSWAP_MIB_MS);
				} catch (error) {
					// What it lost is not counted.
					if (tries === TRIES) throw error;
					process.stderr.write(`Bitswap did not give it, and tries again: ${String(error)}\n`);
				} finally {
					await Promise.all([writer, reader].map((party) => party.call('forget')));
				}
			}
		},
		async close() {
			await Promise.all(profiles.map((profile) => profile.close()));
			site.close();
			await relay.dispose();
		}
	};
}

function pair(parties: readonly Party[]): readonly [Party, Party] {
	const [one, two] = parties;
	if (one === undefined || two === undefined) throw new Error('two parties');
	return [one, two];
}

/** The heap of each page each second, what it cannot let go alone; MiB of the largest at the end. */
function watchHeap(parties: readonly Party[]): { end(): Promise<number> } {
	let isOver = false;
	let peakBytes = 0;
	const look = async (): Promise<void> => {
		const sizes = await Promise.all(parties.map((party) => party.heapBytes()));
		peakBytes = Math.max(peakBytes, ...sizes);
	};
	const run = async (): Promise<void> => {
		while (!isOver) {
			await look();
			await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
		}
	};
	const running = run();
	return {
		async end() {
			isOver = true;
			await running;
			return peakBytes / (1024 * 1024);
		}
	};
}
