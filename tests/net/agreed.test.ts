/** Replicas that have no more to give each other say one word over their threads, and are silent. */

import { beforeEach, expect, test } from 'vitest';
import { withdraw } from '../../src/lib/post/withdraw.ts';
import { dropTexts, textsIn } from '../../src/lib/post/texts.ts';
import { dropReplica } from '../../src/lib/post/replicas.ts';
import type { ThreadId } from '../../src/lib/wire/ids.ts';
import { bundlesOf, createPerson, introduce, post, take, type Person } from '../sim/people.ts';
import { countFrames, meetOnce } from './support/persons.ts';

const SILENCE = { ranges: 1 };

let clock = 1_790_000_000_000;
let alice: Person, bob: Person, carol: Person;
let thread: ThreadId;

beforeEach(async () => {
	const now = () => clock++;
	alice = await createPerson('Alice', now);
	bob = await createPerson('Bob', now);
	carol = await createPerson('Carol', now);
	await introduce([alice, bob, carol]);
	const first = await post(alice, [bob, carol], { text: 'first' });
	thread = first.threadId;
	for (const each of [bob, carol]) await take(each, alice, await bundlesOf(alice, first));
});

const answer = (text: string) => ({ kind: 'replyAll', thread, text }) as const;

async function textsOf({ desk }: Person): Promise<string[]> {
	return (await desk.store.list('message', [thread])).map(({ mail }) => mail.text).sort();
}

test('two who have the same', async () => {
	expect(countFrames(await meetOnce(alice, bob))).toEqual(SILENCE);
});

/** Alice takes a message back before Bob has it. Carol has it, and what takes it back. */
async function takeBack(): Promise<void> {
	const second = await post(alice, [bob, carol], answer('second'));
	await take(carol, alice, await bundlesOf(alice, second));
	expect(await withdraw(alice.desk, alice.account, thread, second.messageId)).toEqual({ ok: true });
}

test('a header whose message was taken back is no difference that lasts', async () => {
	await takeBack();
	const first = countFrames(await meetOnce(alice, bob));
	expect(first).toMatchObject({ entries: 1, bare: 1 });
	expect(countFrames(await meetOnce(alice, bob))).toEqual(SILENCE);
	expect(countFrames(await meetOnce(bob, alice))).toEqual(SILENCE);
	expect(await textsOf(bob)).toEqual(['first']);
});

test('nor with one who read it before, and was told that it was taken back', async () => {
	await takeBack();
	await meetOnce(alice, carol);
	await meetOnce(alice, bob);
	await meetOnce(carol, bob);
	expect(countFrames(await meetOnce(carol, bob))).toEqual(SILENCE);
	expect(countFrames(await meetOnce(bob, carol))).toEqual(SILENCE);
	expect(countFrames(await meetOnce(alice, carol))).toEqual(SILENCE);
	expect(await textsOf(bob)).toEqual(['first']);
});

/** Alice lets go of all texts of the thread; Bob was away when the second was written. */
async function letGo(): Promise<void> {
	const second = await post(alice, [bob, carol], answer('second'));
	await take(carol, alice, await bundlesOf(alice, second));
	const texts = await textsIn(alice.desk, alice.account, thread);
	await alice.desk.store.commit(await dropTexts(alice.desk, thread, texts));
	dropReplica(alice.desk.store, thread);
}

test('nor is one that its holder has let go of; from another the text still comes', async () => {
	await letGo();
	await meetOnce(bob, alice);
	expect(countFrames(await meetOnce(bob, alice))).toEqual(SILENCE);
	expect(await textsOf(bob)).toEqual(['first']);
	await meetOnce(bob, carol);
	expect(await textsOf(bob)).toEqual(['first', 'second']);
	// Bob has it now, Alice counts it as before: one word, and they agree again.
	await meetOnce(bob, alice);
	expect(countFrames(await meetOnce(alice, bob))).toEqual(SILENCE);
});

test('what is written after it comes as ever', async () => {
	await takeBack();
	await meetOnce(alice, bob);
	await post(alice, [bob, carol], answer('third'));
	await meetOnce(bob, alice);
	expect(await textsOf(bob)).toEqual(['first', 'third']);
	expect(countFrames(await meetOnce(bob, alice))).toEqual(SILENCE);
	expect(countFrames(await meetOnce(await alice.otherTab(), await bob.otherTab()))).toEqual(
		SILENCE
	);
});
