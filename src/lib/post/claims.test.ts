/** Places of the key ring, where another tab was faster, or the disk is full. */

import { beforeEach, expect, test } from 'vitest';
import {
	bundlesOf,
	createPerson,
	introduce,
	post,
	take,
	type Person
} from '../../../tests/sim/people.ts';
import { setTier } from './contacts.ts';
import { StorageFull, type Desk, type RingKey } from './ports.ts';
import { createRecipient } from './recipient.ts';

let alice: Person, bob: Person;

beforeEach(async () => {
	let now = 1_790_000_000_000;
	const clock = () => ++now;
	alice = await createPerson('alice', clock);
	bob = await createPerson('bob', clock);
	await introduce([alice, bob]);
});

/** A person whose keys of the ring are counted: those claimed less those destroyed. */
function counting(person: Person): { readonly person: Person; readonly used: () => number } {
	const live = new Set<string>();
	const { ring } = person.desk;
	const desk: Desk = {
		...person.desk,
		ring: {
			...ring,
			claim: async (count) => {
				const keys = await ring.claim(count);
				for (const key of keys ?? []) live.add(key.join());
				return keys;
			},
			destroy: async (keys: readonly RingKey[]) => {
				for (const key of keys) live.delete(key.join());
				return ring.destroy(keys);
			}
		}
	};
	return { person: { ...person, desk }, used: () => live.size };
}

/** What bob remembers of alice is old. */
async function overtake(): Promise<void> {
	const { address } = alice.account.record;
	await bob.desk.store.get('contact', [address]);
	await setTier((await bob.otherTab()).desk, address, 'trusted');
}

test('a send that is made anew uses no place twice', async () => {
	const { person, used } = counting(bob);
	await overtake();
	await post(person, [alice]);
	expect(used()).toBe(1);
});

test('nor does what comes and is taken anew', async () => {
	const { person, used } = counting(bob);
	const bundles = await bundlesOf(alice, await post(alice, [bob]));
	await overtake();
	const hooks = { onReceived: () => undefined, onConnections: () => undefined };
	const recipient = createRecipient(person.desk, person.account, hooks);
	const received = await recipient.receive(alice.account.record.address, bundles);
	expect(received.stored.length).toBeGreaterThan(0);
	expect(used()).toBe(1);
});

test('what finds no room takes no place', async () => {
	const { person, used } = counting(bob);
	const bundles = await bundlesOf(alice, await post(alice, [bob]));
	const full: Person = {
		...person,
		desk: {
			...person.desk,
			store: {
				...person.desk.store,
				update: () => Promise.reject(new StorageFull()),
				commit: () => Promise.reject(new StorageFull())
			}
		}
	};
	await expect(take(full, alice, bundles)).rejects.toThrow(StorageFull);
	await expect(post(full, [alice])).rejects.toThrow('storage-full');
	expect(used()).toBe(0);
});
