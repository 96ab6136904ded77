/** DEFMS and the floor in `crypto.ts`: the same page, the same WebCrypto. */
import { inventPerson } from '../ours/person.ts';
import { textOf } from '../harness/text.ts';
import { floorEpoch, floorOpen, floorSeal, world } from './floor.ts';
import { createSuite } from '../../src/lib/crypto/choose.ts';
import { systemRandom } from '../../src/lib/crypto/random.ts';
import { threadPorts, type Account } from '../../src/lib/post/account.ts';
import type { Desk } from '../../src/lib/post/ports.ts';
import { appendMessage, createThread } from '../../src/lib/threads/make.ts';
import { openBundles } from '../../src/lib/threads/receive.ts';
import type { Made, MakeResult, Person, ThreadState } from '../../src/lib/threads/thread.ts';
import { encodeFields } from '../../src/lib/wire/codec.ts';
import type { EntryBundle } from '../../src/lib/wire/entry.ts';
import type { Mail } from '../../src/lib/wire/mail.ts';

const suite = await createSuite();
if (suite.name !== 'webcrypto') throw new Error(`this browser gives ${suite.name} only`);
const desk = { suite, random: systemRandom, now: () => Date.now() } as Desk;
const ports = threadPorts(desk);
const me = await inventPerson(desk, 'Alice');
const others: Account[] = [];

interface Standing {
	alice: ThreadState;
	bob: ThreadState | null;
	/** What Bob has not got yet. */
	sent: EntryBundle[];
}
/** By members, the writer included. */
const threads = new Map<number, Standing>();

const api = {
	/** A thread of so many members; its second opens what is written. */
	async begin(members: number): Promise<void> {
		while (others.length < members - 1) others.push(await inventPerson(desk, 'Bob'));
		const made = require(await create(members));
		const [bob] = others;
		const opened = members > 1 && bob ? await openBundles(ports, bob.me, null, made.bundles) : null;
		threads.set(members, { alice: made.state, bob: opened?.state ?? null, sent: [] });
	},
	/** ms for one of `count` messages in the standing epoch. */
	async seal(members: number, count: number): Promise<number> {
		const standing = of(members);
		const mails = Array.from({ length: count }, (_, i) => mail(i));
		const begin = performance.now();
		for (const each of mails) await write(standing, each);
		return (performance.now() - begin) / count;
	},
	/** ms to open one of `count` messages, one by one as they come. */
	async open(members: number, count: number): Promise<number> {
		const [bob] = others;
		const standing = of(members);
		if (bob === undefined) throw new Error('nobody opens it');
		const missed = await openBundles(ports, bob.me, standing.bob, standing.sent);
		standing.bob = missed.state;
		standing.sent = [];
		for (let i = 0; i < count; i++) await write(standing, mail(i));
		const bundles = standing.sent.splice(0);
		const begin = performance.now();
		for (const bundle of bundles) {
			const opened = await openBundles(ports, bob.me, standing.bob, [bundle]);
			if (opened.opened.length !== 1) throw new Error('it did not open');
			standing.bob = opened.state;
		}
		return (performance.now() - begin) / count;
	},
	/** ms for one of `count` new threads, each with its first message. */
	async epoch(members: number, count: number): Promise<number> {
		const begin = performance.now();
		for (let i = 0; i < count; i++) require(await create(members));
		return (performance.now() - begin) / count;
	},
	async floorSeal(count: number): Promise<number> {
		const known = await world;
		const begin = performance.now();
		for (let i = 0; i < count; i++) await floorSeal(known, new Uint8Array(BODY_BYTES));
		return (performance.now() - begin) / count;
	},
	async floorOpen(count: number): Promise<number> {
		const known = await world;
		const sealed = await floorSeal(known, new Uint8Array(BODY_BYTES));
		const begin = performance.now();
		for (let i = 0; i < count; i++) await floorOpen(known, sealed);
		return (performance.now() - begin) / count;
	},
	async floorEpoch(members: number, count: number): Promise<number> {
		const known = await world;
		const begin = performance.now();
		for (let i = 0; i < count; i++) {
			await floorEpoch(known, members, new Uint8Array(BODY_BYTES));
		}
		return (performance.now() - begin) / count;
	},
	/** Bytes of header and sealed body beyond the mail itself, in a standing epoch. */
	async overhead(members: number): Promise<number> {
		const { bundles } = await write(of(members), mail(0));
		const [bundle] = bundles;
		if (bundle === undefined || bundle.body === null) throw new Error('nothing was made');
		return bundle.header.length + bundle.body.length - encodeFields({ ...mail(0) }).length;
	}
};

/** Of a sealed message with the text below: what the floor hashes and encrypts. */
const BODY_BYTES = 1024;

function of(members: number): Standing {
	const standing = threads.get(members);
	if (standing === undefined) throw new Error('no such thread');
	return standing;
}

async function write(standing: Standing, mail: Mail): Promise<Made> {
	const made = require(await appendMessage(ports, me.me, standing.alice, { mail }, []));
	standing.alice = made.state;
	standing.sent.push(...made.bundles);
	return made;
}

function create(members: number): Promise<MakeResult> {
	const people = others.slice(0, members - 1).map(toPerson);
	const { from, to, cc, subject } = mail(0);
	const rules = { add: 'members', write: 'members' } as const;
	const open = { from: [from], to, cc, subject };
	return createThread(ports, me.me, { people, open, rules, draft: { mail: mail(0) } });
}

function toPerson({ me: { root, record, card, xwing } }: Account): Person {
	return { root, record, card, xwing };
}

function mail(number: number): Mail {
	return {
		from: { root: me.root, name: 'Alice' },
		...{ to: [], cc: [], attachments: [], answers: [] },
		...{ subject: 'Harbour', date: Date.now(), text: textOf(number) }
	};
}

function require(made: MakeResult): Made {
	if (!made.ok) throw new Error(made.kind);
	return made;
}

Object.assign(globalThis, { api });
