/** An answer comes through although what it answers does not: its writer's own office has the way to it. */

import { expect, it } from 'vitest';
import { threadPorts } from '../../src/lib/post/account.ts';
import { collectWaiting } from '../../src/lib/post/collect-waiting.ts';
import { listen } from '../../src/lib/post/listen.ts';
import { drainOutbox } from '../../src/lib/post/outbox.ts';
import { receive } from '../../src/lib/post/receive.ts';
import { exclusiveThread, loadReplica } from '../../src/lib/post/replicas.ts';
import type { EntryBundle } from '../../src/lib/wire/entry.ts';
import type { ThreadId } from '../../src/lib/wire/ids.ts';
import { forgeEntry } from '../threads/forge.ts';
import { beginWeeks, befriend, createPerson, textsOf, type Person, type Weeks } from './weeks.ts';

const HOUR = 3_600_000;

it('although its writer gave it to one alone, or has lost its office', async () => {
	const { world, alice, bob, write } = await beginWeeks();
	const mallory = await createPerson(world, 'mallory');
	await befriend(alice, mallory);
	const hear = (person: Person) => hearAt(world, person);
	await write(alice, bob, 'hello', { cc: [mallory.own.account.record.address] });
	for (const person of [bob, mallory, bob, mallory, alice]) await hear(person);
	const [hello] = await alice.desk.store.list('message');
	if (hello === undefined) throw new Error('a message');
	const { thread } = hello;
	await write(mallory, alice, 'I am here', {
		kind: 'replyAll',
		thread,
		cc: [bob.own.account.record.address]
	});
	for (const person of [alice, bob, alice, bob, mallory]) await hear(person);
	const bundle = await forge(mallory, thread);
	const from = mallory.own.account.record.address;
	const admission = { from, mayBegin: true, makesContact: false };
	const { stored } = await receive(alice.desk, alice.own.account, admission, [bundle]);
	expect(stored).toHaveLength(1);

	await write(alice, bob, 'answer', { kind: 'replyAll', thread, cc: [from] });
	for (const person of [bob, alice]) await hear(person);
	expect(await textsOf(bob)).toEqual(['I am here', 'answer', 'hello']);
	const answer = (await alice.desk.store.list('message')).find(
		({ mail }) => mail.text === 'answer'
	);
	expect(answer?.deliveries.find(({ field }) => field === 'to')?.state).toBe('delivered');

	// Its text is nobody's to give but its writer's; from there it still comes.
	const late = await receive(bob.desk, bob.own.account, admission, [bundle]);
	expect(late.stored).toHaveLength(1);
	expect(await textsOf(bob)).toEqual(['I am here', 'answer', 'for alice alone', 'hello']);
});

async function hearAt(world: Weeks['world'], { desk, own }: Person): Promise<void> {
	await own.refresh();
	await listen(desk, own.account, { once: true, onKnock: () => undefined });
	await collectWaiting(desk, own.account, null);
	await drainOutbox(desk, own.account);
	await world.pass(HOUR);
}

async function forge({ desk, own }: Person, thread: ThreadId): Promise<EntryBundle> {
	const replica = await exclusiveThread(desk, thread, () => loadReplica(desk, own.account, thread));
	if (replica === null) throw new Error('a thread');
	const { me } = own.account;
	const mail = {
		...{ from: { root: me.root, name: 'mallory' }, to: [], cc: [], subject: 'psst' },
		...{ date: desk.now(), text: 'for alice alone', attachments: [], answers: [] }
	};
	return forgeEntry({ ports: threadPorts(desk), me, open: replica.state }, { body: { mail } });
}
