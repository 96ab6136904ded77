/** Blind copies: what the others receive does not tell, in any byte, that there was one. */

import { expect, test } from 'vitest';
import { createPerson, introduce, post, take, type Person } from '../../../tests/sim/people.ts';
import { epochFacts } from '../threads/log.ts';
import { openBundles } from '../threads/receive.ts';
import { shownMessages } from '../threads/shown.ts';
import { concat, utf8 } from '../wire/bytes.ts';
import { encodeFields } from '../wire/codec.ts';
import type { Notice } from '../wire/notice.ts';
import { noticeDecoder } from '../wire/notice.ts';
import { openEnvelope } from '../crypto/envelope.ts';
import { threadPorts } from './account.ts';
import { bundlesFor } from './outbox.ts';
import { sealFile } from './files.ts';
import { blocksOfRecord } from './outbox-files.ts';
import { noticeContext, sealKnock } from './knock.ts';
import type { DraftRecord, OutboxRecord } from './records.ts';
import { loadReplica } from './replicas.ts';
import { send } from './send.ts';

const now = () => 1_790_000_000_000;

async function writeWithFile(alice: Person, fields: Pick<DraftRecord, 'to' | 'bcc'>) {
	const content = utf8('x'.repeat(1000));
	const source = (async function* () {
		yield await Promise.resolve(content);
	})();
	const sealed = await sealFile(alice.desk, alice.desk.blocks, source);
	const draft: DraftRecord = {
		id: 'draft',
		kind: 'new',
		...fields,
		cc: [],
		subject: 'Minutes',
		html: '',
		text: 'We paint the stairs in May.',
		files: [{ id: 'f', name: 'plan.txt', type: 'text/plain', size: content.length, sealed }],
		savedAt: 0
	};
	const sent = await send(alice.desk, alice.account, draft);
	if (!sent.ok) throw new Error(sent.problem.kind);
	const outboxes = await alice.desk.store.list('outbox');
	const of = (person: Person) =>
		outboxes.find(({ knocks }) => knocks.some(({ to }) => to === person.account.record.address));
	return { threadId: sent.threadId, of };
}

/** All bytes that reach this person: entries, attachment blocks, notice; and what opens of them. */
async function receivedBy(alice: Person, reader: Person, outbox: OutboxRecord | undefined) {
	if (outbox === undefined) throw new Error('nothing was sent to this person');
	const { suite, store, blocks } = alice.desk;
	const rows = await Promise.all(
		outbox.entries.map((id) => store.get('entry', [outbox.thread, id]))
	);
	const bundles = rows.filter((row) => row !== null);
	const opened = await openBundles(threadPorts(reader.desk), reader.account.me, null, bundles);
	if (opened.state === null) throw new Error('it does not open');
	const mails = shownMessages(opened.state).map(({ mail }) => encodeFields(mail));
	const files = await Promise.all(outbox.blocks.map((id) => blocks.get(id as never)));
	const knock = outbox.knocks[0];
	if (knock === undefined) throw new Error('there is a knock');
	const sealed = await sealKnock(alice.desk, alice.account, outbox.id, knock, {});
	const context = noticeContext(knock.slot, knock.knock);
	const notice = await openEnvelope(
		suite,
		reader.account.reader,
		'notice',
		context,
		sealed?.sealed ?? new Uint8Array()
	);
	const payload = notice?.ok === true ? notice.value.payload : new Uint8Array();
	const wire = bundles.flatMap(({ header, body, wraps }) => [header, body ?? header, ...wraps]);
	const plain = [...mails, payload, ...[...foldStates(opened.state)]];
	return { wire: [...wire, ...files.map((file) => file ?? new Uint8Array())], plain, payload };
}

/** The member list, as it was read. */
function foldStates(state: NonNullable<Awaited<ReturnType<typeof openBundles>>['state']>) {
	const { fold } = state.replica.standing;
	const lines = [...(fold?.members.values() ?? [])].map(({ root, identity }) =>
		concat(utf8(root), identity?.recordBytes ?? utf8(''), identity?.cardBytes ?? utf8(''))
	);
	return [...lines, encodeFields({ ...fold?.open })];
}

function mentions(parts: readonly Uint8Array[], person: Person): boolean {
	const { account } = person;
	const needles = [account.root, utf8(account.record.address), utf8(account.record.name)];
	const whole = Buffer.from(concat(...parts));
	return needles.some((needle) => whole.includes(Buffer.from(needle)));
}

