/** One member's flood stops where it fills a thread; what others write comes as ever. */

import { beforeEach, expect, test, vi } from 'vitest';
import {
	bundlesOf,
	createPerson,
	deliver,
	introduce,
	post,
	take,
	type Person
} from '../../../tests/sim/people.ts';
import { entryIdOf, type EntryBundle } from '../wire/entry.ts';
import type { ThreadId } from '../wire/ids.ts';

const MOST = 12;

vi.mock(import('../wire/limits.ts'), async (importOriginal) => {
	const { LIMITS } = await importOriginal();
	return { LIMITS: { ...LIMITS, entriesFromMember: 12 as typeof LIMITS.entriesFromMember } };
});

let clock = 1_790_000_000_000;
let alice: Person, bob: Person, mallory: Person;
let thread: ThreadId;

beforeEach(async () => {
	const now = () => clock++;
	alice = await createPerson('Alice', now);
	bob = await createPerson('Bob', now);
	mallory = await createPerson('Mallory', now);
	await introduce([alice, bob, mallory]);
	thread = (await post(alice, [bob, mallory], { text: 'hello' })).threadId;
	await deliver(alice, [bob, mallory]);
});

const answer = async (from: Person, to: readonly Person[], text: string) =>
	bundlesOf(from, await post(from, to, { kind: 'replyAll', thread, text }));

async function shown({ desk }: Person) {
	const rows = await desk.store.list('message', [thread]);
	const record = await desk.store.get('thread', [thread]);
	const refusals = await desk.store.get('refusal', ['rate-limited']);
	return {
		texts: rows.length,
		overfull: record?.overfull ?? [],
		refused: refusals?.count ?? 0
	};
}

test('after so many entries nothing new of theirs is taken, they hear it, and it is said', async () => {
	const [{ address }] = [mallory.account.record];
	for (let i = 0; i < 2 * MOST; i++) {
		const last = await answer(mallory, [alice, bob], String(i));
		const { refused } = await take(alice, mallory, last);
		if (refused.length === 0) continue;
		expect(refused[0]).toEqual({
			id: entryIdOf(last[0]?.header ?? never()),
			reason: 'rate-limited'
		});
	}
	const after = await shown(alice);
	expect(after.texts).toBeLessThanOrEqual(MOST + 1);
	expect(after.overfull).toEqual([address]);
	expect(after.refused).toBeGreaterThan(0);
	// Others are heard.
	await take(alice, bob, await answer(bob, [alice, mallory], 'still here'));
	expect((await shown(alice)).texts).toBe(after.texts + 1);
});

test('headers without texts count, and texts that come for known ones are taken', async () => {
	const all: EntryBundle[] = [];
	for (let i = 0; i < 2 * MOST; i++) all.push(...(await answer(mallory, [alice, bob], String(i))));
	for (const one of all) await take(alice, mallory, [{ ...one, body: null }]);
	const kept = await alice.desk.store.list('entry', [thread]);
	expect(kept.length).toBeLessThanOrEqual(MOST + 3);
	await take(alice, mallory, all);
	expect((await shown(alice)).texts).toBeGreaterThan(MOST / 2);
	expect((await shown(alice)).texts).toBeLessThanOrEqual(MOST + 1);
});

function never(): never {
	throw new Error('something was written');
}
