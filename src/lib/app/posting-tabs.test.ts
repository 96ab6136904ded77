/** One draft, several tabs, one lock: it goes out once, upon what is true when it does. */

import { beforeEach, describe, expect, test } from 'vitest';
import { createPerson, introduce, post, type Person } from '../../../tests/sim/people.ts';
import { setTier } from '../post/contacts.ts';
import type { MailStore } from '../post/ports.ts';
import type { DraftRecord } from '../post/records.ts';
import type { ThreadId } from '../wire/ids.ts';
import { createTurns, type InTurn } from '../store/turns.ts';
import { postDraft } from './posting.ts';

let alice: Person, other: Person, bob: Person;
let thread: ThreadId;
let draft: DraftRecord;
let inTurn: InTurn;
let written: number;
/** Told of each lock that somebody asks for. */
let asked: (name: string) => void;

/** A store that takes locks itself, as one with a writer does. */
function withWriter(store: MailStore): MailStore {
	const { update } = store;
	const under = async (locks: readonly string[], work: () => Promise<void>): Promise<void> => {
		const [name, ...rest] = locks;
		return name === undefined ? work() : exclusive(name, () => under(rest, work));
	};
	return Object.assign(store, {
		takesLocks: () => true,
		update: ((table, key, decide, { locks = [], ...options } = {}) =>
			under(locks, () => update(table, key, decide, options))) satisfies MailStore['update']
	});
}

function exclusive<T>(name: string, work: () => Promise<T>): Promise<T> {
	asked(name);
	return inTurn(name, work);
}

function send({ desk, account }: Person) {
	const ports = {
		desk: Promise.resolve({ ...desk, exclusive }),
		account: Promise.resolve(account),
		inviteUrl: async () => '',
		isOffline: () => true,
		onWritten: () => void written++
	};
	return postDraft(ports, draft);
}

async function texts(): Promise<string[]> {
	const rows = await other.desk.store.list('message', [thread]);
	return rows.map(({ mail }) => mail.text).filter((text) => text === 'once');
}

/** A lock that it needs is in another's hand until the work is done. */
async function whileLocked(work: () => Promise<unknown>, lock = 'draft/a') {
	const held = Promise.withResolvers<undefined>();
	const holding = inTurn(lock, () => held.promise);
	const asking = Promise.withResolvers<undefined>();
	asked = (name) => {
		if (name === lock) asking.resolve(undefined);
	};
	const sending = send(alice);
	await asking.promise;
	await work();
	expect(await texts()).toEqual([]);
	held.resolve(undefined);
	await holding;
	return sending;
}

describe.each(['the page', 'the store'])('%s takes the locks', (who) => {
	beforeEach(async () => {
		let now = 1_790_000_000_000;
		const clock = () => ++now;
		alice = await createPerson('alice', clock);
		bob = await createPerson('bob', clock);
		await introduce([alice, bob]);
		other = await alice.otherTab();
		thread = (await post(alice, [bob])).threadId;
		await post(other, [bob], { kind: 'replyAll', thread, text: 'from the other' });
		await post(alice, [bob], { kind: 'replyAll', thread, text: 'remembered' });
		draft = {
			...{ id: 'a', kind: 'replyAll', thread, to: [bob.account.record.address], cc: [], bcc: [] },
			...{ subject: '', html: '', text: 'once', files: [], savedAt: now }
		};
		await alice.desk.store.commit([{ table: 'draft', key: ['a'], put: draft }]);
		inTurn = createTurns();
		written = 0;
		asked = () => undefined;
		if (who === 'the store') for (const { desk } of [alice, other]) withWriter(desk.store);
	});

	test('of tabs that send it at once, one does', async () => {
		const outcomes = await Promise.all([send(alice), send(other), send(alice)]);
		expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
		expect(await texts()).toEqual(['once']);
		expect(written).toBe(1);
		expect(await other.desk.store.list('draft')).toEqual([]);
	});

	test('it waits for its turn, however early it was sealed', async () => {
		const sent = await whileLocked(() => Promise.resolve());
		expect(sent.ok).toBe(true);
		expect(await texts()).toEqual(['once']);
		expect(written).toBe(1);
	});

	test('it waits for whoever reads and writes its thread', async () => {
		const sent = await whileLocked(() => Promise.resolve(), `thread/${thread}`);
		expect(sent.ok).toBe(true);
		expect(await texts()).toEqual(['once']);
	});

	test('what another tab discards meanwhile does not go out', async () => {
		const remove = { table: 'draft', key: ['a'], remove: true } as const;
		const sent = await whileLocked(() => other.desk.store.commit([remove]));
		expect(sent.ok).toBe(false);
		expect(await texts()).toEqual([]);
		expect(written).toBe(0);
	});

	test('an answer of another tab meanwhile comes before it', async () => {
		const answer = { kind: 'replyAll', thread, text: 'meanwhile' } as const;
		const sent = await whileLocked(() => post(other, [bob], answer));
		expect(sent.ok).toBe(true);
		expect(await texts()).toEqual(['once']);
		expect((await other.desk.store.get('thread', [thread]))?.count).toBe(5);
	});

	test('whom another tab blocks meanwhile gets nothing, and whom it lets in again does', async () => {
		const { address } = bob.account.record;
		const sent = await whileLocked(() => setTier(other.desk, address, 'blocked'));
		expect(sent).toMatchObject({ ok: false, problem: { kind: 'blocked-recipient' } });
		await setTier(other.desk, address, 'known');
		expect((await send(alice)).ok).toBe(true);
		expect(await texts()).toEqual(['once']);
	});
});
