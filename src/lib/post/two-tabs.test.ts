/** Two tabs of one profile write in one thread, each with what it remembers: nothing is lost or forked. */

import { beforeEach, expect, test } from 'vitest';
import { createPerson, deliver, introduce, post, type Person } from '../../../tests/sim/people.ts';
import type { ThreadId } from '../wire/ids.ts';
import { setTier } from './contacts.ts';
import { loadReplica } from './replicas.ts';
import { textsIn } from './texts.ts';
import { send } from './send.ts';

let now: number;
let alice: Person, other: Person, bob: Person;
let thread: ThreadId;

beforeEach(async () => {
	now = 1_790_000_000_000;
	const clock = () => ++now;
	alice = await createPerson('alice', clock);
	bob = await createPerson('bob', clock);
	await introduce([alice, bob]);
	thread = (await post(alice, [bob])).threadId;
	other = await alice.otherTab();
	await answer(other, 'from the other');
});

const answer = (who: Person, text: string) => post(who, [bob], { kind: 'replyAll', thread, text });

async function stateOf({ desk, account }: Person) {
	const replica = await loadReplica(desk, account, thread);
	if (replica === null) throw new Error('no such thread');
	return replica.state;
}

async function textsOf({ desk }: Person): Promise<string[]> {
	const rows = await desk.store.list('message', [thread]);
	return rows.map(({ mail }) => mail.text).sort();
}

test('an answer stands on what the other tab wrote', async () => {
	await answer(alice, 'from the first');
	await answer(other, 'again');
	await answer(alice, 'and again');
	for (const tab of [alice, other]) {
		const state = await stateOf(tab);
		expect(state.heads).toHaveLength(1);
		expect(state.size).toBe(6);
		expect(await textsIn(tab.desk, tab.account, thread)).toHaveLength(5);
	}
	const texts = ['At four?', 'again', 'and again', 'from the first', 'from the other'];
	expect(await textsOf(alice)).toEqual(texts);
	expect(await alice.desk.store.list('outbox')).toHaveLength(5);
	await deliver(alice, [bob]);
	expect(await textsOf(bob)).toEqual(texts);
});

test('tabs that answer at once both have their answer in it, once', async () => {
	const tabs = [alice, other, await alice.otherTab()];
	const texts = Array.from({ length: 12 }, (_, i) => `answer ${String(i)}`);
	await Promise.all(texts.map((text, i) => answer(tabs[i % 3] ?? alice, text)));
	for (const tab of tabs) expect((await stateOf(tab)).size).toBe(15);
	expect(await textsOf(alice)).toEqual(['At four?', 'from the other', ...texts].sort());
	await deliver(alice, [bob]);
	expect(await textsOf(bob)).toEqual(await textsOf(alice));
});

test('whom the other tab has blocked gets nothing', async () => {
	await answer(alice, 'before');
	await setTier(other.desk, bob.account.record.address, 'blocked');
	const sent = await send(alice.desk, alice.account, {
		...{ id: 'draft', kind: 'replyAll', thread, cc: [], bcc: [], subject: '', html: '', text: 'x' },
		to: [bob.account.record.address],
		...{ files: [], savedAt: now }
	});
	expect(sent).toMatchObject({ ok: false, problem: { kind: 'blocked-recipient' } });
	expect(await textsOf(other)).not.toContain('x');
});

test('where the other tab has moved the thread, it stays there', async () => {
	await answer(alice, 'before');
	await other.desk.store.update('thread', [thread], (row) => {
		if (row === null) throw new Error('no such thread');
		return [{ table: 'thread', key: [thread], put: { ...row, place: 'archive' } }];
	});
	await answer(alice, 'after');
	expect((await other.desk.store.get('thread', [thread]))?.place).toBe('archive');
	expect((await stateOf(other)).size).toBe(5);
});
