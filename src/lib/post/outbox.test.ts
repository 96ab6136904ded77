/** What finds no room at the office waits, and holds up nothing but its own thread. */

import { expect, test, vi } from 'vitest';
import { createPerson, introduce, post } from '../../../tests/sim/people.ts';
import { accept, refuse, type Refusal } from '../wire/refusal.ts';
import { drainOutbox } from './outbox.ts';
import type { Office } from './ports.ts';
import { atOwnOffice } from './registration.ts';

vi.mock('./registration.ts');

/** An office that refuses the blocks of some requests, and then whatever notice it is given. */
async function setUp(refuses: (request: number) => Refusal | null) {
	let now = 1_790_000_000_000;
	const [alice, bob] = await Promise.all([
		createPerson('alice', () => now++),
		createPerson('bob', () => now++)
	]);
	await introduce([alice, bob]);
	let requests = 0;
	const office = {
		keep: async () => {
			const refusal = refuses(requests++);
			return refusal === null ? accept(null) : refuse(refusal);
		},
		send: async () => refuse('slot-full')
	} as unknown as Office;
	const device = await alice.desk.suite().then(() => null);
	vi.mocked(atOwnOffice).mockImplementation(async (_desk, { root }, work) =>
		work({ office, account: { root, device: device as never } })
	);
	const drain = async () => {
		const outcome = await drainOutbox(alice.desk, alice.account);
		const records = (await alice.desk.store.list('outbox')).sort(
			(a, b) => a.createdAt - b.createdAt
		);
		return { outcome, kept: records.map(({ isKept }) => isKept), requests };
	};
	return { alice, bob, drain };
}
