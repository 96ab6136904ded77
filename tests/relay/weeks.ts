/** Weeks between mailboxes and a real post office, with a clock that the test turns. */

import { expect } from 'vitest';
import { openOwnAccount, type OwnAccount } from '../../src/lib/app/own-account.ts';
import { systemRandom } from '../../src/lib/crypto/random.ts';
import { Secret } from '../../src/lib/crypto/secret.ts';
import { createWebSuite } from '../../src/lib/crypto/webcrypto.ts';
import { createAccount } from '../../src/lib/post/account.ts';
import { acceptInvite, standingInvite } from '../../src/lib/post/invite.ts';
import { drainOutbox } from '../../src/lib/post/outbox.ts';
import type { Desk } from '../../src/lib/post/ports.ts';
import { replaceLostPrekey, tendPrekeys } from '../../src/lib/post/prekeys.ts';
import type { DraftRecord } from '../../src/lib/post/records.ts';
import { send } from '../../src/lib/post/send.ts';
import { parseInvite } from '../../src/lib/wire/invite.ts';
import { createMemoryDisk } from '../conformance/memory-store.ts';
import { createWorld, type World } from './world.ts';

export const DAY = 86_400_000;
export const OFFICE = 'https://post.example';
const suite = await createWebSuite(globalThis.crypto.subtle);

export interface Person {
	/** Another object after `restart`. */
	desk: Desk;
	readonly own: OwnAccount;
	/** How often somebody was looked up. */
	lookups: number;
	/** The same disk under a program that has just begun. */
	restart: () => void;
	/** The same, and the key ring's file is gone; what the start makes of it is done. */
	loseRing: () => Promise<void>;
}

export interface Weeks {
	readonly world: World;
	readonly alice: Person;
	readonly bob: Person;
	/** The device is awake for so many days. */
	awake: (person: Person, days: number) => Promise<void>;
	write: (from: Person, to: Person, text: string, draft?: Partial<DraftRecord>) => Promise<void>;
}

/** Alice has Bob's invite. */
export async function beginWeeks(): Promise<Weeks> {
	const world = createWorld();
	world.start(OFFICE);
	const alice = await createPerson(world, 'alice');
	const bob = await createPerson(world, 'bob');
	await befriend(alice, bob);
	return {
		...{ world, alice, bob },
		awake: async (person, days) => {
			for (let day = 0; day < days; day++) {
				await world.pass(DAY);
				await tend(person);
			}
		},
		write: async (from, to, text, draft) => {
			await seal(world, from, to, text, draft);
			expect(await drainOutbox(from.desk, from.own.account)).toEqual({ kind: 'handed-over' });
			await world.settle();
		}
	};
}

/** The guest has the host's invite. */
export async function befriend(guest: Person, host: Person): Promise<void> {
	const link = await standingInvite(host.desk, host.own.account);
	const invite = parseInvite(link ?? '');
	await tend(host);
	if (invite === null) throw new Error('no invite');
	await acceptInvite(guest.desk, guest.own.account, invite);
}

export async function createPerson(world: World, name: string): Promise<Person> {
	const disk = createMemoryDisk();
	const device = await suite.signer(new Secret(systemRandom(32)));
	const openDesk = (): Desk => {
		const { mail: store, blocks, ring } = disk.open();
		return {
			...{ suite, random: systemRandom, now: () => world.now, store, blocks, ring },
			keys: { deviceSigner: () => Promise.resolve(device) },
			offices: (url) => {
				const office = world.offices(url);
				const find: typeof office.find = (...asked) => {
					person.lookups++;
					return office.find(...asked);
				};
				return new Proxy(office, {
					get: (target, name) => (name === 'find' ? find : Reflect.get(target, name).bind(target))
				});
			},
			exclusive: (_name, work) => work(),
			appUrl: 'https://mail.example/'
		};
	};
	const desk = openDesk();
	await createAccount(desk, { name, office: OFFICE });
	const own = await openOwnAccount(desk);
	if (own === null) throw new Error('no account');
	const person: Person = {
		...{ desk, own, lookups: 0 },
		restart: () => (person.desk = openDesk()),
		loseRing: async () => {
			disk.ring.lose();
			person.restart();
			await replaceLostPrekey(person.desk);
			await own.refresh();
		}
	};
	return person;
}

export async function tend({ desk, own }: Person): Promise<void> {
	await own.refresh();
	await tendPrekeys(desk, own.account, null);
	await own.refresh();
}

/** Written, and handed to nobody. */
export async function seal(
	world: World,
	from: Person,
	to: Person,
	text: string,
	draft: Partial<DraftRecord> = {}
): Promise<void> {
	const sent = await send(from.desk, from.own.account, {
		...{ id: text, kind: 'new', cc: [], bcc: [], subject: text, html: '', text, files: [] },
		to: [to.own.account.record.address],
		savedAt: world.now,
		...draft
	});
	expect(sent.ok).toBe(true);
}

export async function textsOf({ desk }: Person): Promise<string[]> {
	return (await desk.store.list('message')).map(({ mail }) => mail.text).sort();
}
