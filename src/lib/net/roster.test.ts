import { expect, it } from 'vitest';
import type { Connection, Path } from '../post/ports.ts';
import { rootKeyToAddress, type PeerName } from '../wire/ids.ts';
import { Roster, type Held } from './roster.ts';
import type { Session } from './session.ts';

const bob = rootKeyToAddress(new Uint8Array(32).fill(2));
const us = 'aaa' as PeerName;
const peer = 'bbb' as PeerName;

function setUp() {
	const log: string[] = [];
	const roster = new Roster({
		connected: ({ path }) => log.push(`connected ${path}`),
		disconnected: ({ path }) => log.push(`disconnected ${path}`)
	});
	const held = (path: Path, dialler: PeerName, since = 0): Held & { isClosed: () => boolean } => {
		let isClosed = false;
		const connection: Connection = { address: bob, peer, path };
		const session = { close: () => (isClosed = true) } as unknown as Session;
		return { session, connection, dialler, since, isClosed: () => isClosed };
	};
	return { log, roster, held };
}

it('moves from relayed to direct, and tells it as one connection more, then one less', () => {
	const { log, roster, held } = setUp();
	const relayed = held('relay', us);
	expect(roster.hold(relayed)).toBe(true);
	const direct = held('direct', us, 300);
	expect(roster.hold(direct)).toBe(true);
	expect(relayed.isClosed()).toBe(true);
	expect(log).toEqual(['connected relay', 'connected direct', 'disconnected relay']);
	expect(roster.release(relayed)).toBe(false);
	expect(roster.connections).toEqual([direct.connection]);
	expect(roster.release(direct)).toBe(true);
	expect(roster.of(bob)).toEqual([]);
});

it('keeps the dial of the smaller peer id, in whichever order they come', () => {
	for (const order of [0, 1]) {
		const { roster, held } = setUp();
		const [ours, theirs] = [held('relay', us), held('relay', peer, 5)];
		const [first, second] = order === 0 ? [ours, theirs] : [theirs, ours];
		roster.hold(first);
		expect(roster.hold(second)).toBe(second === ours);
		expect(roster.at(peer)).toBe(ours);
		expect(theirs.isClosed()).toBe(order === 1);
	}
});

it('does not fall back to a relayed dial that began together with the direct one', () => {
	const { roster, held } = setUp();
	roster.hold(held('direct', us));
	expect(roster.hold(held('relay', peer, 100))).toBe(false);
});

it('believes a peer that comes anew: it has lost what we still hold', () => {
	const { roster, held } = setUp();
	const old = held('direct', us);
	roster.hold(old);
	const fresh = held('relay', peer, 60_000);
	expect(roster.hold(fresh)).toBe(true);
	expect(old.isClosed()).toBe(true);
	const again = held('relay', peer, 60_500);
	expect(roster.hold(again)).toBe(true);
});
