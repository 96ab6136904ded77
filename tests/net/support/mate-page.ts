/** A mate in a page, driven by a test through `globalThis.api`. */
import { cidOfRaw } from '../../../src/lib/wire/codec.ts';
import { entryIdOf } from '../../../src/lib/wire/entry.ts';
import {
	cidToBlockId,
	parseAddress,
	parsePeerName,
	type BlockId
} from '../../../src/lib/wire/ids.ts';
import { createMate, type Mate } from './mate.ts';
import { makeEntry, Replica, seededRandom } from './memory.ts';

const MIB = 1024 * 1024;

let mate: Mate;

/** What a page tells about itself. */
export interface Told {
	readonly address: string;
	readonly peer: string;
	readonly offices: readonly string[];
}

const api = {
	async start(name: number, relays: readonly string[], friends: readonly number[]): Promise<Told> {
		mate = await createMate(name, relays);
		for (const friend of friends) mate.replica.meets(await Replica.create(friend));
		await mate.becomes('relay');
		return { address: mate.replica.address, peer: mate.peer, offices: relays };
	},
	async reach({ address, peer, offices }: Told): Promise<string | null> {
		const target = { address: parse(parseAddress(address)), peers: [parse(parsePeerName(peer))] };
		const connection = await mate.net.courier.reach({ ...target, offices });
		return connection?.path ?? null;
	},
	paths: (): string[] => mate.net.courier.connections.map(({ path }) => path),
	told: (): string[] => mate.replica.connections.map(({ path }) => path),
	state: (): string => mate.net.status.state,
	push(address: string, seed: number): string {
		const entry = makeEntry(seededRandom(seed), null, []);
		mate.replica.add(entry);
		mate.net.courier.push(parse(parseAddress(address)), [entry]);
		return entryIdOf(entry.header);
	},
	acked: (): string[] => mate.replica.acked,
	entries: (): string[] => [...mate.replica.entries.keys()],
	failures: (): string[] => mate.failures.map(String),
	/** Blocks of 256 KiB that a seed names. */
	fill(mib: number): number {
		for (const { id, data } of blocks(mib)) mate.replica.blocks.set(id, data);
		return mate.replica.blocks.size;
	},
	/** MiB/s, and how many came. */
	async fetch(address: string, mib: number): Promise<{ count: number; mibPerSecond: number }> {
		const ids = [...blocks(mib)].map(({ id }) => id);
		const begin = performance.now();
		let count = 0;
		for await (const _ of mate.net.courier.fetch(parse(parseAddress(address)), ids)) count++;
		return { count, mibPerSecond: mib / ((performance.now() - begin) / 1000) };
	},
	/** Direct connections vanish, as when a network changes. */
	cut(): number {
		const direct = mate.net.helia.libp2p.getConnections().filter((link) => {
			return link.direct && link.remoteAddr.toString().includes('/webrtc');
		});
		for (const link of direct) link.abort(new Error('cut'));
		return direct.length;
	},
	stop: async (): Promise<void> => mate.net.stop()
};

export type MateApi = typeof api;

function* blocks(mib: number): Generator<{ id: BlockId; data: Uint8Array }> {
	for (let i = 0; i < mib * 4; i++) {
		const data = new Uint8Array(MIB / 4).fill(i % 256);
		new DataView(data.buffer).setUint32(0, i);
		yield { id: cidToBlockId(cidOfRaw(data)), data };
	}
}

function parse<T>(value: T | null): T {
	if (value === null) throw new Error('not a name');
	return value;
}

Object.assign(globalThis, { api, isReady: true });