test('nothing that Bob gets names Carol, and it weighs the same as without her', async () => {
	const [alice, bob, carol] = await Promise.all([
		createPerson('Alice', now),
		createPerson('Bob', now),
		createPerson('Carolina', now)
	]);
	await introduce([alice, bob, carol]);
	const to = [bob.account.record.address];
	const withCarol = await writeWithFile(alice, { to, bcc: [carol.account.record.address] });
	const blind = await receivedBy(alice, carol, withCarol.of(carol));
	const bobs = await receivedBy(alice, bob, withCarol.of(bob));
	expect(mentions([...bobs.wire, ...bobs.plain], carol)).toBe(false);
	// The search itself works: Carol's own copy names Bob, and Bob's names Alice.
	expect(mentions(blind.plain, bob)).toBe(true);
	expect(mentions(bobs.plain, alice)).toBe(true);

	await Promise.all(
		(await alice.desk.store.list('outbox')).map(({ id }) =>
			alice.desk.store.commit([{ table: 'outbox', key: [id], remove: true }])
		)
	);
	const without = await writeWithFile(alice, { to, bcc: [] });
	const plain = await receivedBy(alice, bob, without.of(bob));
	expect(bobs.wire.map(({ length }) => length)).toEqual(plain.wire.map(({ length }) => length));
	const heads = (payload: Uint8Array): Notice => {
		const notice = noticeDecoder.decode(payload);
		if (!notice.ok) throw new Error(notice.reason);
		return notice.value;
	};
	expect(heads(bobs.payload).heads.length).toBe(heads(plain.payload).heads.length);
});

test('a holder cannot tell that both copies are one mail: they share no block', async () => {
	const [alice, bob, carol] = await Promise.all([
		createPerson('Alice', now),
		createPerson('Bob', now),
		createPerson('Carolina', now)
	]);
	await introduce([alice, bob, carol]);
	const sent = await writeWithFile(alice, {
		to: [bob.account.record.address],
		bcc: [carol.account.record.address]
	});
	const [main, side] = [sent.of(bob), sent.of(carol)];
	expect(main?.thread).not.toBe(side?.thread);
	const [own, others] = await Promise.all(
		[main, side].map((record) => (record ? blocksOfRecord(alice.desk, record) : []))
	);
	expect(own).toHaveLength(2);
	expect(new Set([...(own ?? []), ...(others ?? [])]).size).toBe(4);
	const [bobs, carols] = [await receivedBy(alice, bob, main), await receivedBy(alice, carol, side)];
	const texts = new Set(bobs.wire.map((part) => Buffer.from(part).toString('hex')));
	expect(carols.wire.some((part) => texts.has(Buffer.from(part).toString('hex')))).toBe(false);
});

test("an answer to others in a blind recipient's thread begins one that does not name it", async () => {
	const alice = await createPerson('alice', now);
	const bob = await createPerson('bob', now);
	const carol = await createPerson('carol', now);
	await introduce([alice, bob, carol]);
	const [to, bcc] = [bob, carol].map(({ account }) => [account.record.address]);
	const { of } = await writeWithFile(alice, { to: to ?? [], bcc: bcc ?? [] });
	const side = of(carol)?.thread;
	if (side === undefined) throw new Error('carol has a thread of her own');
	const sent = await send(alice.desk, alice.account, {
		...{ id: 'answer', kind: 'replyAll', thread: side, to: to ?? [], cc: [], bcc: [] },
		...{ subject: 'Re: Minutes', html: '', text: 'And the door.', files: [], history: 'all' },
		savedAt: 0
	});
	if (!sent.ok) throw new Error(sent.problem.kind);
	expect(sent.threadId).not.toBe(side);
	const made = await loadReplica(alice.desk, alice.account, sent.threadId);
	expect(made?.state.replica.standing.fold?.previous).toBeNull();
});

test('a blind recipient names the thread to nobody, also before its text has come', async () => {
	const people = [
		await createPerson('Alice', now),
		await createPerson('Bob', now),
		await createPerson('Carol', now)
	] as const;
	const [alice, bob, carol] = people;
	await introduce(people);
	await post(alice, [carol], { bcc: [bob.account.record.address] });
	const { address } = bob.account.record;
	const side = (await alice.desk.store.list('outbox')).find(({ knocks }) =>
		knocks.some(({ to }) => to === address)
	);
	if (side === undefined) throw new Error('there is a side thread');
	const bundles = await bundlesFor(alice.desk, side, address);
	const outline = bundles.map((one, at) =>
		at < bundles.length - 1 ? one : { ...one, body: null, later: true as const }
	);
	await take(bob, alice, outline);
	const answer = { kind: 'replyAll', thread: side.thread, text: 'I saw it' } as const;
	const sent = await post(bob, [alice, carol], answer);
	expect(sent.threadId).not.toBe(side.thread);
	const made = await loadReplica(bob.desk, bob.account, sent.threadId);
	const epoch = made && epochFacts(made.state.replica.view)[0];
	expect(epoch?.list.previous ?? null).toBeNull();
});
